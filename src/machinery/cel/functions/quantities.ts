import { Quantity, QuantityError } from '../../quantity/quantity.ts'
import { CelError } from '../error.ts'
import type { Opaque } from '../values/values.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'

/** A resource quantity as a value. */
class QuantityValue implements Opaque {
  readonly opaque = 'kubernetes.Quantity'
  readonly quantity: Quantity
  /** Written without a fraction, which makes it an integer: `1000m` is none. */
  readonly whole: boolean

  constructor(quantity: Quantity, whole: boolean) {
    this.quantity = quantity
    this.whole = whole
  }

  equals(other: Opaque): boolean {
    return other instanceof QuantityValue && this.quantity.compare(other.quantity) === 0
  }
}

const written = /^[+-]?\d*(?:\.(\d*))?(m|u|n|k|M|G|T|P|E|[KMGTPE]i|[eE]([+-]?\d+))?$/
const powers = new Map(
  ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index) => [suffix, index * 3 - 9]),
)

function isWhole(text: string): boolean {
  const [, fraction = '', suffix = '', exponent] = written.exec(text) ?? []
  if (suffix.endsWith('i')) return fraction === ''
  const power = exponent === undefined ? (powers.get(suffix) ?? 0) : Number(exponent)
  return power - fraction.length >= 0 || /^[+-]?[0.]*$/.test(text)
}

function combined(a: QuantityValue, b: QuantityValue, quantity: Quantity): QuantityValue {
  return new QuantityValue(quantity, b.whole && (a.whole || a.quantity.isZero()))
}

/** The value that a quantity is in an expression; `undefined` where the text is none. */
export function quantityValue(text: string): Opaque | undefined {
  return read(text)
}

function read(text: string): QuantityValue | undefined {
  try {
    return new QuantityValue(Quantity.parse(text), isWhole(text))
  } catch (error) {
    if (error instanceof QuantityError) return undefined
    throw error
  }
}

const type = 'kubernetes.Quantity'
const amount = (value: bigint): QuantityValue => new QuantityValue(Quantity.of(value), true)

function wholeOf({ quantity, whole }: QuantityValue): bigint | undefined {
  if (!whole) return undefined
  const value = quantity.wideValue()
  const fits = value < 2n ** 63n && value >= -(2n ** 63n)
  return fits && Quantity.of(value).compare(quantity) === 0 ? value : undefined
}

/** Kubernetes' library of resource quantities. */
export const quantityFunctions: readonly Overload[] = [
  global('quantity', ['string'], type, (text: string) => {
    const value = read(text)
    if (!value)
      throw new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    return value
  }),
  global('isQuantity', ['string'], 'bool', (text: string) => read(text) !== undefined),
  member('isInteger', [type], 'bool', (value: QuantityValue) => wholeOf(value) !== undefined),
  member('asInteger', [type], 'int', (value: QuantityValue) => {
    const whole = wholeOf(value)
    if (whole === undefined) throw new CelError('cannot convert value to integer')
    return whole
  }),
  member('asApproximateFloat', [type], 'double', ({ quantity }: QuantityValue) => quantity.approximate()),
  global('sign', [type], 'int', ({ quantity }: QuantityValue) => BigInt(quantity.sign())),
  member('add', [type, type], type, (a: QuantityValue, b: QuantityValue) => combined(a, b, a.quantity.add(b.quantity))),
  member('add', [type, 'int'], type, (a: QuantityValue, b: bigint) =>
    combined(a, amount(b), a.quantity.add(amount(b).quantity)),
  ),
  member('sub', [type, type], type, (a: QuantityValue, b: QuantityValue) => combined(a, b, a.quantity.sub(b.quantity))),
  member('sub', [type, 'int'], type, (a: QuantityValue, b: bigint) =>
    combined(a, amount(b), a.quantity.sub(amount(b).quantity)),
  ),
  member(
    'isLessThan',
    [type, type],
    'bool',
    (a: QuantityValue, b: QuantityValue) => a.quantity.compare(b.quantity) < 0,
  ),
  member(
    'isGreaterThan',
    [type, type],
    'bool',
    (a: QuantityValue, b: QuantityValue) => a.quantity.compare(b.quantity) > 0,
  ),
  member('compareTo', [type, type], 'int', (a: QuantityValue, b: QuantityValue) =>
    BigInt(a.quantity.compare(b.quantity)),
  ),
]
