import { amountOf } from '#machinery'
import type { ResourceList } from '#machinery'

/** Whole units of a resource; 0 where it is not listed. */
export function unitsOf(list: ResourceList | undefined, name: string): number {
  const text = list?.[name]
  return text === undefined ? 0 : amountOf(text).value()
}

/** Thousandths of a resource; 0 where it is not listed. */
export function milliOf(list: ResourceList | undefined, name: string): number {
  const text = list?.[name]
  return text === undefined ? 0 : amountOf(text).milliValue()
}
