import type { CapacityRequestPolicy, CapacityRequestPolicyRange } from '#api/resource/v1'
import { fieldForbidden, invalidValue, Quantity, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateSet } from '../lists.ts'

const maxValues = 10

/** How much of a device's capacity can be asked for: some values, or those of a range. */
export function validateRequestPolicy(
  capacity: Quantity,
  policy: CapacityRequestPolicy,
  at: Path,
): readonly FieldError[] {
  const { validValues = [], validRange } = policy
  // It stands there even when it is not set, as null.
  const fallback = policy.default ?? undefined
  if (validValues.length > 0 && validRange) {
    const why = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time'
    return [fieldForbidden(at, why)]
  }
  if (validValues.length > 0) {
    return fallback === undefined
      ? [required(at.child('default'), 'required when validValues is defined')]
      : validateValues(Quantity.parse(fallback), capacity, validValues, at.child('validValues'))
  }
  if (!validRange) return []
  return fallback === undefined
    ? [required(at.child('default'), 'required when validRange is defined')]
    : validateRange(Quantity.parse(fallback), capacity, validRange, at.child('validRange'))
}

function validateValues(
  fallback: Quantity,
  capacity: Quantity,
  values: readonly string[],
  at: Path,
): readonly FieldError[] {
  const amounts = values.map((value) => Quantity.parse(value))
  const errors = amounts.flatMap((amount, index) =>
    index > 0 && (amounts[index - 1] ?? amount).compare(amount) > 0
      ? [invalidValue(at.index(index), amount.toString(), 'values must be sorted in ascending order')]
      : [],
  )
  errors.push(
    ...validateSet(
      amounts,
      maxValues,
      (amount, path) =>
        amount.compare(capacity) > 0
          ? [invalidValue(path, amount.toString(), `option is larger than capacity value: ${capacity.toString()}`)]
          : [],
      (amount) => String(amount.value()),
      at,
    ),
  )
  const known = values.length <= maxValues && amounts.some((amount) => amount.equals(fallback))
  if (!known)
    errors.push(invalidValue(at, fallback.toString(), 'default value is not valid according to the requestPolicy'))
  return errors
}

function validateRange(
  fallback: Quantity,
  capacity: Quantity,
  range: CapacityRequestPolicyRange,
  at: Path,
): readonly FieldError[] {
  if ((range.min as string | null | undefined) === undefined || range.min === null)
    return [required(at.child('min'), 'required when validRange is defined')]
  const min = Quantity.parse(range.min)
  const max = range.max === undefined ? undefined : Quantity.parse(range.max)
  const step = range.step === undefined ? undefined : Quantity.parse(range.step)
  const errors: FieldError[] = []
  const wrong = (field: string, value: Quantity, why: string): void => {
    errors.push(invalidValue(at.child(field), value.toString(), why))
  }
  const whole = `capacity value: ${capacity.toString()}`
  if (min.compare(capacity) > 0) wrong('min', min, `min is larger than ${whole}`)
  if (fallback.compare(min) < 0) wrong('min', fallback, `default is less than min: ${min.toString()}`)
  if (max) {
    if (min.compare(max) > 0) wrong('max', min, `min is larger than max: ${max.toString()}`)
    if (max.compare(capacity) > 0) wrong('max', max, `max is larger than ${whole}`)
    if (fallback.compare(max) > 0) wrong('max', fallback, `default is more than max: ${max.toString()}`)
  }
  if (!step) return errors
  const first = min.add(step)
  if (first.compare(capacity) > 0) wrong('step', step, `one step ${first.toString()} is larger than ${whole}`)
  for (const value of [fallback, ...(max ? [max] : [])]) {
    if (step.sign() !== 0 && (value.wideValue() - min.wideValue()) % step.wideValue() === 0n) continue
    const why = `value is not a multiple of a given step (${step.toString()}) from (${min.toString()})`
    wrong('step', value, why)
  }
  return errors
}
