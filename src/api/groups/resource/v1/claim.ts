import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of resource.k8s.io v1: claims to devices, and templates of them. */
export const claim: GroupVersionPart = {
  resources: {
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
  },
  types: {
    CapacityRequirements: {
      fields: {
        requests: { id: 1, type: 'map[string]quantity', goType: 'map[v1.QualifiedName]resource.Quantity' },
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
    ResourceClaim: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ResourceClaimSpec', required: true, rules: { immutable: true } },
        status: { id: 3, type: 'ResourceClaimStatus' },
      },
    },
    ResourceClaimSpec: {
      fields: {
        devices: { id: 1, type: 'DeviceClaim', emit: 'always' },
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
  },
}
