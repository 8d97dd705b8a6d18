/** Host names as Gateway API writes them; the empty one is any. */

/** What two host names have in common; `undefined` when that is nothing. */
export function intersection(a: string, b: string): string | undefined {
  if (covers(a, b)) return b
  return covers(b, a) ? a : undefined
}

/** Whether every host that `narrow` stands for is one of `wide`. A `*` stands for one label and more. */
export function covers(wide: string, narrow: string): boolean {
  if (wide === '' || wide === narrow) return true
  return wide.startsWith('*.') && narrow.endsWith(wide.slice(1)) && narrow.length > wide.length - 1
}

/** Orders the more specific first: exact ones, then longer ones. */
export function bySpecificity(a: string, b: string): number {
  return Number(b !== '' && !b.startsWith('*.')) - Number(a !== '' && !a.startsWith('*.')) || b.length - a.length
}
