import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of authorization.k8s.io v1. */
export const authorizationV1: GroupVersionData = {
  group: 'authorization.k8s.io',
  version: 'v1',
  priority: { group: 17600, version: 15 },
  definitionPrefix: 'io.k8s.api.authorization.v1',
  goPackage: 'k8s.io/api/authorization/v1',
  protoPackage: 'k8s.io.api.authorization.v1',
  resources: {
    localsubjectaccessreviews: {
      kind: 'LocalSubjectAccessReview',
      singular: 'localsubjectaccessreview',
      verbs: ['create'],
      lifecycle: { introduced: '1.19' },
    },
    selfsubjectaccessreviews: {
      kind: 'SelfSubjectAccessReview',
      singular: 'selfsubjectaccessreview',
      clusterScoped: true,
      verbs: ['create'],
      lifecycle: { introduced: '1.19' },
    },
    selfsubjectrulesreviews: {
      kind: 'SelfSubjectRulesReview',
      singular: 'selfsubjectrulesreview',
      clusterScoped: true,
      verbs: ['create'],
      lifecycle: { introduced: '1.19' },
    },
    subjectaccessreviews: {
      kind: 'SubjectAccessReview',
      singular: 'subjectaccessreview',
      clusterScoped: true,
      verbs: ['create'],
      lifecycle: { introduced: '1.6' },
    },
  },
  types: {
    ExtraValue: { alias: '[]string' },
    FieldSelectorAttributes: {
      fields: {
        rawSelector: { id: 1, type: 'string' },
        requirements: { id: 2, type: '[]meta/v1.FieldSelectorRequirement', listType: 'atomic' },
      },
    },
    LabelSelectorAttributes: {
      fields: {
        rawSelector: { id: 1, type: 'string' },
        requirements: { id: 2, type: '[]meta/v1.LabelSelectorRequirement', listType: 'atomic' },
      },
    },
    LocalSubjectAccessReview: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'SubjectAccessReviewSpec', required: true },
        status: { id: 3, type: 'SubjectAccessReviewStatus' },
      },
    },
    NonResourceAttributes: {
      fields: {
        path: { id: 1, type: 'string' },
        verb: { id: 2, type: 'string' },
      },
    },
    NonResourceRule: {
      fields: {
        verbs: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        nonResourceURLs: { id: 2, type: '[]string', listType: 'atomic' },
      },
    },
    ResourceAttributes: {
      fields: {
        namespace: { id: 1, type: 'string' },
        verb: { id: 2, type: 'string' },
        group: { id: 3, type: 'string' },
        version: { id: 4, type: 'string' },
        resource: { id: 5, type: 'string' },
        subresource: { id: 6, type: 'string' },
        name: { id: 7, type: 'string' },
        fieldSelector: { id: 8, type: '*FieldSelectorAttributes' },
        labelSelector: { id: 9, type: '*LabelSelectorAttributes' },
      },
    },
    ResourceRule: {
      fields: {
        verbs: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        apiGroups: { id: 2, type: '[]string', listType: 'atomic' },
        resources: { id: 3, type: '[]string', listType: 'atomic' },
        resourceNames: { id: 4, type: '[]string', listType: 'atomic' },
      },
    },
    SelfSubjectAccessReview: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'SelfSubjectAccessReviewSpec', required: true },
        status: { id: 3, type: 'SubjectAccessReviewStatus' },
      },
    },
    SelfSubjectAccessReviewSpec: {
      fields: {
        resourceAttributes: { id: 1, type: '*ResourceAttributes' },
        nonResourceAttributes: { id: 2, type: '*NonResourceAttributes' },
      },
    },
    SelfSubjectRulesReview: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'SelfSubjectRulesReviewSpec', required: true },
        status: { id: 3, type: 'SubjectRulesReviewStatus' },
      },
    },
    SelfSubjectRulesReviewSpec: {
      fields: {
        namespace: { id: 1, type: 'string' },
      },
    },
    SubjectAccessReview: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'SubjectAccessReviewSpec', required: true },
        status: { id: 3, type: 'SubjectAccessReviewStatus' },
      },
    },
    SubjectAccessReviewSpec: {
      fields: {
        resourceAttributes: { id: 1, type: '*ResourceAttributes' },
        nonResourceAttributes: { id: 2, type: '*NonResourceAttributes' },
        user: { id: 3, type: 'string' },
        groups: { id: 4, type: '[]string', listType: 'atomic' },
        extra: { id: 5, type: 'map[string]ExtraValue' },
        uid: { id: 6, type: 'string' },
      },
    },
    SubjectAccessReviewStatus: {
      fields: {
        allowed: { id: 1, type: 'bool', required: true },
        denied: { id: 4, type: 'bool' },
        reason: { id: 2, type: 'string' },
        evaluationError: { id: 3, type: 'string' },
      },
    },
    SubjectRulesReviewStatus: {
      fields: {
        resourceRules: { id: 1, type: '[]ResourceRule', required: true, listType: 'atomic' },
        nonResourceRules: { id: 2, type: '[]NonResourceRule', required: true, listType: 'atomic' },
        incomplete: { id: 3, type: 'bool', required: true },
        evaluationError: { id: 4, type: 'string' },
      },
    },
  },
}
