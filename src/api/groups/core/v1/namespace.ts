import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: namespaces. */
export const namespace: GroupVersionPart = {
  resources: {
    namespaces: {
      kind: 'Namespace',
      singular: 'namespace',
      clusterScoped: true,
      shortNames: ['ns'],
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      storageVersionHash: 'Q3oi5N2YM8M=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['status.phase'],
      subresources: {
        finalize: { verbs: ['update'] },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    Namespace: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'NamespaceSpec' },
        status: { id: 3, type: 'NamespaceStatus' },
      },
    },
    NamespaceCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.NamespaceConditionType',
          required: true,
          values: [
            'NamespaceDeletionDiscoveryFailure',
            'NamespaceDeletionContentFailure',
            'NamespaceDeletionGroupVersionParsingFailure',
            'NamespaceContentRemaining',
            'NamespaceFinalizersRemaining',
          ],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    NamespaceSpec: {
      fields: {
        finalizers: {
          id: 1,
          type: '[]string',
          goType: '[]v1.FinalizerName',
          values: ['kubernetes'],
          listType: 'atomic',
        },
      },
    },
    NamespaceStatus: {
      fields: {
        phase: { id: 1, type: 'string', goType: 'v1.NamespacePhase', enum: ['Active', 'Terminating'] },
        conditions: {
          id: 2,
          type: '[]NamespaceCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
  },
}
