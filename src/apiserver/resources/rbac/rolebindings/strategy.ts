import type { RoleBinding } from '#api/rbac/v1'
import type { FieldError } from '#machinery'
import { Path } from '#machinery'
import { checkBinding } from '../../../authz/rbac/escalation.ts'
import { strategy } from '../../../resource/strategy.ts'
import { validateObjectMetaUpdate } from '../../metadata.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { changesOwnershipOnly } from '../collected.ts'
import { validateBinding, validateRbacMeta, validateRoleRefUpdate } from '../validation.ts'

export const roleBindingStrategy: Strategy = strategy<RoleBinding>({
  allowCreateOnUpdate: true,
  async check(binding, old, context) {
    if (old && changesOwnershipOnly(binding, old)) return
    await checkBinding('rolebindings', binding.metadata.name ?? '', binding.roleRef, context)
  },
  validate,
  validateUpdate: (binding, old) => [
    ...validate(binding),
    ...validateObjectMetaUpdate(binding.metadata, old.metadata, Path.of('metadata')),
    ...validateRoleRefUpdate(binding.roleRef, old.roleRef),
  ],
})

function validate(binding: RoleBinding): readonly FieldError[] {
  return [...validateRbacMeta(binding.metadata, true), ...validateBinding(binding, ['Role', 'ClusterRole'], true)]
}
