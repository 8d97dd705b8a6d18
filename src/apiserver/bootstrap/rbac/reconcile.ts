import { deepEqual } from '#base'
import type { LabelSelector } from '#api/meta/v1'
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, Subject } from '#api/rbac/v1'
import type { ObjectMeta } from '#machinery'
import { uncovered } from '../../authz/rbac/cover.ts'

type AnyRole = ClusterRole | Role
type AnyBinding = ClusterRoleBinding | RoleBinding

/** What has to be done with a binding. */
export type BindingPlan = { readonly action: 'update' | 'recreate'; readonly binding: AnyBinding } | undefined

/** Whoever sets this annotation to `false` keeps the object as it is. */
const isProtected = ({ metadata }: { readonly metadata: ObjectMeta }): boolean =>
  metadata.annotations?.['rbac.authorization.kubernetes.io/autoupdate'] === 'false'

/**
 * The role that exists, with what it lacks of the expected one; `undefined` when there is nothing to do. Rights that
 * someone added stay.
 */
export function reconcileRole(existing: AnyRole, expected: AnyRole): AnyRole | undefined {
  if (isProtected(existing)) return undefined
  const rules = existing.rules ?? []
  const missing = uncovered(rules, expected.rules ?? [])
  const { aggregationRule: _, ...rest } = existing as ClusterRole
  const selectors = reconcileSelectors(existing as ClusterRole, expected as ClusterRole)
  const revised: ClusterRole = {
    ...rest,
    metadata: mergeMeta(existing.metadata, expected.metadata),
    ...(missing.length === 0 ? {} : { rules: [...rules, ...missing] }),
    ...(selectors === undefined ? {} : { aggregationRule: { clusterRoleSelectors: selectors } }),
  }
  return deepEqual(revised, existing) ? undefined : revised
}

/** `undefined`: the role is to collect nothing. */
function reconcileSelectors(existing: ClusterRole, expected: ClusterRole): readonly LabelSelector[] | undefined {
  if (!expected.aggregationRule) return undefined
  const own = existing.aggregationRule?.clusterRoleSelectors ?? []
  const wanted = expected.aggregationRule.clusterRoleSelectors ?? []
  return [...own, ...wanted.filter((selector) => !own.some((one) => deepEqual(one, selector)))]
}

/** The same for bindings. One that refers to another role can't be changed: it is made anew. */
export function reconcileBinding(existing: AnyBinding, expected: AnyBinding): BindingPlan {
  if (isProtected(existing)) return undefined
  if (!deepEqual(existing.roleRef, expected.roleRef)) return { action: 'recreate', binding: expected }
  const subjects = existing.subjects ?? []
  const missing = (expected.subjects ?? []).filter((subject) => !subjects.some((one) => sameSubject(one, subject)))
  const binding: AnyBinding = {
    ...existing,
    metadata: mergeMeta(existing.metadata, expected.metadata),
    ...(missing.length === 0 ? {} : { subjects: [...subjects, ...missing] }),
  }
  return deepEqual(binding, existing) ? undefined : { action: 'update', binding }
}

function sameSubject(a: Subject, b: Subject): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    (a.apiGroup ?? '') === (b.apiGroup ?? '') &&
    (a.namespace ?? '') === (b.namespace ?? '')
  )
}

/** Labels and annotations that are expected, under those that exist. */
function mergeMeta(existing: ObjectMeta, expected: ObjectMeta): ObjectMeta {
  return {
    ...existing,
    labels: { ...expected.labels, ...existing.labels },
    annotations: { ...expected.annotations, ...existing.annotations },
  }
}
