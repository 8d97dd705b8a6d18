/** What was met on the way. */
export interface Tally {
  /** Keys of objects. */
  keys: number
  /** Some list has numbers. */
  listed: boolean
  /** A canonical value of the same type: fields that are one and the same object in it need not be read again. */
  base?: unknown
  /** The numbers of the value are the ones that were written, however large. */
  readonly exact: boolean
}

/**
 * Reads a JSON value of one type: the canonical value, which is the very same one when nothing had to change; `undefined`
 * when it is the type's nil or, for times, zero. Nulls are the caller's business.
 */
export type Reader = (value: unknown, tally: Tally) => unknown

/** A value is not of its type, or says what its type has no place for. It has no message: the exact decoder finds it. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
}

const unfitness = new Unfit('unfit')

export function unfit(): never {
  throw unfitness
}

/** Sets a property whatever its name; `__proto__` would else set the prototype. */
export function setOwn(target: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  } else target[key] = value
}
