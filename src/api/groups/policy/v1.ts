import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of policy v1. */
export const policyV1: GroupVersionData = {
  group: 'policy',
  version: 'v1',
  priority: { group: 17100, version: 15 },
  definitionPrefix: 'io.k8s.api.policy.v1',
  goPackage: 'k8s.io/api/policy/v1',
  protoPackage: 'k8s.io.api.policy.v1',
  resources: {
    poddisruptionbudgets: {
      kind: 'PodDisruptionBudget',
      singular: 'poddisruptionbudget',
      shortNames: ['pdb'],
      storageVersionHash: 'EVWiDmWqyJw=',
      lifecycle: { introduced: '1.21' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    Eviction: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        deleteOptions: { id: 2, type: '*meta/v1.DeleteOptions' },
      },
    },
    PodDisruptionBudget: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PodDisruptionBudgetSpec' },
        status: { id: 3, type: 'PodDisruptionBudgetStatus' },
      },
    },
    PodDisruptionBudgetSpec: {
      fields: {
        minAvailable: { id: 1, type: '*intOrString' },
        selector: { id: 2, type: '*meta/v1.LabelSelector', patch: 'replace' },
        maxUnavailable: { id: 3, type: '*intOrString' },
        unhealthyPodEvictionPolicy: {
          id: 4,
          type: '*string',
          goType: 'v1.UnhealthyPodEvictionPolicyType',
          enum: ['AlwaysAllow', 'IfHealthyBudget'],
        },
      },
    },
    PodDisruptionBudgetStatus: {
      fields: {
        observedGeneration: { id: 1, type: 'int64' },
        disruptedPods: { id: 2, type: 'map[string]time' },
        disruptionsAllowed: { id: 3, type: 'int32', emit: 'always' },
        currentHealthy: { id: 4, type: 'int32', emit: 'always' },
        desiredHealthy: { id: 5, type: 'int32', emit: 'always' },
        expectedPods: { id: 6, type: 'int32', emit: 'always' },
        conditions: {
          id: 7,
          type: '[]meta/v1.Condition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
  },
}
