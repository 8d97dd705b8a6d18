import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of apps v1. */
export const appsV1: GroupVersionData = {
  group: 'apps',
  version: 'v1',
  priority: { group: 17800, version: 15 },
  definitionPrefix: 'io.k8s.api.apps.v1',
  goPackage: 'k8s.io/api/apps/v1',
  protoPackage: 'k8s.io.api.apps.v1',
  resources: {
    controllerrevisions: {
      kind: 'ControllerRevision',
      singular: 'controllerrevision',
      storageVersionHash: '85nkx63pcBU=',
      lifecycle: { introduced: '1.9' },
    },
    daemonsets: {
      kind: 'DaemonSet',
      singular: 'daemonset',
      shortNames: ['ds'],
      categories: ['all'],
      storageVersionHash: 'dd7pWHUlMKQ=',
      lifecycle: { introduced: '1.9' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    deployments: {
      kind: 'Deployment',
      singular: 'deployment',
      shortNames: ['deploy'],
      categories: ['all'],
      storageVersionHash: '8aSe+NMegvE=',
      lifecycle: { introduced: '1.9' },
      subresources: {
        scale: { verbs: ['get', 'patch', 'update'], kind: 'Scale', kindGroup: 'autoscaling', kindVersion: 'v1' },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    replicasets: {
      kind: 'ReplicaSet',
      singular: 'replicaset',
      shortNames: ['rs'],
      categories: ['all'],
      storageVersionHash: 'P1RzHs8/mWQ=',
      lifecycle: { introduced: '1.9' },
      subresources: {
        scale: { verbs: ['get', 'patch', 'update'], kind: 'Scale', kindGroup: 'autoscaling', kindVersion: 'v1' },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    statefulsets: {
      kind: 'StatefulSet',
      singular: 'statefulset',
      shortNames: ['sts'],
      categories: ['all'],
      storageVersionHash: 'H+vl74LkKdo=',
      lifecycle: { introduced: '1.9' },
      subresources: {
        scale: { verbs: ['get', 'patch', 'update'], kind: 'Scale', kindGroup: 'autoscaling', kindVersion: 'v1' },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    ControllerRevision: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        data: { id: 2, type: 'rawExtension' },
        revision: { id: 3, type: 'int64', required: true },
      },
    },
    DaemonSet: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'DaemonSetSpec' },
        status: { id: 3, type: 'DaemonSetStatus' },
      },
    },
    DaemonSetCondition: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.DaemonSetConditionType', required: true },
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
    DaemonSetSpec: {
      fields: {
        selector: { id: 1, type: '*meta/v1.LabelSelector', required: true },
        template: { id: 2, type: 'core/v1.PodTemplateSpec', required: true },
        updateStrategy: { id: 3, type: 'DaemonSetUpdateStrategy' },
        minReadySeconds: { id: 4, type: 'int32' },
        revisionHistoryLimit: { id: 6, type: '*int32' },
      },
    },
    DaemonSetStatus: {
      fields: {
        currentNumberScheduled: { id: 1, type: 'int32', required: true },
        numberMisscheduled: { id: 2, type: 'int32', required: true },
        desiredNumberScheduled: { id: 3, type: 'int32', required: true },
        numberReady: { id: 4, type: 'int32', required: true },
        observedGeneration: { id: 5, type: 'int64' },
        updatedNumberScheduled: { id: 6, type: 'int32' },
        numberAvailable: { id: 7, type: 'int32' },
        numberUnavailable: { id: 8, type: 'int32' },
        collisionCount: { id: 9, type: '*int32' },
        conditions: {
          id: 10,
          type: '[]DaemonSetCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    DaemonSetUpdateStrategy: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.DaemonSetUpdateStrategyType', enum: ['OnDelete', 'RollingUpdate'] },
        rollingUpdate: { id: 2, type: '*RollingUpdateDaemonSet' },
      },
    },
    Deployment: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'DeploymentSpec' },
        status: { id: 3, type: 'DeploymentStatus' },
      },
    },
    DeploymentCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.DeploymentConditionType',
          required: true,
          values: ['Available', 'Progressing', 'ReplicaFailure'],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastUpdateTime: { id: 6, type: 'time' },
        lastTransitionTime: { id: 7, type: 'time' },
        reason: { id: 4, type: 'string' },
        message: { id: 5, type: 'string' },
      },
    },
    DeploymentSpec: {
      fields: {
        replicas: { id: 1, type: '*int32' },
        selector: { id: 2, type: '*meta/v1.LabelSelector', required: true },
        template: { id: 3, type: 'core/v1.PodTemplateSpec', required: true },
        strategy: { id: 4, type: 'DeploymentStrategy', patch: 'retainKeys' },
        minReadySeconds: { id: 5, type: 'int32' },
        revisionHistoryLimit: { id: 6, type: '*int32' },
        paused: { id: 7, type: 'bool' },
        progressDeadlineSeconds: { id: 9, type: '*int32' },
      },
    },
    DeploymentStatus: {
      fields: {
        observedGeneration: { id: 1, type: 'int64' },
        replicas: { id: 2, type: 'int32' },
        updatedReplicas: { id: 3, type: 'int32' },
        readyReplicas: { id: 7, type: 'int32' },
        availableReplicas: { id: 4, type: 'int32' },
        unavailableReplicas: { id: 5, type: 'int32' },
        terminatingReplicas: { id: 9, type: '*int32' },
        conditions: {
          id: 6,
          type: '[]DeploymentCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
        collisionCount: { id: 8, type: '*int32' },
      },
    },
    DeploymentStrategy: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.DeploymentStrategyType', enum: ['Recreate', 'RollingUpdate'] },
        rollingUpdate: { id: 2, type: '*RollingUpdateDeployment' },
      },
    },
    ReplicaSet: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ReplicaSetSpec' },
        status: { id: 3, type: 'ReplicaSetStatus' },
      },
    },
    ReplicaSetCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.ReplicaSetConditionType',
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
    ReplicaSetSpec: {
      fields: {
        replicas: { id: 1, type: '*int32' },
        minReadySeconds: { id: 4, type: 'int32' },
        selector: { id: 2, type: '*meta/v1.LabelSelector', required: true },
        template: { id: 3, type: 'core/v1.PodTemplateSpec' },
      },
    },
    ReplicaSetStatus: {
      fields: {
        replicas: { id: 1, type: 'int32', required: true },
        fullyLabeledReplicas: { id: 2, type: 'int32' },
        readyReplicas: { id: 4, type: 'int32' },
        availableReplicas: { id: 5, type: 'int32' },
        terminatingReplicas: { id: 7, type: '*int32' },
        observedGeneration: { id: 3, type: 'int64' },
        conditions: {
          id: 6,
          type: '[]ReplicaSetCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    RollingUpdateDaemonSet: {
      fields: {
        maxUnavailable: { id: 1, type: '*intOrString' },
        maxSurge: { id: 2, type: '*intOrString' },
      },
    },
    RollingUpdateDeployment: {
      fields: {
        maxUnavailable: { id: 1, type: '*intOrString' },
        maxSurge: { id: 2, type: '*intOrString' },
      },
    },
    RollingUpdateStatefulSetStrategy: {
      fields: {
        partition: { id: 1, type: '*int32' },
        maxUnavailable: { id: 2, type: '*intOrString', gate: 'MaxUnavailableStatefulSet' },
      },
    },
    StatefulSet: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'StatefulSetSpec' },
        status: { id: 3, type: 'StatefulSetStatus' },
      },
    },
    StatefulSetCondition: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.StatefulSetConditionType', required: true },
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
    StatefulSetOrdinals: {
      fields: {
        start: { id: 1, type: 'int32', emit: 'always' },
      },
    },
    StatefulSetPersistentVolumeClaimRetentionPolicy: {
      fields: {
        whenDeleted: {
          id: 1,
          type: 'string',
          goType: 'v1.PersistentVolumeClaimRetentionPolicyType',
          values: ['Retain', 'Delete'],
        },
        whenScaled: {
          id: 2,
          type: 'string',
          goType: 'v1.PersistentVolumeClaimRetentionPolicyType',
          values: ['Retain', 'Delete'],
        },
      },
    },
    StatefulSetSpec: {
      fields: {
        replicas: { id: 1, type: '*int32' },
        selector: { id: 2, type: '*meta/v1.LabelSelector', required: true },
        template: { id: 3, type: 'core/v1.PodTemplateSpec', required: true },
        volumeClaimTemplates: { id: 4, type: '[]core/v1.PersistentVolumeClaim', listType: 'atomic' },
        serviceName: { id: 5, type: 'string', emit: 'always' },
        podManagementPolicy: {
          id: 6,
          type: 'string',
          goType: 'v1.PodManagementPolicyType',
          enum: ['OrderedReady', 'Parallel'],
        },
        updateStrategy: { id: 7, type: 'StatefulSetUpdateStrategy' },
        revisionHistoryLimit: { id: 8, type: '*int32' },
        minReadySeconds: { id: 9, type: 'int32' },
        persistentVolumeClaimRetentionPolicy: { id: 10, type: '*StatefulSetPersistentVolumeClaimRetentionPolicy' },
        ordinals: { id: 11, type: '*StatefulSetOrdinals' },
      },
    },
    StatefulSetStatus: {
      fields: {
        observedGeneration: { id: 1, type: 'int64' },
        replicas: { id: 2, type: 'int32', required: true },
        readyReplicas: { id: 3, type: 'int32' },
        currentReplicas: { id: 4, type: 'int32' },
        updatedReplicas: { id: 5, type: 'int32' },
        currentRevision: { id: 6, type: 'string' },
        updateRevision: { id: 7, type: 'string' },
        collisionCount: { id: 9, type: '*int32' },
        conditions: {
          id: 10,
          type: '[]StatefulSetCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
        availableReplicas: { id: 11, type: 'int32', emit: 'always' },
      },
    },
    StatefulSetUpdateStrategy: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.StatefulSetUpdateStrategyType',
          enum: ['OnDelete', 'RollingUpdate'],
        },
        rollingUpdate: { id: 2, type: '*RollingUpdateStatefulSetStrategy' },
      },
    },
  },
}
