// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type AggregationRule = {
  readonly clusterRoleSelectors?: readonly metav1.LabelSelector[]
}

export type ClusterRole = {
  readonly kind?: 'ClusterRole'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly rules?: readonly PolicyRule[] | null
  readonly aggregationRule?: AggregationRule
}

export type ClusterRoleBinding = {
  readonly kind?: 'ClusterRoleBinding'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly subjects?: readonly Subject[]
  readonly roleRef: RoleRef
}

export type PolicyRule = {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

export type Role = {
  readonly kind?: 'Role'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly rules?: readonly PolicyRule[] | null
}

export type RoleBinding = {
  readonly kind?: 'RoleBinding'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly subjects?: readonly Subject[]
  readonly roleRef: RoleRef
}

export type RoleRef = {
  readonly apiGroup?: string
  readonly kind: string
  readonly name: string
}

export type Subject = {
  readonly kind: string
  readonly apiGroup?: string
  readonly name: string
  readonly namespace?: string
}

export type ClusterRoleBindingList = {
  readonly kind?: 'ClusterRoleBindingList'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ClusterRoleBinding[]
}

export type ClusterRoleList = {
  readonly kind?: 'ClusterRoleList'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ClusterRole[]
}

export type RoleBindingList = {
  readonly kind?: 'RoleBindingList'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly RoleBinding[]
}

export type RoleList = {
  readonly kind?: 'RoleList'
  readonly apiVersion?: 'rbac.authorization.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Role[]
}

/** ClusterRoleBinding, of the cluster. */
export const clusterrolebindings: Resource<ClusterRoleBinding> = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false }

/** ClusterRole, of the cluster. */
export const clusterroles: Resource<ClusterRole> = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles', kind: 'ClusterRole', namespaced: false }

/** RoleBinding, in namespaces. */
export const rolebindings: Resource<RoleBinding> = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'rolebindings', kind: 'RoleBinding', namespaced: true }

/** Role, in namespaces. */
export const roles: Resource<Role> = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'roles', kind: 'Role', namespaced: true }
