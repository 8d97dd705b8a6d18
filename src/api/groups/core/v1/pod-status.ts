import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: what is told of pods. */
export const podStatus: GroupVersionPart = {
  types: {
    ContainerExtendedResourceRequest: {
      fields: {
        containerName: { id: 1, type: 'string', required: true },
        resourceName: { id: 2, type: 'string', required: true },
        requestName: { id: 3, type: 'string', required: true },
      },
    },
    HostIP: {
      fields: {
        ip: { id: 1, type: 'string', required: true },
      },
    },
    NodeAllocatableResourceClaimStatus: {
      fields: {
        resourceClaimName: { id: 1, type: 'string', required: true },
        containers: { id: 2, type: '[]string', listType: 'set' },
        resources: {
          id: 3,
          type: 'map[string]quantity',
          goType: 'map[v1.ResourceName]resource.Quantity',
          required: true,
        },
      },
    },
    PodCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.PodConditionType',
          required: true,
          values: [
            'ContainersReady',
            'Initialized',
            'Ready',
            'PodScheduled',
            'DisruptionTarget',
            'PodReadyToStartContainers',
            'PodResizePending',
            'PodResizeInProgress',
            'AllContainersRestarting',
          ],
        },
        observedGeneration: { id: 7, type: 'int64' },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastProbeTime: { id: 3, type: 'time' },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    PodExtendedResourceClaimStatus: {
      fields: {
        requestMappings: { id: 1, type: '[]ContainerExtendedResourceRequest', required: true, listType: 'atomic' },
        resourceClaimName: { id: 2, type: 'string', required: true },
      },
    },
    PodIP: {
      fields: {
        ip: { id: 1, type: 'string', required: true },
      },
    },
    PodResourceClaimStatus: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        resourceClaimName: { id: 2, type: '*string' },
      },
    },
    PodStatus: {
      fields: {
        observedGeneration: { id: 17, type: 'int64' },
        phase: {
          id: 1,
          type: 'string',
          goType: 'v1.PodPhase',
          enum: ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'],
        },
        conditions: {
          id: 2,
          type: '[]PodCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
        message: { id: 3, type: 'string' },
        reason: { id: 4, type: 'string' },
        nominatedNodeName: { id: 11, type: 'string' },
        hostIP: { id: 5, type: 'string' },
        hostIPs: { id: 16, type: '[]HostIP', listType: 'atomic', patch: 'merge', mergeKey: 'ip' },
        podIP: { id: 6, type: 'string' },
        podIPs: { id: 12, type: '[]PodIP', listType: 'map', keys: ['ip'], patch: 'merge', mergeKey: 'ip' },
        startTime: { id: 7, type: '*time' },
        initContainerStatuses: { id: 10, type: '[]ContainerStatus', listType: 'atomic' },
        containerStatuses: { id: 8, type: '[]ContainerStatus', listType: 'atomic' },
        qosClass: { id: 9, type: 'string', goType: 'v1.PodQOSClass', enum: ['BestEffort', 'Burstable', 'Guaranteed'] },
        ephemeralContainerStatuses: { id: 13, type: '[]ContainerStatus', listType: 'atomic' },
        resize: {
          id: 14,
          type: 'string',
          goType: 'v1.PodResizeStatus',
          values: ['InProgress', 'Deferred', 'Infeasible'],
          gate: 'InPlacePodVerticalScaling',
        },
        resourceClaimStatuses: {
          id: 15,
          type: '[]PodResourceClaimStatus',
          listType: 'map',
          keys: ['name'],
          patch: 'merge,retainKeys',
          mergeKey: 'name',
          gate: 'DynamicResourceAllocation',
        },
        extendedResourceClaimStatus: { id: 18, type: '*PodExtendedResourceClaimStatus', gate: 'DRAExtendedResource' },
        allocatedResources: {
          id: 19,
          type: 'map[string]quantity',
          goType: 'v1.ResourceList',
          gate: 'InPlacePodLevelResourcesVerticalScaling',
        },
        resources: { id: 20, type: '*ResourceRequirements', gate: 'InPlacePodLevelResourcesVerticalScaling' },
        nodeAllocatableResourceClaimStatuses: {
          id: 21,
          type: '[]NodeAllocatableResourceClaimStatus',
          listType: 'atomic',
          gate: 'DRANodeAllocatableResources',
        },
      },
    },
    PodStatusResult: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        status: { id: 2, type: 'PodStatus' },
      },
    },
  },
}
