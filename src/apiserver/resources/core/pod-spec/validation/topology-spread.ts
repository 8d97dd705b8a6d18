import type { TopologySpreadConstraint } from '#api/core/v1'
import { duplicate, invalidValue, notSupported, required, validateLabelSelector } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { validateLegacyMatchLabelKeys, validateMatchLabelKeys } from './label-keys.ts'

const actions = ['DoNotSchedule', 'ScheduleAnyway']
const policies = ['Honor', 'Ignore']

export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] = [],
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const pairOf = ({ topologyKey, whenUnsatisfiable }: TopologySpreadConstraint): string =>
    JSON.stringify([topologyKey, whenUnsatisfiable])
  const last = new Map(constraints.map((constraint, index) => [pairOf(constraint), index]))
  return constraints.flatMap((constraint, index) => {
    const at = path.index(index)
    const { topologyKey: key, whenUnsatisfiable: action, matchLabelKeys, labelSelector } = constraint
    const errors: FieldError[] = []
    if (constraint.maxSkew <= 0)
      errors.push(invalidValue(at.child('maxSkew'), constraint.maxSkew, 'must be greater than zero'))
    if (key === '') errors.push(required(at.child('topologyKey'), 'can not be empty'))
    if (!actions.includes(action)) errors.push(notSupported(at.child('whenUnsatisfiable'), action, actions))
    if (last.get(pairOf(constraint)) !== index)
      errors.push(duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${key}, ${action}}`))
    errors.push(...validateMinDomains(constraint, at.child('minDomains')))
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field]
      if (policy !== undefined && !policies.includes(policy))
        errors.push(notSupported(at.child(field), policy, policies))
    }
    errors.push(
      ...(options.legacyMatchLabelKeys
        ? validateLegacyMatchLabelKeys(at.child('matchLabelKeys'), matchLabelKeys, labelSelector)
        : validateMatchLabelKeys(at, matchLabelKeys, undefined, labelSelector)),
    )
    if (!options.allowInvalidSpreadSelector)
      errors.push(...validateLabelSelector(labelSelector, at.child('labelSelector')))
    return errors
  })
}

function validateMinDomains({ minDomains, whenUnsatisfiable }: TopologySpreadConstraint, at: Path): FieldError[] {
  if (minDomains === undefined) return []
  const errors: FieldError[] = []
  if (minDomains <= 0) errors.push(invalidValue(at, minDomains, 'must be greater than zero'))
  if (whenUnsatisfiable !== 'DoNotSchedule') {
    const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
    errors.push(invalidValue(at, minDomains, why))
  }
  return errors
}
