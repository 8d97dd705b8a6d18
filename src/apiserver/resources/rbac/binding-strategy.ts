import type { ClusterRoleBinding, RoleBinding } from '#api/rbac/v1'
import { Path } from '#machinery'
import type { FieldError } from '#machinery'
import { checkBinding } from '../../authz/rbac/escalation.ts'
import { strategy } from '../../resource/strategy.ts'
import type { Strategy } from '../../resource/strategy.ts'
import { validateObjectMetaUpdate } from '../metadata.ts'
import { changesOwnershipOnly } from './collected.ts'
import { validateBinding, validateRbacMeta, validateRoleRefUpdate } from './validation.ts'

type Binding = RoleBinding | ClusterRoleBinding

export interface BindingRules {
  readonly plural: 'rolebindings' | 'clusterrolebindings'
  readonly namespaced: boolean
  /** Of roles that it can refer to. */
  readonly kinds: readonly string[]
}

/** Nobody binds more than they may do themselves, and what a binding refers to stays. */
export function bindingStrategy({ plural, namespaced, kinds }: BindingRules): Strategy {
  const validate = (binding: Binding): readonly FieldError[] => [
    ...validateRbacMeta(binding.metadata, namespaced),
    ...validateBinding(binding, kinds, namespaced),
  ]
  return strategy<Binding>({
    allowCreateOnUpdate: true,
    async check(binding, old, context) {
      if (old && changesOwnershipOnly(binding, old)) return
      await checkBinding(plural, binding.metadata.name ?? '', binding.roleRef, context)
    },
    validate,
    validateUpdate: (binding, old) => [
      ...validate(binding),
      ...validateObjectMetaUpdate(binding.metadata, old.metadata, Path.of('metadata')),
      ...validateRoleRefUpdate(binding.roleRef, old.roleRef),
    ],
  })
}
