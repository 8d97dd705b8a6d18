import { defaults } from '../../resource/registration.ts'
import type { ResourceRegistration } from '../../resource/registration.ts'
import type { ClusterRoleBinding, RoleBinding } from '#api/rbac/v1'
import { bindingColumns, defaultBinding } from './bindings.ts'
import { clusterRoleBindingStrategy } from './clusterrolebindings/strategy.ts'
import { clusterRoleStrategy } from './clusterroles/strategy.ts'
import { roleBindingStrategy } from './rolebindings/strategy.ts'
import { roleStrategy } from './roles/strategy.ts'

const place = 'rbac/v1'

export const rbacRegistrations: readonly ResourceRegistration[] = [
  { place, plural: 'roles', strategy: roleStrategy },
  { place, plural: 'clusterroles', strategy: clusterRoleStrategy },
  {
    place,
    plural: 'rolebindings',
    strategy: roleBindingStrategy,
    defaults: defaults<RoleBinding>(defaultBinding),
    columns: bindingColumns,
  },
  {
    place,
    plural: 'clusterrolebindings',
    strategy: clusterRoleBindingStrategy,
    defaults: defaults<ClusterRoleBinding>(defaultBinding),
    columns: bindingColumns,
  },
]
