import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of node.k8s.io v1. */
export const nodeV1: GroupVersionData = {
  group: 'node.k8s.io',
  version: 'v1',
  priority: { group: 16300, version: 15 },
  definitionPrefix: 'io.k8s.api.node.v1',
  goPackage: 'k8s.io/api/node/v1',
  protoPackage: 'k8s.io.api.node.v1',
  resources: {
    runtimeclasses: {
      kind: 'RuntimeClass',
      singular: 'runtimeclass',
      clusterScoped: true,
      storageVersionHash: 'WQTu1GL3T2Q=',
      lifecycle: { introduced: '1.20' },
      fieldSelectors: ['metadata.namespace'],
    },
  },
  types: {
    Overhead: {
      fields: {
        podFixed: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
      },
    },
    RuntimeClass: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        handler: {
          id: 2,
          type: 'string',
          required: true,
          rules: { format: 'k8s-short-name', immutable: true, required: true },
        },
        overhead: { id: 3, type: '*Overhead' },
        scheduling: { id: 4, type: '*Scheduling' },
      },
    },
    Scheduling: {
      fields: {
        nodeSelector: { id: 1, type: 'map[string]string', mapType: 'atomic' },
        tolerations: { id: 2, type: '[]core/v1.Toleration', listType: 'atomic' },
      },
    },
  },
}
