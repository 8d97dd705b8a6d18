import { Quantity } from '#machinery'

/** Amounts by resource name, as the API writes them. */
export interface ResourceList {
  readonly [name: string]: string
}

const parsed = new Map<string, Quantity>()
const mostParsed = 4096

/** Parses an amount; the few notations that a node sees again and again are kept. */
export function quantity(text: string): Quantity {
  let value = parsed.get(text)
  if (!value) {
    value = Quantity.parse(text)
    if (parsed.size >= mostParsed) parsed.clear()
    parsed.set(text, value)
  }
  return value
}

/** Whole units of a resource; 0 where it is not listed. */
export function amountOf(list: ResourceList | undefined, name: string): number {
  const text = list?.[name]
  return text === undefined ? 0 : quantity(text).value()
}

/** Thousandths of a resource; 0 where it is not listed. */
export function milliOf(list: ResourceList | undefined, name: string): number {
  const text = list?.[name]
  return text === undefined ? 0 : quantity(text).milliValue()
}

export type Amounts = Map<string, Quantity>

export function addTo(sum: Amounts, list: ResourceList | Amounts | undefined): void {
  for (const [name, value] of entriesOf(list)) {
    const before = sum.get(name)
    sum.set(name, before ? before.add(value) : value)
  }
}

export function raiseTo(highest: Amounts, list: ResourceList | Amounts | undefined): void {
  for (const [name, value] of entriesOf(list)) {
    const before = highest.get(name)
    if (!before || value.compare(before) > 0) highest.set(name, value)
  }
}

function entriesOf(list: ResourceList | Amounts | undefined): Iterable<readonly [string, Quantity]> {
  if (list === undefined) return []
  if (list instanceof Map) return list
  return Object.entries(list).map(([name, text]) => [name, quantity(text)])
}

/** As the API writes them, in order of name. */
export function listOf(amounts: Amounts): ResourceList {
  const names = [...amounts.keys()].sort()
  return Object.fromEntries(names.map((name) => [name, (amounts.get(name) ?? Quantity.zero).toString()]))
}
