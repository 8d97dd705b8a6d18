import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of resource.k8s.io v1: devices that drivers offer. */
export const slice: GroupVersionPart = {
  resources: {
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
    DeviceCounterConsumption: {
      fields: {
        counterSet: { id: 1, type: 'string', required: true, rules: { required: true, format: 'k8s-short-name' } },
        counters: { id: 2, type: 'map[string]Counter', required: true, emit: 'nonEmpty', rules: { required: true } },
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
    NodeAllocatableResourceMapping: {
      fields: {
        capacityKey: { id: 1, type: '*string', goType: 'v1.QualifiedName' },
        allocationMultiplier: { id: 2, type: '*quantity' },
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
