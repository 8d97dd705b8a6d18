import { Quantity } from '../quantity/quantity.ts'

/** Amounts by resource name. */
export type Amounts = ReadonlyMap<string, Quantity>

/** Amounts as objects of the API carry them. */
export interface ResourceList {
  readonly [resource: string]: string
}

const parsed = new Map<string, Quantity>()
const mostParsed = 4096

/** Reads an amount; the notations that come again and again are read once. @throws QuantityError */
export function amountOf(text: string): Quantity {
  let amount = parsed.get(text)
  if (!amount) {
    amount = Quantity.parse(text)
    if (parsed.size >= mostParsed) parsed.clear()
    parsed.set(text, amount)
  }
  return amount
}

/** @throws QuantityError */
export function amountsOf(list: ResourceList = {}): Map<string, Quantity> {
  const amounts = new Map<string, Quantity>()
  for (const name in list) amounts.set(name, amountOf(list[name] ?? '0'))
  return amounts
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
