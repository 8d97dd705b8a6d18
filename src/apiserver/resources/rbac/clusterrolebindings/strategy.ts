import type { ClusterRoleBinding } from '#api/rbac/v1'
import type { FieldError } from '#machinery'
import { Path } from '#machinery'
import { checkBinding } from '../../../authz/rbac/escalation.ts'
import { strategy } from '../../../resource/strategy.ts'
import { validateObjectMetaUpdate } from '../../metadata.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { changesOwnershipOnly } from '../collected.ts'
import { validateBinding, validateRbacMeta, validateRoleRefUpdate } from '../validation.ts'

export const clusterRoleBindingStrategy: Strategy = strategy<ClusterRoleBinding>({
  allowCreateOnUpdate: true,
  async check(binding, old, context) {
    if (old && changesOwnershipOnly(binding, old)) return
    await checkBinding('clusterrolebindings', binding.metadata.name ?? '', binding.roleRef, context)
  },
  validate,
  validateUpdate: (binding, old) => [
    ...validate(binding),
    ...validateObjectMetaUpdate(binding.metadata, old.metadata, Path.of('metadata')),
    ...validateRoleRefUpdate(binding.roleRef, old.roleRef),
  ],
})

function validate(binding: ClusterRoleBinding): readonly FieldError[] {
  return [...validateRbacMeta(binding.metadata, false), ...validateBinding(binding, ['ClusterRole'], false)]
}
