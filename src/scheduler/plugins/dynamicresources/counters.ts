import type { Device } from '#api/resource/v1'
import { amountOf, Quantity } from '#machinery'
import type { Counters, Pool } from './pools.ts'

type Amounts = Map<string, Map<string, Quantity>>

/** What devices in use leave of the counters that the devices of pools share (KEP-4815). */
export class CounterUse {
  readonly #isInUse: (id: string) => boolean
  readonly #left = new Map<string, Amounts>()

  /** @param isInUse whether claims have the device, or shares of it */
  constructor(isInUse: (id: string) => boolean) {
    this.#isInUse = isInUse
  }

  /** Takes what a device needs; nothing where that is too much. */
  take(pool: Pool, { consumesCounters = [] }: Device): boolean {
    const left = this.#leftIn(pool)
    const isEnough = consumesCounters.every(({ counterSet, counters }) =>
      Object.entries(counters).every(([name, { value }]) => {
        const rest = left.get(counterSet)?.get(name) ?? Quantity.zero
        return rest.compare(amountOf(value)) >= 0
      }),
    )
    if (isEnough) add(left, consumesCounters, -1)
    return isEnough
  }

  giveBack(pool: Pool, { consumesCounters = [] }: Device): void {
    add(this.#leftIn(pool), consumesCounters, 1)
  }

  #leftIn({ id, counters, sharing }: Pool): Amounts {
    let left = this.#left.get(id)
    if (left) return left
    left = copyOf(counters)
    for (const [device, { consumesCounters = [] }] of sharing) {
      if (consumesCounters.length > 0 && this.#isInUse(device)) add(left, consumesCounters, -1)
    }
    this.#left.set(id, left)
    return left
  }
}

function copyOf(counters: Counters): Amounts {
  return new Map([...counters].map(([set, amounts]) => [set, new Map(amounts)]))
}

function add(left: Amounts, consumed: NonNullable<Device['consumesCounters']>, sign: 1 | -1): void {
  for (const { counterSet, counters } of consumed) {
    const set = left.get(counterSet)
    for (const [name, { value }] of Object.entries(counters)) {
      const amount = amountOf(value)
      set?.set(name, (set.get(name) ?? Quantity.zero).add(sign > 0 ? amount : amount.neg()))
    }
  }
}
