import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of scheduling.k8s.io v1. */
export const schedulingV1: GroupVersionData = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  priority: { group: 16600, version: 15 },
  definitionPrefix: 'io.k8s.api.scheduling.v1',
  goPackage: 'k8s.io/api/scheduling/v1',
  protoPackage: 'k8s.io.api.scheduling.v1',
  resources: {
    priorityclasses: {
      kind: 'PriorityClass',
      singular: 'priorityclass',
      clusterScoped: true,
      shortNames: ['pc'],
      storageVersionHash: '1QwjyaZjj3Y=',
      lifecycle: { introduced: '1.14' },
      fieldSelectors: ['metadata.namespace'],
    },
  },
  types: {
    PriorityClass: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        value: { id: 2, type: 'int32', emit: 'always' },
        globalDefault: { id: 3, type: 'bool' },
        description: { id: 4, type: 'string' },
        preemptionPolicy: {
          id: 5,
          type: '*string',
          goType: 'v1.PreemptionPolicy',
          enum: ['Never', 'PreemptLowerPriority'],
        },
      },
    },
  },
}
