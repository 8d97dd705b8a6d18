import { CelError } from '../error.ts'
import { Duration, isList, isMap, kindOf, Optional, Timestamp, TypeValue, Uint } from './values.ts'
import type { Value } from './values.ts'

type Numeric = bigint | number

function numeric(value: Value): Numeric | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  return value instanceof Uint ? value.value : undefined
}

/**
 * Equality of any two values: of different kinds they differ, but for numbers. Lists and maps with their own idea of it
 * are asked when they stand on the left.
 *
 * @throws CelError for what those can't be compared with
 */
export function equal(a: Value, b: Value): boolean {
  if (b !== null && (isList(a) || isMap(a)) && a.equals) return a.equals(b)
  const [left, right] = [numeric(a), numeric(b)]
  if (left !== undefined || right !== undefined) {
    // Loose on purpose: the language compares numbers of different kinds by value.
    return left !== undefined && right !== undefined && compareNumbers(left, right) === 0
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (kindOf(a) !== kindOf(b)) return false
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return a.length === b.length && a.every((byte, index) => byte === b[index])
  if ((a instanceof Timestamp && b instanceof Timestamp) || (a instanceof Duration && b instanceof Duration))
    return a.nanos === b.nanos
  if (a instanceof TypeValue && b instanceof TypeValue) return a.name === b.name
  if (a instanceof Optional && b instanceof Optional) {
    if (a.value === undefined || b.value === undefined) return a.value === b.value
    return equal(a.value, b.value)
  }
  if (isList(a) && isList(b)) {
    if (a.size !== b.size) return false
    for (let index = 0; index < a.size; index++) if (!equal(a.at(index), b.at(index))) return false
    return true
  }
  if (isMap(a) && isMap(b)) {
    if (a.size !== b.size) return false
    for (const key of a.keys()) {
      const [own, other] = [a.get(key), b.get(key)]
      if (own === undefined || other === undefined || !equal(own, other)) return false
    }
    return true
  }
  return 'opaque' in a && 'opaque' in b && a.equals(b)
}

/** NaN is neither less, nor equal, nor greater. */
function compareNumbers(a: Numeric, b: Numeric): number | undefined {
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Order of two values of one kind, or of any two numbers; `undefined` when one is NaN.
 * @throws CelError when they have no order
 */
export function compare(a: Value, b: Value): number | undefined {
  const [left, right] = [numeric(a), numeric(b)]
  if (left !== undefined && right !== undefined) return compareNumbers(left, right)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if ((a instanceof Timestamp && b instanceof Timestamp) || (a instanceof Duration && b instanceof Duration))
    return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    for (let index = 0; index < Math.min(a.length, b.length); index++) {
      const difference = (a[index] ?? 0) - (b[index] ?? 0)
      if (difference !== 0) return Math.sign(difference)
    }
    return Math.sign(a.length - b.length)
  }
  throw new CelError('no such overload')
}

/** By code point, as bytes of UTF-8 compare. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return Math.sign(left.length - right.length)
}
