import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: replication controllers. */
export const replicationController: GroupVersionPart = {
  resources: {
    replicationcontrollers: {
      kind: 'ReplicationController',
      singular: 'replicationcontroller',
      shortNames: ['rc'],
      categories: ['all'],
      storageVersionHash: 'Jond2If31h0=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['status.replicas'],
      subresources: {
        scale: { verbs: ['get', 'patch', 'update'], kind: 'Scale', kindGroup: 'autoscaling', kindVersion: 'v1' },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    ReplicationController: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ReplicationControllerSpec' },
        status: { id: 3, type: 'ReplicationControllerStatus' },
      },
    },
    ReplicationControllerCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.ReplicationControllerConditionType',
          required: true,
          values: ['ReplicaFailure'],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastTransitionTime: { id: 3, type: 'time' },
        reason: { id: 4, type: 'string' },
        message: { id: 5, type: 'string' },
      },
    },
    ReplicationControllerSpec: {
      fields: {
        replicas: { id: 1, type: '*int32', default: 1, rules: { optional: true, minimum: '0' } },
        minReadySeconds: { id: 4, type: 'int32', default: 0, rules: { optional: true, minimum: '0' } },
        selector: { id: 2, type: 'map[string]string', mapType: 'atomic' },
        template: { id: 3, type: '*PodTemplateSpec' },
      },
    },
    ReplicationControllerStatus: {
      fields: {
        replicas: { id: 1, type: 'int32', required: true },
        fullyLabeledReplicas: { id: 2, type: 'int32' },
        readyReplicas: { id: 4, type: 'int32' },
        availableReplicas: { id: 5, type: 'int32' },
        observedGeneration: { id: 3, type: 'int64' },
        conditions: {
          id: 6,
          type: '[]ReplicationControllerCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
  },
}
