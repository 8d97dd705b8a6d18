import type { ClusterRole } from '#api/rbac/v1'
import { invalidValue, Path, required, selectorOf, SelectorError, validateLabelSelector } from '#machinery'
import type { FieldError } from '#machinery'
import { validateObjectMetaUpdate } from '../../metadata.ts'
import type { LabelSelector } from '#api/meta/v1'
import { checkRole } from '../../../authz/rbac/escalation.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { changesOwnershipOnly } from '../collected.ts'
import { validateRbacMeta, validateRules } from '../validation.ts'

export const clusterRoleStrategy: Strategy = strategy<ClusterRole>({
  allowCreateOnUpdate: true,
  async check(role, old, context) {
    if (old && changesOwnershipOnly(role, old)) return
    const aggregates = [role, old].some((one) => selectorsOf(one).length > 0)
    await checkRole('clusterroles', role.metadata.name ?? '', role.rules ?? [], aggregates, context)
  },
  validate: (role) => validate(role, false),
  validateUpdate: (role, old) => [
    // What was let in before the rule was there may stay.
    ...validate(role, hasInvalidValues(old)),
    ...validateObjectMetaUpdate(role.metadata, old.metadata, Path.of('metadata')),
  ],
})

const selectorsOf = (role: ClusterRole | undefined): readonly LabelSelector[] =>
  role?.aggregationRule?.clusterRoleSelectors ?? []

function validate(role: ClusterRole, allowInvalidValues: boolean): readonly FieldError[] {
  const errors = [...validateRbacMeta(role.metadata, false), ...validateRules(role.rules ?? [], false)]
  if (!role.aggregationRule) return errors
  const path = Path.of('aggregationRule', 'clusterRoleSelectors')
  const selectors = selectorsOf(role)
  if (selectors.length === 0)
    errors.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'))
  for (const [index, selector] of selectors.entries()) {
    const at = path.index(index)
    errors.push(...validateLabelSelector(selector, at, { allowInvalidValues }))
    if (!isSelector(selector)) errors.push(invalidValue(at, null, 'invalid label selector.'))
  }
  return errors
}

function isSelector(selector: LabelSelector): boolean {
  try {
    selectorOf(selector)
    return true
  } catch (error) {
    if (error instanceof SelectorError) return false
    throw error
  }
}

function hasInvalidValues(role: ClusterRole): boolean {
  return selectorsOf(role).some((selector) => validateLabelSelector(selector, Path.of('selector')).length > 0)
}
