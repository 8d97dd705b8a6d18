import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of metrics.k8s.io v1beta1: what nodes and pods use, computed and never stored. */
export const metricsV1beta1: GroupVersionData = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  priority: { group: 100, version: 100 },
  replaceable: true,
  definitionPrefix: 'io.k8s.metrics.pkg.apis.metrics.v1beta1',
  goPackage: 'k8s.io/metrics/pkg/apis/metrics/v1beta1',
  protoPackage: 'k8s.io.metrics.pkg.apis.metrics.v1beta1',
  resources: {
    nodes: {
      kind: 'NodeMetrics',
      singular: '',
      clusterScoped: true,
      verbs: ['get', 'list'],
      enabledByDefault: false,
    },
    pods: {
      kind: 'PodMetrics',
      singular: '',
      verbs: ['get', 'list'],
      enabledByDefault: false,
    },
  },
  types: {
    ContainerMetrics: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        usage: { id: 2, type: 'map[string]quantity', required: true },
      },
    },
    NodeMetrics: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        timestamp: { id: 2, type: 'time', required: true },
        window: { id: 3, type: 'duration', required: true },
        usage: { id: 4, type: 'map[string]quantity', required: true },
      },
    },
    PodMetrics: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        timestamp: { id: 2, type: 'time', required: true },
        window: { id: 3, type: 'duration', required: true },
        containers: { id: 4, type: '[]ContainerMetrics', required: true, listType: 'atomic' },
      },
    },
  },
}
