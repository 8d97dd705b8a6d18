import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from '#api/batch/v1'
import { duplicate, invalidValue, isQualifiedName, notSupported, omitted, quote, required, tooMany } from '#machinery'
import type { FieldError, Path } from '#machinery'

const maxRules = 20
const maxExitCodes = 255
const maxPatterns = 20
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const operators = ['In', 'NotIn']
const statuses = ['False', 'True', 'Unknown']

export function validatePodFailurePolicy(spec: JobSpec, at: Path): readonly FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? []
  const path = at.child('rules')
  const pods = spec.template.spec
  const names = new Set([...(pods?.containers ?? []), ...(pods?.initContainers ?? [])].map(({ name }) => name))
  return [
    ...(rules.length > maxRules ? [tooMany(path, rules.length, maxRules)] : []),
    ...rules.flatMap((rule, index) => validateRule(spec, rule, path.index(index), names)),
  ]
}

function validateRule(
  spec: JobSpec,
  rule: PodFailurePolicyRule,
  at: Path,
  containers: ReadonlySet<string>,
): readonly FieldError[] {
  const { action, onExitCodes, onPodConditions = [] } = rule
  const path = at.child('action')
  const errors: FieldError[] = []
  if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined)
      errors.push(invalidValue(path, action, 'requires the backoffLimitPerIndex to be set'))
  } else errors.push(...oneOf(path, action, actions))
  if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, at.child('onExitCodes'), containers))
  if (onPodConditions.length > 0) errors.push(...validateConditions(onPodConditions, at.child('onPodConditions')))
  if (onExitCodes && onPodConditions.length > 0)
    errors.push(invalidValue(at, omitted, 'specifying both OnExitCodes and OnPodConditions is not supported'))
  if (!onExitCodes && onPodConditions.length === 0)
    errors.push(invalidValue(at, omitted, 'specifying one of OnExitCodes and OnPodConditions is required'))
  return errors
}

function oneOf(at: Path, value: string, known: readonly string[]): readonly FieldError[] {
  if (value === '') return [required(at, `valid values: [${known.map(quote).join(' ')}]`)]
  return known.includes(value) ? [] : [notSupported(at, value, known)]
}

function validateConditions(
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
  at: Path,
): readonly FieldError[] {
  return [
    ...(patterns.length > maxPatterns ? [tooMany(at, patterns.length, maxPatterns)] : []),
    ...patterns.flatMap(({ type, status = '' }, index) => [
      ...isQualifiedName(type).map((problem) => invalidValue(at.index(index).child('type'), type, problem)),
      ...oneOf(at.index(index).child('status'), status, statuses),
    ]),
  ]
}

function validateExitCodes(
  { operator, containerName, values: given }: PodFailurePolicyOnExitCodesRequirement,
  at: Path,
  containers: ReadonlySet<string>,
): readonly FieldError[] {
  const values = given ?? []
  const errors = [...oneOf(at.child('operator'), operator, operators)]
  if (containerName !== undefined && !containers.has(containerName)) {
    const why = 'must be one of the container or initContainer names in the pod template'
    errors.push(invalidValue(at.child('containerName'), containerName, why))
  }
  const path = at.child('values')
  if (values.length === 0) errors.push(invalidValue(path, given, 'at least one value is required'))
  else if (values.length > maxExitCodes) errors.push(tooMany(path, values.length, maxExitCodes))
  const seen = new Set<number>()
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.push(invalidValue(path.index(index), value, 'must not be 0 for the In operator'))
    if (seen.has(value)) errors.push(duplicate(path.index(index), value))
    seen.add(value)
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? value) > value))
    errors.push(invalidValue(path, values, 'must be ordered'))
  return errors
}
