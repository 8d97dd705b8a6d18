import { duplicate, invalidValue, validateLabelName } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateList } from './lists.ts'

const maxConditions = 4

interface BindingConditions {
  readonly bindingConditions?: readonly string[]
  readonly bindingFailureConditions?: readonly string[]
}

/** Conditions to wait for before a pod is bound, and those that end the wait. */
export function validateBindingConditions(conditions: BindingConditions, at: Path): readonly FieldError[] {
  const { bindingConditions: wanted = [], bindingFailureConditions: failures = [] } = conditions
  const atWanted = at.child('bindingConditions')
  const atFailures = at.child('bindingFailureConditions')
  const errors = [
    ...validateList(wanted, maxConditions, validateLabelName, atWanted),
    ...validateList(failures, maxConditions, validateLabelName, atFailures),
    ...duplicatesOf(wanted, atWanted),
  ]
  for (const [index, condition] of failures.entries()) {
    if (failures.indexOf(condition) < index) errors.push(duplicate(atFailures.index(index), condition))
    if (wanted.includes(condition)) {
      const why = 'bindingFailureConditions must not overlap with bindingConditions'
      errors.push(invalidValue(atFailures.index(index), condition, why))
    }
  }
  if (wanted.length === 0 && failures.length > 0) {
    const why = 'bindingConditions are required to use bindingFailureConditions'
    errors.push(invalidValue(atWanted, conditions.bindingConditions, why))
  }
  if (failures.length === 0 && wanted.length > 0) {
    const why = 'bindingFailureConditions are required to use bindingConditions'
    errors.push(invalidValue(atFailures, conditions.bindingFailureConditions, why))
  }
  return errors
}

function duplicatesOf(items: readonly string[], at: Path): readonly FieldError[] {
  return items.flatMap((item, index) => (items.indexOf(item) < index ? [duplicate(at.index(index), item)] : []))
}
