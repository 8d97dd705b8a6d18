import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of rbac.authorization.k8s.io v1. */
export const rbacV1: GroupVersionData = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  priority: { group: 17000, version: 15 },
  definitionPrefix: 'io.k8s.api.rbac.v1',
  goPackage: 'k8s.io/api/rbac/v1',
  protoPackage: 'k8s.io.api.rbac.v1',
  resources: {
    clusterrolebindings: {
      kind: 'ClusterRoleBinding',
      singular: 'clusterrolebinding',
      clusterScoped: true,
      storageVersionHash: '48tpQ8gZHFc=',
      lifecycle: { introduced: '1.8' },
      fieldSelectors: ['metadata.namespace'],
    },
    clusterroles: {
      kind: 'ClusterRole',
      singular: 'clusterrole',
      clusterScoped: true,
      storageVersionHash: 'bYE5ZWDrJ44=',
      lifecycle: { introduced: '1.8' },
      fieldSelectors: ['metadata.namespace'],
    },
    rolebindings: {
      kind: 'RoleBinding',
      singular: 'rolebinding',
      storageVersionHash: 'eGsCzGH6b1g=',
      lifecycle: { introduced: '1.8' },
    },
    roles: { kind: 'Role', singular: 'role', storageVersionHash: '7FuwZcIIItM=', lifecycle: { introduced: '1.8' } },
  },
  types: {
    AggregationRule: {
      fields: {
        clusterRoleSelectors: { id: 1, type: '[]meta/v1.LabelSelector', listType: 'atomic' },
      },
    },
    ClusterRole: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        rules: { id: 2, type: '[]PolicyRule', emit: 'always', listType: 'atomic', rules: { optional: true } },
        aggregationRule: { id: 3, type: '*AggregationRule' },
      },
    },
    ClusterRoleBinding: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        subjects: { id: 2, type: '[]Subject', listType: 'atomic', rules: { optional: true } },
        roleRef: { id: 3, type: 'RoleRef', required: true },
      },
    },
    PolicyRule: {
      fields: {
        verbs: { id: 1, type: '[]string', required: true, listType: 'atomic', rules: { required: true } },
        apiGroups: { id: 2, type: '[]string', listType: 'atomic' },
        resources: { id: 3, type: '[]string', listType: 'atomic' },
        resourceNames: { id: 4, type: '[]string', listType: 'atomic' },
        nonResourceURLs: { id: 5, type: '[]string', listType: 'atomic' },
      },
    },
    Role: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        rules: { id: 2, type: '[]PolicyRule', emit: 'always', listType: 'atomic', rules: { optional: true } },
      },
    },
    RoleBinding: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        subjects: { id: 2, type: '[]Subject', listType: 'atomic', rules: { optional: true } },
        roleRef: { id: 3, type: 'RoleRef', required: true },
      },
    },
    RoleRef: {
      mapType: 'atomic',
      fields: {
        apiGroup: { id: 1, type: 'string', emit: 'always' },
        kind: { id: 2, type: 'string', required: true },
        name: { id: 3, type: 'string', required: true, rules: { required: true } },
      },
    },
    Subject: {
      mapType: 'atomic',
      fields: {
        kind: { id: 1, type: 'string', required: true },
        apiGroup: { id: 2, type: 'string' },
        name: { id: 3, type: 'string', required: true, rules: { required: true } },
        namespace: { id: 4, type: 'string' },
      },
    },
  },
}
