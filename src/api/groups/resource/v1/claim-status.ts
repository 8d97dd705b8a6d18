import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of resource.k8s.io v1: what is told of claims. */
export const claimStatus: GroupVersionPart = {
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
    ResourceClaimConsumerReference: {
      fields: {
        apiGroup: { id: 1, type: 'string' },
        resource: { id: 3, type: 'string', required: true },
        name: { id: 4, type: 'string', required: true },
        uid: { id: 5, type: 'string', goType: 'types.UID', required: true },
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
  },
}
