import { copyJson } from '#base'
import { unfit } from './reader.ts'
import type { Reader } from './reader.ts'

/** How one field of a struct is read and written. */
export interface FieldPlan {
  readonly name: string
  /** Position in canonical order. */
  readonly position: number
  /** Canonical value of a field; `undefined` leaves it to `absent`. */
  readonly read: Reader
  /** Stands for the field when it is absent, null or nil, as a copy: objects belong to who reads them; `undefined` leaves it out. */
  readonly absent: unknown
}

interface Struct {
  readonly [field: string]: unknown
}

/** Reads structs by the plans of their fields, given in canonical order. */
export function structReader(plans: readonly FieldPlan[]): Reader {
  const byName = new Map(plans.map((plan) => [plan.name, plan]))
  const empty: readonly unknown[] = plans.map(() => undefined)
  const always = plans.filter((plan) => plan.absent !== undefined).length

  return (value, tally) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return unfit()
    const input = value as Struct
    const base = tally.base as Struct | undefined
    if (base !== undefined) tally.base = undefined
    let last = -1
    let count = 0
    let emitted = 0
    // Values by position, from the first field on that is out of order or not canonical.
    let slots: unknown[] | undefined
    for (const key in input) {
      const plan = byName.get(key)
      if (plan === undefined) return unfit()
      const item = input[key]
      const result =
        item === null || item === undefined
          ? copyJson(plan.absent)
          : typeof item === 'object' && base?.[key] === item
            ? item
            : plan.read(item, tally)
      if (slots === undefined) {
        if (result === item && plan.position > last && result !== undefined) {
          last = plan.position
          if (plan.absent !== undefined) emitted++
        } else {
          slots = slotsBefore(input, byName, empty, count)
          slots[plan.position] = result
        }
      } else slots[plan.position] = result
      count++
    }
    tally.keys += count
    if (slots === undefined) {
      if (emitted === always) return input
      slots = slotsBefore(input, byName, empty, count)
    }
    return build(plans, slots)
  }
}

/** The first `count` fields of the input, which are canonical, at their positions. */
function slotsBefore(
  input: Struct,
  byName: ReadonlyMap<string, FieldPlan>,
  empty: readonly unknown[],
  count: number,
): unknown[] {
  const slots = empty.slice()
  if (count === 0) return slots
  let seen = 0
  for (const key in input) {
    const plan = byName.get(key)
    if (plan !== undefined) slots[plan.position] = input[key]
    if (++seen === count) break
  }
  return slots
}

function build(plans: readonly FieldPlan[], slots: readonly unknown[]): Struct {
  const out: { [field: string]: unknown } = {}
  for (const plan of plans) {
    const value = slots[plan.position] ?? copyJson(plan.absent)
    if (value !== undefined) out[plan.name] = value
  }
  return out
}
