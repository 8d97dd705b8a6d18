import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of authentication.k8s.io v1. */
export const authenticationV1: GroupVersionData = {
  group: 'authentication.k8s.io',
  version: 'v1',
  priority: { group: 17700, version: 15 },
  definitionPrefix: 'io.k8s.api.authentication.v1',
  goPackage: 'k8s.io/api/authentication/v1',
  protoPackage: 'k8s.io.api.authentication.v1',
  resources: {
    selfsubjectreviews: {
      kind: 'SelfSubjectReview',
      singular: 'selfsubjectreview',
      clusterScoped: true,
      verbs: ['create'],
      lifecycle: { introduced: '1.28' },
    },
    tokenreviews: {
      kind: 'TokenReview',
      singular: 'tokenreview',
      clusterScoped: true,
      verbs: ['create'],
      lifecycle: { introduced: '1.6' },
    },
  },
  types: {
    BoundObjectReference: {
      fields: {
        kind: { id: 1, type: 'string' },
        apiVersion: { id: 2, type: 'string' },
        name: { id: 3, type: 'string' },
        uid: { id: 4, type: 'string', goType: 'types.UID', protoName: 'uID' },
      },
    },
    ExtraValue: { alias: '[]string' },
    SelfSubjectReview: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        status: { id: 2, type: 'SelfSubjectReviewStatus' },
      },
    },
    SelfSubjectReviewStatus: {
      fields: {
        userInfo: { id: 1, type: 'UserInfo' },
      },
    },
    TokenRequest: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'TokenRequestSpec', emit: 'always' },
        status: { id: 3, type: 'TokenRequestStatus' },
      },
    },
    TokenRequestSpec: {
      fields: {
        audiences: { id: 1, type: '[]string', emit: 'always', listType: 'atomic' },
        expirationSeconds: { id: 4, type: '*int64', emit: 'always' },
        boundObjectRef: { id: 3, type: '*BoundObjectReference', emit: 'always' },
      },
    },
    TokenRequestStatus: {
      fields: {
        token: { id: 1, type: 'string', emit: 'always' },
        expirationTimestamp: { id: 2, type: 'time', emit: 'always' },
      },
    },
    TokenReview: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'TokenReviewSpec', required: true },
        status: { id: 3, type: 'TokenReviewStatus' },
      },
    },
    TokenReviewSpec: {
      fields: {
        token: { id: 1, type: 'string', required: true, emit: 'nonEmpty' },
        audiences: { id: 2, type: '[]string', listType: 'atomic' },
      },
    },
    TokenReviewStatus: {
      fields: {
        authenticated: { id: 1, type: 'bool' },
        user: { id: 2, type: 'UserInfo' },
        audiences: { id: 4, type: '[]string', listType: 'atomic' },
        error: { id: 3, type: 'string' },
      },
    },
    UserInfo: {
      fields: {
        username: { id: 1, type: 'string' },
        uid: { id: 2, type: 'string' },
        groups: { id: 3, type: '[]string', listType: 'atomic' },
        extra: { id: 4, type: 'map[string]ExtraValue' },
      },
    },
  },
}
