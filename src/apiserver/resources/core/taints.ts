import type { Taint } from '#api/core/v1'
import { duplicate, invalidValue, isLabelValue, required, validateLabelName } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateOneOf } from './checks.ts'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

export function validateTaints(taints: readonly Taint[], path: Path): readonly FieldError[] {
  const seen = new Set<string>()
  return taints.flatMap((taint, index) => {
    const at = path.index(index)
    const { key, value = '', effect } = taint
    const errors: FieldError[] = [...validateLabelName(key, at.child('key'))]
    const problems = isLabelValue(value)
    if (problems.length > 0) errors.push(invalidValue(at.child('value'), value, problems.join(';')))
    if (effect === undefined || (effect as string) === '') errors.push(required(at.child('effect')))
    else errors.push(...validateOneOf(effect, effects, at.child('effect')))
    const pair = `${effect} ${key}`
    if (seen.has(pair))
      errors.push({
        ...duplicate(at, { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null }),
        detail: 'taints must be unique by key and effect pair',
      })
    seen.add(pair)
    return errors
  })
}
