import type { Resource } from '#api'
import { clusterrolebindings, clusterroles, rolebindings, roles } from '#api/rbac/v1'
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '#api/rbac/v1'
import type { Client } from '#client'
import type { KubeObject } from '#machinery'
import type { Services } from '../../services.ts'
import { ensure } from '../ensure.ts'
import type { Plan } from '../ensure.ts'
import {
  bootstrapClusterRoleBindings,
  bootstrapClusterRoles,
  bootstrapRoleBindings,
  bootstrapRoles,
} from './objects.ts'
import { reconcileBinding, reconcileRole } from './reconcile.ts'

/**
 * Sees to it that the roles and bindings of every cluster are there and hand out what they should.
 * @throws StatusError when one can't be written
 */
export async function ensureRbac(services: Services, client: Client): Promise<void> {
  const all = <T extends KubeObject>(
    resource: Resource<T>,
    expected: readonly T[],
    plan: (existing: T, expected: T) => Plan<T>,
  ): Promise<void>[] =>
    expected.map((object) => {
      const { name = '', namespace = '' } = object.metadata
      return ensure<T>({
        client,
        resource,
        read: () => services.peek<T>(resource.group, resource.plural, namespace, name),
        plan: (existing) => (existing ? plan(existing, object) : { action: 'create', object }),
      })
    })
  const role = <T extends ClusterRole | Role>(existing: T, expected: T): Plan<T> => {
    const revised = reconcileRole(existing, expected)
    return revised ? { action: 'update', object: revised as T } : { action: 'none' }
  }
  const binding = <T extends ClusterRoleBinding | RoleBinding>(existing: T, expected: T): Plan<T> => {
    const plan = reconcileBinding(existing, expected)
    return plan ? { action: plan.action, object: plan.binding as T } : { action: 'none' }
  }
  await Promise.all([
    ...all(clusterroles, bootstrapClusterRoles(), role<ClusterRole>),
    ...all(clusterrolebindings, bootstrapClusterRoleBindings(), binding<ClusterRoleBinding>),
    ...all(roles, bootstrapRoles(), role<Role>),
    ...all(rolebindings, bootstrapRoleBindings(), binding<RoleBinding>),
  ])
}
