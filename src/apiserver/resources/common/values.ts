import { semanticEqual } from '#base'
import { intValueOf, invalidValue, isPercent, isPercentage } from '#machinery'
import type { FieldError, IntOrString, Path } from '#machinery'

/** The API's words for numbers that can't be below zero. */
export const notNegative = 'must be greater than or equal to 0'

/** A number that, if there is one, is zero or more. */
export function nonnegative(at: Path, value: number | null | undefined): readonly FieldError[] {
  return value === undefined || value === null || value >= 0 ? [] : [invalidValue(at, value, notNegative)]
}

/** A field that stays what it was when the object was made. `shown` is how errors print it, where that differs. */
export function immutable(at: Path, value: unknown, old: unknown, shown: unknown = value): readonly FieldError[] {
  return semanticEqual(value ?? undefined, old ?? undefined)
    ? []
    : [invalidValue(at, shown ?? null, 'field is immutable')]
}

/** A counter that only rises. */
export function notDecremented(at: Path, value: number | undefined, old: number | undefined): readonly FieldError[] {
  if (old === undefined || (value !== undefined && value >= old)) return []
  return [invalidValue(at, value ?? 0, 'cannot be decremented')]
}

/** A number of zero or more, or a percentage. */
export function positiveIntOrPercent(at: Path, value: IntOrString): readonly FieldError[] {
  if (typeof value === 'number') return nonnegative(at, value)
  return isPercent(value).map((problem) => invalidValue(at, value, problem))
}

/** Figure in front of the percent sign; `undefined` for anything else. */
function percentValue(value: IntOrString): number | undefined {
  return isPercentage(value) && isPercent(value).length === 0 ? Number(value.slice(0, -1)) : undefined
}

/** The number, or the figure in front of the percent sign. */
export const intOrPercentValue = (value: IntOrString): number => percentValue(value) ?? intValueOf(value)

export function notMoreThan100Percent(at: Path, value: IntOrString): readonly FieldError[] {
  return (percentValue(value) ?? 0) <= 100 ? [] : [invalidValue(at, value, 'must not be greater than 100%')]
}
