import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of audit.k8s.io v1. */
export const auditV1: GroupVersionData = {
  group: 'audit.k8s.io',
  version: 'v1',
  definitionPrefix: 'io.k8s.apiserver.pkg.apis.audit.v1',
  goPackage: 'k8s.io/apiserver/pkg/apis/audit/v1',
  protoPackage: 'k8s.io.apiserver.pkg.apis.audit.v1',
  resources: {},
  types: {
    AuthenticationMetadata: {
      openapi: false,
      fields: {
        impersonationConstraint: { id: 1, type: 'string' },
      },
    },
    Event: {
      kind: true,
      openapi: false,
      fields: {
        level: {
          id: 1,
          type: 'string',
          goType: 'v1.Level',
          required: true,
          values: ['None', 'Metadata', 'Request', 'RequestResponse'],
        },
        auditID: { id: 2, type: 'string', goType: 'types.UID', required: true },
        stage: {
          id: 3,
          type: 'string',
          goType: 'v1.Stage',
          required: true,
          values: ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'],
        },
        requestURI: { id: 4, type: 'string', required: true },
        verb: { id: 5, type: 'string', required: true },
        user: { id: 6, type: 'authentication/v1.UserInfo', required: true },
        impersonatedUser: { id: 7, type: '*authentication/v1.UserInfo' },
        authenticationMetadata: { id: 17, type: '*AuthenticationMetadata' },
        sourceIPs: { id: 8, type: '[]string', listType: 'atomic' },
        userAgent: { id: 16, type: 'string' },
        objectRef: { id: 9, type: '*ObjectReference' },
        responseStatus: { id: 10, type: '*meta/v1.Status' },
        requestObject: { id: 11, type: '*rawExtension', goType: 'runtime.Unknown' },
        responseObject: { id: 12, type: '*rawExtension', goType: 'runtime.Unknown' },
        requestReceivedTimestamp: { id: 13, type: 'microTime', emit: 'always' },
        stageTimestamp: { id: 14, type: 'microTime', emit: 'always' },
        annotations: { id: 15, type: 'map[string]string' },
      },
    },
    EventList: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ListMeta' },
        items: { id: 2, type: '[]Event', required: true },
      },
    },
    GroupResources: {
      openapi: false,
      fields: {
        group: { id: 1, type: 'string' },
        resources: { id: 2, type: '[]string', listType: 'atomic' },
        resourceNames: { id: 3, type: '[]string', listType: 'atomic' },
      },
    },
    ObjectReference: {
      openapi: false,
      fields: {
        resource: { id: 1, type: 'string' },
        namespace: { id: 2, type: 'string' },
        name: { id: 3, type: 'string' },
        uid: { id: 4, type: 'string', goType: 'types.UID' },
        apiGroup: { id: 5, type: 'string' },
        apiVersion: { id: 6, type: 'string' },
        resourceVersion: { id: 7, type: 'string' },
        subresource: { id: 8, type: 'string' },
      },
    },
    Policy: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        rules: { id: 2, type: '[]PolicyRule', required: true, listType: 'atomic' },
        omitStages: {
          id: 3,
          type: '[]string',
          goType: '[]v1.Stage',
          values: ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'],
          listType: 'atomic',
        },
        omitManagedFields: { id: 4, type: 'bool' },
      },
    },
    PolicyList: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ListMeta' },
        items: { id: 2, type: '[]Policy', required: true },
      },
    },
    PolicyRule: {
      openapi: false,
      fields: {
        level: {
          id: 1,
          type: 'string',
          goType: 'v1.Level',
          required: true,
          values: ['None', 'Metadata', 'Request', 'RequestResponse'],
        },
        users: { id: 2, type: '[]string', listType: 'atomic' },
        userGroups: { id: 3, type: '[]string', listType: 'atomic' },
        verbs: { id: 4, type: '[]string', listType: 'atomic' },
        resources: { id: 5, type: '[]GroupResources', listType: 'atomic' },
        namespaces: { id: 6, type: '[]string', listType: 'atomic' },
        nonResourceURLs: { id: 7, type: '[]string', listType: 'atomic' },
        omitStages: {
          id: 8,
          type: '[]string',
          goType: '[]v1.Stage',
          values: ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'],
          listType: 'atomic',
        },
        omitManagedFields: { id: 9, type: '*bool' },
      },
    },
  },
}
