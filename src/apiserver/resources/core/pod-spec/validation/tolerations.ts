import type { Toleration } from '#api/core/v1'
import { invalidValue, isDecimalInteger, isLabelValue, notSupported, quote, validateLabelName, named } from '#machinery'
import type { FieldError, Path } from '#machinery'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** `comparison`: the operators that compare numbers are known. */
export function validateTolerations(
  tolerations: readonly Toleration[] = [],
  path: Path,
  comparison: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, toleration] of tolerations.entries()) {
    const { key = '', operator = '', effect = '', tolerationSeconds } = toleration
    const at = path.index(index)
    if (key !== '') errors.push(...validateLabelName(key, at.child('key')))
    else if (operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
      errors.push(invalidValue(at.child('operator'), named(operator), why))
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      const why = "effect must be 'NoExecute' when `tolerationSeconds` is set"
      errors.push(invalidValue(at.child('effect'), named(effect), why))
    }
    errors.push(...validateOperator(toleration, at, comparison))
    if (effect !== '' && !effects.includes(effect)) errors.push(notSupported(at.child('effect'), effect, effects))
  }
  return errors
}

function validateOperator(toleration: Toleration, path: Path, comparison: boolean): FieldError[] {
  const { value = '' } = toleration
  const operator: string = toleration.operator ?? ''
  const at = path.child('operator')
  switch (operator) {
    case 'Equal':
    case '': {
      const problems = isLabelValue(value)
      return problems.length === 0 ? [] : [invalidValue(at, value, problems.join(';'))]
    }
    case 'Exists':
      return value === '' ? [] : [invalidValue(at, value, "value must be empty when `operator` is 'Exists'")]
    case 'Lt':
    case 'Gt':
      return comparison
        ? validateNumber(value, path.child('value'))
        : [notSupported(at, operator, ['Equal', 'Exists', 'Lt', 'Gt'])]
    default:
      return [notSupported(at, operator, ['Equal', 'Exists'])]
  }
}

function validateNumber(value: string, at: Path): FieldError[] {
  const errors = isDecimalInteger(value).map((problem) => invalidValue(at, value, problem))
  const why = numberProblem(value)
  if (why !== undefined) errors.push(invalidValue(at, value, `strconv.ParseInt: parsing ${quote(value)}: ${why}`))
  return errors
}

function numberProblem(text: string): string | undefined {
  if (!/^[+-]?\d+$/.test(text)) return 'invalid syntax'
  const value = BigInt(text.replace('+', ''))
  return value >= 2n ** 63n || value < -(2n ** 63n) ? 'value out of range' : undefined
}
