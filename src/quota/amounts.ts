import { Quantity, resourceListOf } from '#machinery'
import type { Amounts } from '#machinery'

export const one: Quantity = Quantity.of(1)

/** What `names` has of the amounts. */
export function masked(amounts: Amounts, names: ReadonlySet<string>): Amounts {
  return new Map([...amounts].filter(([name]) => names.has(name)))
}

/** What `now` has more of than `before`; nothing where it has less. */
export function growth(now: Amounts, before: Amounts): Amounts {
  return new Map(
    [...now].map(([name, amount]) => {
      const difference = amount.sub(before.get(name) ?? Quantity.zero)
      return [name, difference.sign() < 0 ? Quantity.zero : difference]
    }),
  )
}

/** `a=1,b=2`, in order of names. */
export function printed(amounts: Amounts): string {
  return Object.entries(resourceListOf(amounts))
    .map(([name, amount]) => `${name}=${amount}`)
    .join(',')
}
