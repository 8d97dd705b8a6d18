import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: the health of components. */
export const componentStatus: GroupVersionPart = {
  resources: {
    componentstatuses: {
      kind: 'ComponentStatus',
      singular: 'componentstatus',
      clusterScoped: true,
      shortNames: ['cs'],
      verbs: ['get', 'list'],
      fieldSelectors: ['metadata.namespace'],
    },
  },
  types: {
    ComponentCondition: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.ComponentConditionType', required: true, values: ['Healthy'] },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        message: { id: 3, type: 'string' },
        error: { id: 4, type: 'string' },
      },
    },
    ComponentStatus: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        conditions: {
          id: 2,
          type: '[]ComponentCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
  },
}
