import type { Role } from '#api/rbac/v1'
import type { FieldError } from '#machinery'
import { Path } from '#machinery'
import { checkRole } from '../../../authz/rbac/escalation.ts'
import { strategy } from '../../../resource/strategy.ts'
import { validateObjectMetaUpdate } from '../../metadata.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { changesOwnershipOnly } from '../collected.ts'
import { validateRbacMeta, validateRules } from '../validation.ts'

export const roleStrategy: Strategy = strategy<Role>({
  allowCreateOnUpdate: true,
  async check(role, old, context) {
    if (old && changesOwnershipOnly(role, old)) return
    await checkRole('roles', role.metadata.name ?? '', role.rules ?? [], false, context)
  },
  validate,
  validateUpdate: (role, old) => [
    ...validate(role),
    ...validateObjectMetaUpdate(role.metadata, old.metadata, Path.of('metadata')),
  ],
})

function validate(role: Role): readonly FieldError[] {
  return [...validateRbacMeta(role.metadata, true), ...validateRules(role.rules ?? [], true)]
}
