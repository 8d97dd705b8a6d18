import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of resource.k8s.io v1. */
export const resourceV1: GroupVersionData = {
  group: 'resource.k8s.io',
  version: 'v1',
  priority: { group: 16200, version: 21 },
  definitionPrefix: 'io.k8s.api.resource.v1',
  goPackage: 'k8s.io/api/resource/v1',
  protoPackage: 'k8s.io.api.resource.v1',
  resources: {
    deviceclasses: {
      kind: 'DeviceClass',
      singular: 'deviceclass',
      clusterScoped: true,
      storageVersionHash: 'Yk2PTc1Ybxk=',
      lifecycle: { introduced: '1.34' },
      fieldSelectors: ['metadata.namespace'],
    },
    resourceclaims: {
      kind: 'ResourceClaim',
      singular: 'resourceclaim',
      storageVersionHash: 'wgAZaHcZxUg=',
      lifecycle: { introduced: '1.34' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    resourceclaimtemplates: {
      kind: 'ResourceClaimTemplate',
      singular: 'resourceclaimtemplate',
      storageVersionHash: 'TuzjC49aUfM=',
      lifecycle: { introduced: '1.34' },
    },
    resourceslices: {
      kind: 'ResourceSlice',
      singular: 'resourceslice',
      clusterScoped: true,
      storageVersionHash: 'KsC072WgaEY=',
      lifecycle: { introduced: '1.34' },
      fieldSelectors: ['spec.driver', 'spec.nodeName'],
    },
  },
  types: {
    AllocatedDeviceStatus: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        pool: { id: 2, type: 'string', required: true },
        device: { id: 3, type: 'string', required: true },
        shareID: {
          id: 7,
          type: '*string',
          gate: 'DRAConsumableCapacity',
          rules: { optional: true, format: 'k8s-uuid' },
        },
        conditions: { id: 4, type: '[]meta/v1.Condition', emit: 'always', listType: 'map', keys: ['type'] },
        data: { id: 5, type: '*rawExtension' },
        networkData: { id: 6, type: '*NetworkDeviceData', rules: { optional: true } },
      },
    },
    AllocationResult: {
      fields: {
        devices: { id: 1, type: 'DeviceAllocationResult' },
        nodeSelector: { id: 3, type: '*core/v1.NodeSelector' },
        allocationTimestamp: { id: 5, type: '*time', gate: 'DRADeviceBindingConditions,DRAResourceClaimDeviceStatus' },
      },
    },
    CELDeviceSelector: {
      fields: {
        expression: { id: 1, type: 'string', required: true },
      },
    },
    CapacityRequestPolicy: {
      fields: {
        default: { id: 1, type: '*quantity', emit: 'always' },
        validValues: { id: 3, type: '[]quantity', listType: 'atomic', oneOf: 'ValidRequestValues' },
        validRange: { id: 4, type: '*CapacityRequestPolicyRange', oneOf: 'ValidRequestValues' },
      },
    },
    CapacityRequestPolicyRange: {
      fields: {
        min: { id: 1, type: '*quantity', required: true, emit: 'nonEmpty' },
        max: { id: 2, type: '*quantity' },
        step: { id: 3, type: '*quantity' },
      },
    },
    CapacityRequirements: {
      fields: {
        requests: { id: 1, type: 'map[string]quantity', goType: 'map[v1.QualifiedName]resource.Quantity' },
      },
    },
    Counter: {
      fields: {
        value: { id: 1, type: 'quantity', required: true },
      },
    },
    CounterSet: {
      fields: {
        name: { id: 1, type: 'string', required: true, rules: { required: true, format: 'k8s-short-name' } },
        counters: { id: 2, type: 'map[string]Counter', required: true, emit: 'nonEmpty', rules: { required: true } },
      },
    },
    Device: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        attributes: {
          id: 2,
          type: 'map[string]DeviceAttribute',
          goType: 'map[v1.QualifiedName]v1.DeviceAttribute',
          rules: { optional: true },
        },
        capacity: { id: 3, type: 'map[string]DeviceCapacity', goType: 'map[v1.QualifiedName]v1.DeviceCapacity' },
        consumesCounters: {
          id: 4,
          type: '[]DeviceCounterConsumption',
          listType: 'atomic',
          gate: 'DRAPartitionableDevices',
          rules: { optional: true, unique: 'map', listMapKey: 'counterSet', maxItems: '2', listType: 'atomic' },
        },
        nodeName: { id: 5, type: '*string', oneOf: 'DeviceNodeSelection', gate: 'DRAPartitionableDevices' },
        nodeSelector: {
          id: 6,
          type: '*core/v1.NodeSelector',
          oneOf: 'DeviceNodeSelection',
          gate: 'DRAPartitionableDevices',
        },
        allNodes: { id: 7, type: '*bool', oneOf: 'DeviceNodeSelection', gate: 'DRAPartitionableDevices' },
        taints: {
          id: 8,
          type: '[]DeviceTaint',
          listType: 'atomic',
          gate: 'DRADeviceTaints',
          rules: { optional: true },
        },
        bindsToNode: { id: 9, type: '*bool', gate: 'DRADeviceBindingConditions,DRAResourceClaimDeviceStatus' },
        bindingConditions: {
          id: 10,
          type: '[]string',
          listType: 'atomic',
          gate: 'DRADeviceBindingConditions,DRAResourceClaimDeviceStatus',
          rules: { optional: true, maxItems: '4' },
        },
        bindingFailureConditions: {
          id: 11,
          type: '[]string',
          listType: 'atomic',
          gate: 'DRADeviceBindingConditions,DRAResourceClaimDeviceStatus',
          rules: { optional: true, maxItems: '4' },
        },
        allowMultipleAllocations: { id: 12, type: '*bool', gate: 'DRAConsumableCapacity' },
        nodeAllocatableResourceMappings: {
          id: 13,
          type: 'map[string]NodeAllocatableResourceMapping',
          goType: 'map[v1.ResourceName]v1.NodeAllocatableResourceMapping',
          gate: 'DRANodeAllocatableResources',
        },
      },
    },
    DeviceAllocationConfiguration: {
      fields: {
        source: {
          id: 1,
          type: 'string',
          goType: 'v1.AllocationConfigSource',
          required: true,
          enum: ['FromClaim', 'FromClass'],
          rules: { required: true },
        },
        requests: {
          id: 2,
          type: '[]string',
          listType: 'atomic',
          rules: { optional: true, unique: 'set', maxItems: '32', listType: 'atomic' },
        },
        '...DeviceConfiguration': { id: 3 },
      },
    },
    DeviceAllocationResult: {
      fields: {
        results: {
          id: 1,
          type: '[]DeviceRequestAllocationResult',
          listType: 'atomic',
          rules: { optional: true, maxItems: '32' },
        },
        config: {
          id: 2,
          type: '[]DeviceAllocationConfiguration',
          listType: 'atomic',
          rules: { optional: true, maxItems: '64' },
        },
      },
    },
    DeviceAttribute: {
      fields: {
        int: { id: 2, type: '*int64', rules: { optional: true, unionMember: true } },
        bool: { id: 3, type: '*bool', rules: { optional: true, unionMember: true } },
        string: { id: 4, type: '*string', rules: { optional: true, unionMember: true } },
        version: { id: 5, type: '*string', rules: { optional: true, unionMember: true } },
        ints: {
          id: 6,
          type: '[]int64',
          listType: 'atomic',
          gate: 'DRAListTypeAttributes',
          rules: { listType: 'atomic', optional: true, unionMember: true },
        },
        bools: {
          id: 7,
          type: '[]bool',
          listType: 'atomic',
          gate: 'DRAListTypeAttributes',
          rules: { listType: 'atomic', optional: true, unionMember: true },
        },
        strings: {
          id: 8,
          type: '[]string',
          listType: 'atomic',
          gate: 'DRAListTypeAttributes',
          rules: { listType: 'atomic', optional: true, unionMember: true },
        },
        versions: {
          id: 9,
          type: '[]string',
          listType: 'atomic',
          gate: 'DRAListTypeAttributes',
          rules: { listType: 'atomic', optional: true, unionMember: true },
        },
      },
    },
    DeviceCapacity: {
      fields: {
        value: { id: 1, type: 'quantity', required: true },
        requestPolicy: { id: 2, type: '*CapacityRequestPolicy', gate: 'DRAConsumableCapacity' },
      },
    },
    DeviceClaim: {
      fields: {
        requests: {
          id: 1,
          type: '[]DeviceRequest',
          emit: 'always',
          listType: 'atomic',
          rules: { optional: true, unique: 'map', listMapKey: 'name', maxItems: '32', listType: 'atomic' },
        },
        constraints: {
          id: 2,
          type: '[]DeviceConstraint',
          listType: 'atomic',
          rules: { optional: true, maxItems: '32' },
        },
        config: {
          id: 3,
          type: '[]DeviceClaimConfiguration',
          listType: 'atomic',
          rules: { optional: true, maxItems: '32' },
        },
      },
    },
    DeviceClaimConfiguration: {
      fields: {
        requests: {
          id: 1,
          type: '[]string',
          listType: 'atomic',
          rules: { optional: true, unique: 'set', maxItems: '32', listType: 'atomic' },
        },
        '...DeviceConfiguration': { id: 2 },
      },
    },
    DeviceClass: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'DeviceClassSpec', required: true },
      },
    },
    DeviceClassConfiguration: {
      fields: {
        '...DeviceConfiguration': { id: 1 },
      },
    },
    DeviceClassSpec: {
      fields: {
        selectors: { id: 1, type: '[]DeviceSelector', listType: 'atomic', rules: { optional: true, maxItems: '32' } },
        config: {
          id: 2,
          type: '[]DeviceClassConfiguration',
          listType: 'atomic',
          rules: { optional: true, maxItems: '32' },
        },
        extendedResourceName: {
          id: 4,
          type: '*string',
          gate: 'DRAExtendedResource',
          rules: { optional: true, format: 'k8s-extended-resource-name' },
        },
      },
    },
    DeviceConfiguration: {
      openapi: false,
      fields: {
        opaque: { id: 1, type: '*OpaqueDeviceConfiguration', oneOf: 'ConfigurationType', rules: { optional: true } },
      },
    },
    DeviceConstraint: {
      fields: {
        requests: {
          id: 1,
          type: '[]string',
          listType: 'atomic',
          rules: { optional: true, unique: 'set', maxItems: '32', listType: 'atomic' },
        },
        matchAttribute: {
          id: 2,
          type: '*string',
          goType: 'v1.FullyQualifiedName',
          oneOf: 'ConstraintType',
          rules: { optional: true, format: 'k8s-resource-fully-qualified-name' },
        },
        distinctAttribute: {
          id: 3,
          type: '*string',
          goType: 'v1.FullyQualifiedName',
          oneOf: 'ConstraintType',
          gate: 'DRAConsumableCapacity',
        },
      },
    },
    DeviceCounterConsumption: {
      fields: {
        counterSet: { id: 1, type: 'string', required: true, rules: { required: true, format: 'k8s-short-name' } },
        counters: { id: 2, type: 'map[string]Counter', required: true, emit: 'nonEmpty', rules: { required: true } },
      },
    },
    DeviceRequest: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        exactly: { id: 2, type: '*ExactDeviceRequest', oneOf: 'deviceRequestType', rules: { optional: true } },
        firstAvailable: {
          id: 3,
          type: '[]DeviceSubRequest',
          listType: 'atomic',
          oneOf: 'deviceRequestType',
          gate: 'DRAPrioritizedList',
          rules: { optional: true, unique: 'map', listMapKey: 'name', maxItems: '8', listType: 'atomic' },
        },
      },
    },
    DeviceRequestAllocationResult: {
      fields: {
        request: { id: 1, type: 'string', required: true },
        driver: {
          id: 2,
          type: 'string',
          required: true,
          rules: { format: 'k8s-long-name-caseless', required: true, maxLength: '63' },
        },
        pool: { id: 3, type: 'string', required: true, rules: { required: true, format: 'k8s-resource-pool-name' } },
        device: { id: 4, type: 'string', required: true },
        adminAccess: { id: 5, type: '*bool', gate: 'DRAAdminAccess' },
        tolerations: {
          id: 6,
          type: '[]DeviceToleration',
          listType: 'atomic',
          gate: 'DRADeviceTaints',
          rules: { optional: true },
        },
        bindingConditions: {
          id: 7,
          type: '[]string',
          listType: 'atomic',
          gate: 'DRADeviceBindingConditions,DRAResourceClaimDeviceStatus',
          rules: { optional: true, maxItems: '4' },
        },
        bindingFailureConditions: {
          id: 8,
          type: '[]string',
          listType: 'atomic',
          gate: 'DRADeviceBindingConditions,DRAResourceClaimDeviceStatus',
          rules: { optional: true, maxItems: '4' },
        },
        shareID: {
          id: 9,
          type: '*string',
          goType: 'types.UID',
          gate: 'DRAConsumableCapacity',
          rules: { optional: true, format: 'k8s-uuid' },
        },
        consumedCapacity: {
          id: 10,
          type: 'map[string]quantity',
          goType: 'map[v1.QualifiedName]resource.Quantity',
          gate: 'DRAConsumableCapacity',
        },
      },
    },
    DeviceSelector: {
      fields: {
        cel: { id: 1, type: '*CELDeviceSelector', oneOf: 'SelectorType' },
      },
    },
    DeviceSubRequest: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        deviceClassName: { id: 2, type: 'string', required: true, rules: { required: true, format: 'k8s-long-name' } },
        selectors: { id: 3, type: '[]DeviceSelector', listType: 'atomic', rules: { optional: true, maxItems: '32' } },
        allocationMode: {
          id: 4,
          type: 'string',
          goType: 'v1.DeviceAllocationMode',
          enum: ['All', 'ExactCount'],
          rules: { optional: true },
        },
        count: { id: 5, type: 'int64', oneOf: 'AllocationMode' },
        tolerations: {
          id: 6,
          type: '[]DeviceToleration',
          listType: 'atomic',
          gate: 'DRADeviceTaints',
          rules: { optional: true },
        },
        capacity: { id: 7, type: '*CapacityRequirements', gate: 'DRAConsumableCapacity' },
      },
    },
    DeviceTaint: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        value: { id: 2, type: 'string' },
        effect: {
          id: 3,
          type: 'string',
          goType: 'v1.DeviceTaintEffect',
          required: true,
          enum: ['NoExecute', 'NoSchedule', 'None'],
          rules: { required: true },
        },
        timeAdded: { id: 4, type: '*time' },
      },
    },
    DeviceToleration: {
      fields: {
        key: { id: 1, type: 'string', rules: { optional: true, format: 'k8s-label-key' } },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.DeviceTolerationOperator',
          default: 'Equal',
          enum: ['Equal', 'Exists'],
          rules: { optional: true },
        },
        value: { id: 3, type: 'string' },
        effect: {
          id: 4,
          type: 'string',
          goType: 'v1.DeviceTaintEffect',
          enum: ['NoExecute', 'NoSchedule', 'None'],
          rules: { optional: true },
        },
        tolerationSeconds: { id: 5, type: '*int64' },
      },
    },
    ExactDeviceRequest: {
      fields: {
        deviceClassName: { id: 1, type: 'string', required: true },
        selectors: { id: 2, type: '[]DeviceSelector', listType: 'atomic', rules: { optional: true, maxItems: '32' } },
        allocationMode: {
          id: 3,
          type: 'string',
          goType: 'v1.DeviceAllocationMode',
          enum: ['All', 'ExactCount'],
          rules: { optional: true },
        },
        count: { id: 4, type: 'int64', oneOf: 'AllocationMode' },
        adminAccess: { id: 5, type: '*bool', gate: 'DRAAdminAccess' },
        tolerations: {
          id: 6,
          type: '[]DeviceToleration',
          listType: 'atomic',
          gate: 'DRADeviceTaints',
          rules: { optional: true },
        },
        capacity: { id: 7, type: '*CapacityRequirements', gate: 'DRAConsumableCapacity' },
      },
    },
    NetworkDeviceData: {
      fields: {
        interfaceName: { id: 1, type: 'string', rules: { optional: true, maxBytes: '256' } },
        ips: {
          id: 2,
          type: '[]string',
          listType: 'atomic',
          rules: { optional: true, unique: 'set', maxItems: '16', listType: 'atomic' },
        },
        hardwareAddress: { id: 3, type: 'string', rules: { optional: true, maxBytes: '128' } },
      },
    },
    NodeAllocatableResourceMapping: {
      fields: {
        capacityKey: { id: 1, type: '*string', goType: 'v1.QualifiedName' },
        allocationMultiplier: { id: 2, type: '*quantity' },
      },
    },
    OpaqueDeviceConfiguration: {
      fields: {
        driver: {
          id: 1,
          type: 'string',
          required: true,
          rules: { required: true, format: 'k8s-long-name-caseless', maxLength: '63' },
        },
        parameters: { id: 2, type: 'rawExtension', required: true },
      },
    },
    ResourceClaim: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ResourceClaimSpec', required: true, rules: { immutable: true } },
        status: { id: 3, type: 'ResourceClaimStatus' },
      },
    },
    ResourceClaimConsumerReference: {
      fields: {
        apiGroup: { id: 1, type: 'string' },
        resource: { id: 3, type: 'string', required: true },
        name: { id: 4, type: 'string', required: true },
        uid: { id: 5, type: 'string', goType: 'types.UID', required: true },
      },
    },
    ResourceClaimSpec: {
      fields: {
        devices: { id: 1, type: 'DeviceClaim', emit: 'always' },
      },
    },
    ResourceClaimStatus: {
      fields: {
        allocation: { id: 1, type: '*AllocationResult', rules: { optional: true, update: 'NoModify' } },
        reservedFor: {
          id: 2,
          type: '[]ResourceClaimConsumerReference',
          listType: 'map',
          keys: ['uid'],
          patch: 'merge',
          mergeKey: 'uid',
          rules: { optional: true, listType: 'map', listMapKey: 'uid', maxItems: '256' },
        },
        devices: {
          id: 4,
          type: '[]AllocatedDeviceStatus',
          listType: 'map',
          keys: ['driver', 'device', 'pool', 'shareID'],
          gate: 'DRAResourceClaimDeviceStatus',
          rules: { optional: true, listType: 'map', listMapKey: ['driver', 'device', 'pool', 'shareID'] },
        },
      },
    },
    ResourceClaimTemplate: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ResourceClaimTemplateSpec', required: true },
      },
    },
    ResourceClaimTemplateSpec: {
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ResourceClaimSpec', required: true },
      },
    },
    ResourcePool: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        generation: { id: 2, type: 'int64', required: true },
        resourceSliceCount: { id: 3, type: 'int64', required: true },
      },
    },
    ResourceSlice: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ResourceSliceSpec', required: true },
      },
    },
    ResourceSliceSpec: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        pool: { id: 2, type: 'ResourcePool', required: true },
        nodeName: { id: 3, type: '*string', oneOf: 'NodeSelection' },
        nodeSelector: { id: 4, type: '*core/v1.NodeSelector', oneOf: 'NodeSelection' },
        allNodes: { id: 5, type: '*bool', oneOf: 'NodeSelection' },
        devices: {
          id: 6,
          type: '[]Device',
          listType: 'atomic',
          zeroOrOneOf: 'ResourceSliceType',
          rules: { optional: true },
        },
        perDeviceNodeSelection: { id: 7, type: '*bool', oneOf: 'NodeSelection', gate: 'DRAPartitionableDevices' },
        sharedCounters: {
          id: 8,
          type: '[]CounterSet',
          listType: 'atomic',
          zeroOrOneOf: 'ResourceSliceType',
          gate: 'DRAPartitionableDevices',
          rules: { optional: true, unique: 'map', listMapKey: 'name', maxItems: '8', listType: 'atomic' },
        },
      },
    },
  },
}
