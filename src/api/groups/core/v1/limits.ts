import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: limits and quotas of namespaces. */
export const limits: GroupVersionPart = {
  resources: {
    limitranges: {
      kind: 'LimitRange',
      singular: 'limitrange',
      shortNames: ['limits'],
      storageVersionHash: 'EBKMFVe6cwo=',
      lifecycle: { introduced: '1.0' },
    },
    resourcequotas: {
      kind: 'ResourceQuota',
      singular: 'resourcequota',
      shortNames: ['quota'],
      storageVersionHash: '8uhSgffRX6w=',
      lifecycle: { introduced: '1.0' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    LimitRange: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'LimitRangeSpec' },
      },
    },
    LimitRangeItem: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.LimitType',
          required: true,
          values: ['Pod', 'Container', 'PersistentVolumeClaim'],
        },
        max: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        min: { id: 3, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        default: { id: 4, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        defaultRequest: { id: 5, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        maxLimitRequestRatio: { id: 6, type: 'map[string]quantity', goType: 'v1.ResourceList' },
      },
    },
    LimitRangeSpec: {
      fields: {
        limits: { id: 1, type: '[]LimitRangeItem', required: true, listType: 'atomic' },
      },
    },
    ResourceQuota: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ResourceQuotaSpec' },
        status: { id: 3, type: 'ResourceQuotaStatus' },
      },
    },
    ResourceQuotaSpec: {
      fields: {
        hard: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        scopes: {
          id: 2,
          type: '[]string',
          goType: '[]v1.ResourceQuotaScope',
          enum: [
            'BestEffort',
            'CrossNamespacePodAffinity',
            'NotBestEffort',
            'NotTerminating',
            'PriorityClass',
            'Terminating',
            'VolumeAttributesClass',
          ],
          listType: 'atomic',
        },
        scopeSelector: { id: 3, type: '*ScopeSelector' },
      },
    },
    ResourceQuotaStatus: {
      fields: {
        hard: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        used: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
      },
    },
    ScopeSelector: {
      mapType: 'atomic',
      fields: {
        matchExpressions: { id: 1, type: '[]ScopedResourceSelectorRequirement', listType: 'atomic' },
      },
    },
    ScopedResourceSelectorRequirement: {
      fields: {
        scopeName: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceQuotaScope',
          required: true,
          enum: [
            'BestEffort',
            'CrossNamespacePodAffinity',
            'NotBestEffort',
            'NotTerminating',
            'PriorityClass',
            'Terminating',
            'VolumeAttributesClass',
          ],
        },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.ScopeSelectorOperator',
          required: true,
          enum: ['DoesNotExist', 'Exists', 'In', 'NotIn'],
        },
        values: { id: 3, type: '[]string', listType: 'atomic' },
      },
    },
  },
}
