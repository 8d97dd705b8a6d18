import { Quantity } from '#machinery'

/** Amounts by resource name. */
export type Amounts = ReadonlyMap<string, Quantity>

/** Amounts as objects of the API carry them. */
export interface ResourceList {
  readonly [resource: string]: string
}

export const one: Quantity = Quantity.of(1)

export function amountsOf(list: ResourceList = {}): Amounts {
  return new Map(Object.entries(list).map(([name, text]) => [name, Quantity.parse(text)]))
}

/** In order of their names, as the API writes maps. */
export function resourceListOf(amounts: Amounts): ResourceList {
  return Object.fromEntries(
    [...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => [name, amount.toString()]),
  )
}

/** Adds to amounts in place. */
export function addInto(total: Map<string, Quantity>, more: Amounts): void {
  for (const [name, amount] of more) total.set(name, total.get(name)?.add(amount) ?? amount)
}

/** Raises amounts in place to at least those of another list. */
export function raiseInto(total: Map<string, Quantity>, other: Amounts): void {
  for (const [name, amount] of other) {
    const known = total.get(name)
    if (!known || amount.compare(known) > 0) total.set(name, amount)
  }
}

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
