import { Quantity, QuantityError } from '../../quantity/quantity.ts'
import { CelError } from '../error.ts'
import type { Opaque } from '../values/values.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'

/** A resource quantity as a value. */
class QuantityValue implements Opaque {
  readonly opaque = 'kubernetes.Quantity'
  readonly quantity: Quantity

  constructor(quantity: Quantity) {
    this.quantity = quantity
  }

  equals(other: Opaque): boolean {
    return other instanceof QuantityValue && this.quantity.compare(other.quantity) === 0
  }
}

/** The value that a quantity is in an expression; `undefined` where the text is none. */
export function quantityValue(text: string): Opaque | undefined {
  return read(text)
}

function read(text: string): QuantityValue | undefined {
  try {
    return new QuantityValue(Quantity.parse(text))
  } catch (error) {
    if (error instanceof QuantityError) return undefined
    throw error
  }
}

const type = 'kubernetes.Quantity'
const amount = (value: bigint): Quantity => Quantity.of(value)

function wholeOf({ quantity }: QuantityValue): bigint | undefined {
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
  member('sign', [type], 'int', ({ quantity }: QuantityValue) => BigInt(quantity.sign())),
  member(
    'add',
    [type, type],
    type,
    (a: QuantityValue, b: QuantityValue) => new QuantityValue(a.quantity.add(b.quantity)),
  ),
  member('add', [type, 'int'], type, (a: QuantityValue, b: bigint) => new QuantityValue(a.quantity.add(amount(b)))),
  member(
    'sub',
    [type, type],
    type,
    (a: QuantityValue, b: QuantityValue) => new QuantityValue(a.quantity.sub(b.quantity)),
  ),
  member('sub', [type, 'int'], type, (a: QuantityValue, b: bigint) => new QuantityValue(a.quantity.sub(amount(b)))),
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
