import type { Condition } from '#api/meta/v1'
import {
  byteLength,
  duplicate,
  invalidValue,
  notSupported,
  regexError,
  required,
  tooLong,
  validateLabelName,
} from '#machinery'
import type { FieldError, Path } from '#machinery'

const statuses = ['False', 'True', 'Unknown']
const maxReason = 1024
const maxMessage = 32 * 1024
const reasonFormat = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'
const reasonPattern = new RegExp(`^${reasonFormat}$`)
const reasonError = regexError(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  reasonFormat,
  'my_name',
  'MY_NAME',
  'MyName',
  'ReasonA,ReasonB',
  'ReasonA:ReasonB',
)

/** Rules for a list of `meta/v1 Condition`. */
export function validateConditions(conditions: readonly Condition[] | undefined, at: Path): readonly FieldError[] {
  const seen = new Set<string>()
  return (conditions ?? []).flatMap((condition, index) => {
    const path = at.index(index)
    const errors = seen.has(condition.type) ? [duplicate(path.child('type'), condition.type)] : []
    seen.add(condition.type)
    return [...errors, ...validateCondition(condition, path)]
  })
}

function validateCondition(condition: Condition, at: Path): readonly FieldError[] {
  const { type, status, observedGeneration = 0, lastTransitionTime, reason, message } = condition
  const errors = [...validateLabelName(type, at.child('type'))]
  if (!statuses.includes(status)) errors.push(notSupported(at.child('status'), status, statuses))
  if (observedGeneration < 0) {
    const why = 'must be greater than or equal to zero'
    errors.push(invalidValue(at.child('observedGeneration'), observedGeneration, why))
  }
  if (!lastTransitionTime) errors.push(required(at.child('lastTransitionTime')))
  const atReason = at.child('reason')
  if (reason === '') errors.push(required(atReason))
  else {
    if (!reasonPattern.test(reason)) errors.push(invalidValue(atReason, reason, reasonError))
    if (byteLength(reason) > maxReason) errors.push(tooLong(atReason, maxReason))
  }
  if (byteLength(message) > maxMessage) errors.push(tooLong(at.child('message'), maxMessage))
  return errors
}
