import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of meta.k8s.io v1. */
export const metaV1: GroupVersionData = {
  group: 'meta.k8s.io',
  version: 'v1',
  definitionPrefix: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  goPackage: 'k8s.io/apimachinery/pkg/apis/meta/v1',
  protoPackage: 'k8s.io.apimachinery.pkg.apis.meta.v1',
  resources: {},
  types: {
    APIGroup: {
      kind: true,
      fields: {
        name: { id: 1, type: 'string', required: true },
        versions: { id: 2, type: '[]GroupVersionForDiscovery', required: true, listType: 'atomic' },
        preferredVersion: { id: 3, type: 'GroupVersionForDiscovery' },
        serverAddressByClientCIDRs: { id: 4, type: '[]ServerAddressByClientCIDR', listType: 'atomic' },
      },
    },
    APIGroupList: {
      kind: true,
      fields: {
        groups: { id: 1, type: '[]APIGroup', required: true, listType: 'atomic' },
      },
    },
    APIResource: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        singularName: { id: 6, type: 'string', required: true },
        namespaced: { id: 2, type: 'bool', required: true },
        group: { id: 8, type: 'string' },
        version: { id: 9, type: 'string' },
        kind: { id: 3, type: 'string', required: true },
        verbs: { id: 4, type: 'Verbs', required: true },
        shortNames: { id: 5, type: '[]string', listType: 'atomic' },
        categories: { id: 7, type: '[]string', listType: 'atomic' },
        storageVersionHash: { id: 10, type: 'string' },
      },
    },
    APIResourceList: {
      kind: true,
      fields: {
        groupVersion: { id: 1, type: 'string', required: true },
        resources: { id: 2, type: '[]APIResource', required: true, listType: 'atomic' },
      },
    },
    APIVersions: {
      kind: true,
      fields: {
        versions: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        serverAddressByClientCIDRs: { id: 2, type: '[]ServerAddressByClientCIDR', required: true, listType: 'atomic' },
      },
    },
    ApplyOptions: {
      kind: true,
      openapi: false,
      fields: {
        dryRun: { id: 1, type: '[]string', listType: 'atomic' },
        force: { id: 2, type: 'bool', required: true },
        fieldManager: { id: 3, type: 'string', required: true },
      },
    },
    Condition: {
      fields: {
        type: { id: 1, type: 'string', required: true },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        observedGeneration: { id: 3, type: 'int64' },
        lastTransitionTime: { id: 4, type: 'time', required: true },
        reason: { id: 5, type: 'string', required: true },
        message: { id: 6, type: 'string', required: true },
      },
    },
    CreateOptions: {
      kind: true,
      openapi: false,
      fields: {
        dryRun: { id: 1, type: '[]string', listType: 'atomic' },
        fieldManager: { id: 3, type: 'string', rules: { deprecated: 'includeUninitialized,protobuf=2' } },
        fieldValidation: { id: 4, type: 'string' },
      },
    },
    DeleteOptions: {
      everyGroup: true,
      fields: {
        gracePeriodSeconds: { id: 1, type: '*int64' },
        preconditions: { id: 2, type: '*Preconditions' },
        orphanDependents: { id: 3, type: '*bool' },
        propagationPolicy: {
          id: 4,
          type: '*string',
          goType: 'v1.DeletionPropagation',
          values: ['Orphan', 'Background', 'Foreground'],
        },
        dryRun: { id: 5, type: '[]string', listType: 'atomic' },
        ignoreStoreReadErrorWithClusterBreakingPotential: { id: 6, type: '*bool' },
      },
    },
    FieldSelectorRequirement: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.FieldSelectorOperator',
          required: true,
          values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
        },
        values: { id: 3, type: '[]string', listType: 'atomic' },
      },
    },
    GetOptions: {
      kind: true,
      openapi: false,
      fields: {
        resourceVersion: { id: 1, type: 'string' },
      },
    },
    GroupKind: {
      openapi: false,
      fields: {
        group: { id: 1, type: 'string', required: true },
        kind: { id: 2, type: 'string', required: true },
      },
    },
    GroupResource: {
      fields: {
        group: { id: 1, type: 'string', required: true },
        resource: { id: 2, type: 'string', required: true },
      },
    },
    GroupVersion: {
      openapi: false,
      fields: {
        group: { id: 1, type: 'string', required: true },
        version: { id: 2, type: 'string', required: true },
      },
    },
    GroupVersionForDiscovery: {
      fields: {
        groupVersion: { id: 1, type: 'string', required: true },
        version: { id: 2, type: 'string', required: true },
      },
    },
    GroupVersionKind: {
      openapi: false,
      fields: {
        group: { id: 1, type: 'string', required: true },
        version: { id: 2, type: 'string', required: true },
        kind: { id: 3, type: 'string', required: true },
      },
    },
    GroupVersionResource: {
      openapi: false,
      fields: {
        group: { id: 1, type: 'string', required: true },
        version: { id: 2, type: 'string', required: true },
        resource: { id: 3, type: 'string', required: true },
      },
    },
    LabelSelector: {
      mapType: 'atomic',
      fields: {
        matchLabels: { id: 1, type: 'map[string]string' },
        matchExpressions: { id: 2, type: '[]LabelSelectorRequirement', listType: 'atomic' },
      },
    },
    LabelSelectorRequirement: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.LabelSelectorOperator',
          required: true,
          values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
        },
        values: { id: 3, type: '[]string', listType: 'atomic' },
      },
    },
    List: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'ListMeta' },
        items: { id: 2, type: '[]rawExtension', required: true },
      },
    },
    ListMeta: {
      fields: {
        selfLink: { id: 1, type: 'string' },
        resourceVersion: { id: 2, type: 'string' },
        continue: { id: 3, type: 'string' },
        remainingItemCount: { id: 4, type: '*int64' },
        shardInfo: { id: 5, type: '*ShardInfo', gate: 'ShardedListAndWatch' },
      },
    },
    ListOptions: {
      kind: true,
      openapi: false,
      fields: {
        labelSelector: { id: 1, type: 'string' },
        fieldSelector: { id: 2, type: 'string' },
        watch: { id: 3, type: 'bool', rules: { deprecated: 'includeUninitialized,protobuf=6' } },
        allowWatchBookmarks: { id: 9, type: 'bool' },
        resourceVersion: { id: 4, type: 'string' },
        resourceVersionMatch: {
          id: 10,
          type: 'string',
          goType: 'v1.ResourceVersionMatch',
          values: ['NotOlderThan', 'Exact'],
        },
        timeoutSeconds: { id: 5, type: '*int64' },
        limit: { id: 7, type: 'int64' },
        continue: { id: 8, type: 'string' },
        sendInitialEvents: { id: 11, type: '*bool' },
        shardSelector: { id: 15, type: 'string', gate: 'ShardedListAndWatch' },
      },
    },
    ManagedFieldsEntry: {
      fields: {
        manager: { id: 1, type: 'string' },
        operation: { id: 2, type: 'string', goType: 'v1.ManagedFieldsOperationType', values: ['Apply', 'Update'] },
        apiVersion: { id: 3, type: 'string' },
        time: { id: 4, type: '*time' },
        fieldsType: { id: 6, type: 'string' },
        fieldsV1: { id: 7, type: '*fieldsV1' },
        subresource: { id: 8, type: 'string' },
      },
    },
    ObjectMeta: {
      fields: {
        name: { id: 1, type: 'string' },
        generateName: { id: 2, type: 'string' },
        namespace: { id: 3, type: 'string' },
        selfLink: { id: 4, type: 'string' },
        uid: { id: 5, type: 'string', goType: 'types.UID' },
        resourceVersion: { id: 6, type: 'string' },
        generation: { id: 7, type: 'int64' },
        creationTimestamp: { id: 8, type: 'time', emit: 'nonZero' },
        deletionTimestamp: { id: 9, type: '*time' },
        deletionGracePeriodSeconds: { id: 10, type: '*int64' },
        labels: { id: 11, type: 'map[string]string' },
        annotations: { id: 12, type: 'map[string]string' },
        ownerReferences: {
          id: 13,
          type: '[]OwnerReference',
          listType: 'map',
          keys: ['uid'],
          patch: 'merge',
          mergeKey: 'uid',
        },
        finalizers: { id: 14, type: '[]string', listType: 'set', patch: 'merge' },
        managedFields: { id: 17, type: '[]ManagedFieldsEntry', listType: 'atomic' },
      },
    },
    OwnerReference: {
      mapType: 'atomic',
      fields: {
        apiVersion: { id: 5, type: 'string', required: true },
        kind: { id: 1, type: 'string', required: true },
        name: { id: 3, type: 'string', required: true },
        uid: { id: 4, type: 'string', goType: 'types.UID', required: true },
        controller: { id: 6, type: '*bool' },
        blockOwnerDeletion: { id: 7, type: '*bool' },
      },
    },
    PartialObjectMetadata: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'ObjectMeta' },
      },
    },
    PartialObjectMetadataList: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'ListMeta' },
        items: { id: 2, type: '[]PartialObjectMetadata', required: true },
      },
    },
    Patch: { fields: {} },
    PatchOptions: {
      kind: true,
      openapi: false,
      fields: {
        dryRun: { id: 1, type: '[]string', listType: 'atomic' },
        force: { id: 2, type: '*bool' },
        fieldManager: { id: 3, type: 'string' },
        fieldValidation: { id: 4, type: 'string' },
      },
    },
    Preconditions: {
      fields: {
        uid: { id: 1, type: '*string', goType: 'types.UID' },
        resourceVersion: { id: 2, type: '*string' },
      },
    },
    RootPaths: {
      openapi: false,
      fields: {
        paths: { id: 1, type: '[]string', required: true, listType: 'atomic' },
      },
    },
    ServerAddressByClientCIDR: {
      fields: {
        clientCIDR: { id: 1, type: 'string', required: true },
        serverAddress: { id: 2, type: 'string', required: true },
      },
    },
    ShardInfo: {
      fields: {
        selector: { id: 1, type: 'string', required: true },
      },
    },
    Status: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'ListMeta' },
        status: { id: 2, type: 'string' },
        message: { id: 3, type: 'string' },
        reason: {
          id: 4,
          type: 'string',
          goType: 'v1.StatusReason',
          values: [
            '',
            'Unauthorized',
            'Forbidden',
            'NotFound',
            'AlreadyExists',
            'Conflict',
            'Gone',
            'Invalid',
            'ServerTimeout',
            'StorageReadError',
            'Timeout',
            'TooManyRequests',
            'BadRequest',
            'MethodNotAllowed',
            'NotAcceptable',
            'RequestEntityTooLarge',
            'UnsupportedMediaType',
            'InternalError',
            'Expired',
            'ServiceUnavailable',
          ],
        },
        details: { id: 5, type: '*StatusDetails' },
        code: { id: 6, type: 'int32' },
      },
    },
    StatusCause: {
      fields: {
        reason: {
          id: 1,
          type: 'string',
          goType: 'v1.CauseType',
          values: [
            'FieldValueNotFound',
            'FieldValueRequired',
            'FieldValueDuplicate',
            'FieldValueInvalid',
            'FieldValueNotSupported',
            'FieldValueForbidden',
            'FieldValueTooLong',
            'FieldValueTooMany',
            'InternalError',
            'FieldValueTypeInvalid',
            'UnexpectedServerResponse',
            'FieldManagerConflict',
            'ResourceVersionTooLarge',
          ],
        },
        message: { id: 2, type: 'string' },
        field: { id: 3, type: 'string' },
      },
    },
    StatusDetails: {
      fields: {
        name: { id: 1, type: 'string' },
        group: { id: 2, type: 'string' },
        kind: { id: 3, type: 'string' },
        uid: { id: 6, type: 'string', goType: 'types.UID' },
        causes: { id: 4, type: '[]StatusCause', listType: 'atomic' },
        retryAfterSeconds: { id: 5, type: 'int32' },
      },
    },
    Table: {
      kind: true,
      openapi: false,
      proto: false,
      fields: {
        metadata: { type: 'ListMeta' },
        columnDefinitions: { type: '[]TableColumnDefinition', required: true, listType: 'atomic' },
        rows: { type: '[]TableRow', required: true, listType: 'atomic' },
      },
    },
    TableColumnDefinition: {
      openapi: false,
      proto: false,
      fields: {
        name: { type: 'string', required: true },
        type: { type: 'string', required: true },
        format: { type: 'string', required: true },
        description: { type: 'string', required: true },
        priority: { type: 'int32', required: true },
      },
    },
    TableOptions: {
      kind: true,
      openapi: false,
      fields: {
        includeObject: { id: 1, type: 'string', values: ['None', 'Metadata', 'Object'] },
      },
    },
    TableRow: {
      openapi: false,
      proto: false,
      fields: {
        cells: { type: '[]any', required: true, listType: 'atomic' },
        conditions: { type: '[]TableRowCondition', listType: 'atomic' },
        object: { type: 'rawExtension' },
      },
    },
    TableRowCondition: {
      openapi: false,
      proto: false,
      fields: {
        type: { type: 'string', required: true, values: ['Completed'] },
        status: { type: 'string', required: true, values: ['True', 'False', 'Unknown'] },
        reason: { type: 'string' },
        message: { type: 'string' },
      },
    },
    Timestamp: {
      openapi: false,
      fields: {
        seconds: { id: 1, type: 'int64', required: true },
        nanos: { id: 2, type: 'int32', required: true },
      },
    },
    TypeMeta: {
      openapi: false,
      fields: {
        kind: { id: 1, type: 'string' },
        apiVersion: { id: 2, type: 'string' },
      },
    },
    UpdateOptions: {
      kind: true,
      openapi: false,
      fields: {
        dryRun: { id: 1, type: '[]string', listType: 'atomic' },
        fieldManager: { id: 2, type: 'string' },
        fieldValidation: { id: 3, type: 'string' },
      },
    },
    Verbs: { alias: '[]string' },
    WatchEvent: {
      everyGroup: true,
      fields: {
        type: { id: 1, type: 'string', required: true },
        object: { id: 2, type: 'rawExtension', required: true },
      },
    },
  },
}
