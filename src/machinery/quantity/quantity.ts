import { Remembered } from '#base'
import {
  addAmounts,
  compareAmounts,
  makeAmount,
  multiplyAmount,
  negate,
  scaleAmount,
  signOf,
  withoutFactors,
} from './amount.ts'
import type { Amount } from './amount.ts'
import { parseAmount } from './parse.ts'
import { binarySuffix, decimalSuffix } from './suffix.ts'
import type { QuantityFormat } from './suffix.ts'

export { QuantityError } from './parse.ts'
export type { QuantityFormat } from './suffix.ts'

const kibi: Amount = { unscaled: 1024, exponent: 0 }
const minusKibi: Amount = { unscaled: -1024, exponent: 0 }
const largest = 2n ** 63n - 1n

/**
 * An exact fixed-point amount with the notation it was written in: `500m`, `1536Mi`, `12e6`. Quantities are values;
 * arithmetic makes new ones.
 */
export class Quantity {
  readonly format: QuantityFormat
  readonly #amount: Amount
  #text: string | undefined

  private constructor(amount: Amount, format: QuantityFormat, text?: string) {
    this.#amount = amount
    this.format = format
    this.#text = text
  }

  static readonly zero: Quantity = new Quantity({ unscaled: 0, exponent: 0 }, 'DecimalSI', '0')

  /**
   * Reads the API's notation.
   *
   * @throws QuantityError with the API's message.
   */
  static parse(text: string): Quantity {
    const { amount, format, text: kept } = parseAmount(text)
    return new Quantity(amount, format, kept)
  }

  /** `value` x 10^`exponent`; the value is a whole number. */
  static of(value: number | bigint, exponent = 0, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity(makeAmount(value, exponent), format)
  }

  /** `value` thousandths: millicores. */
  static ofMilli(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return Quantity.of(value, -3, format)
  }

  /** The sum, in this quantity's notation; in the other's when this is zero. */
  add(other: Quantity): Quantity {
    return new Quantity(addAmounts(this.#amount, other.#amount), this.isZero() ? other.format : this.format)
  }

  /** The difference, in this quantity's notation; in the other's when this is zero. */
  sub(other: Quantity): Quantity {
    return new Quantity(addAmounts(this.#amount, negate(other.#amount)), this.isZero() ? other.format : this.format)
  }

  /** The product with a whole number. */
  mul(by: number): Quantity {
    return new Quantity(multiplyAmount(this.#amount, by), this.format)
  }

  neg(): Quantity {
    return new Quantity(negate(this.#amount), this.format)
  }

  compare(other: Quantity): -1 | 0 | 1 {
    return compareAmounts(this.#amount, other.#amount)
  }

  equals(other: Quantity): boolean {
    return this.compare(other) === 0
  }

  isZero(): boolean {
    return this.#amount.unscaled === 0
  }

  sign(): -1 | 0 | 1 {
    return signOf(this.#amount)
  }

  /** In whole units, rounded away from zero. Beyond 2^53 to the nearest number, and at most 2^63-1 in magnitude. */
  value(): number {
    return this.scaled(0)
  }

  /** In thousandths, rounded as {@link value}. */
  milliValue(): number {
    return this.scaled(-3)
  }

  /** In units of 10^`exponent`, rounded as {@link value}. */
  scaled(exponent: number): number {
    const { value } = scaleAmount(this.#amount, exponent)
    return typeof value === 'number' ? value : Number(clamp(value))
  }

  /** In whole units, rounded away from zero, at most 2^63-1 in magnitude. */
  wideValue(): bigint {
    return clamp(BigInt(scaleAmount(this.#amount, 0).value))
  }

  /** Rounded away from zero to a multiple of 10^`exponent`. */
  roundUp(exponent: number): Quantity {
    if (this.#amount.exponent >= exponent) return this
    return new Quantity(makeAmount(scaleAmount(this.#amount, exponent).value, exponent), this.format)
  }

  /** Whether it is a multiple of 10^`exponent`. */
  isMultipleOf(exponent: number): boolean {
    return scaleAmount(this.#amount, exponent).exact
  }

  /** The nearest floating-point number. */
  approximate(): number {
    return Number(`${this.#amount.unscaled}e${this.#amount.exponent}`)
  }

  /** The canonical notation: as short as it goes without a fraction and without loss. */
  toString(): string {
    this.#text ??= print(this.#amount, this.format)
    return this.#text
  }

  toJSON(): string {
    return this.toString()
  }
}

function clamp(value: bigint): bigint {
  return value > largest ? largest : value < -largest ? -largest : value
}

/** Canonical form: binary only for whole amounts of at least 1024, decimal exponents in steps of three. */
function print(amount: Amount, format: QuantityFormat): string {
  if (amount.unscaled === 0) return '0'
  if (format === 'BinarySI') {
    const small = compareAmounts(amount, kibi) < 0 && compareAmounts(amount, minusKibi) > 0
    const whole = scaleAmount(amount, 0)
    if (!small && whole.exact) {
      const [mantissa, times] = withoutFactors(whole.value, 1024)
      return `${mantissa}${binarySuffix(times * 10)}`
    }
    format = 'DecimalSI'
  }
  const [mantissa, times] = withoutFactors(amount.unscaled, 10)
  const exponent = amount.exponent + times
  const surplus = ((exponent % 3) + 3) % 3
  return `${mantissa}${'0'.repeat(surplus)}${decimalSuffix(exponent - surplus, format)}`
}

const canonicalForms = new Remembered(4096, (text) => Quantity.parse(text).toString())

/**
 * The canonical form of a quantity's text. Objects repeat the same few texts, so answers are remembered.
 *
 * @throws QuantityError with the API's message.
 */
export function canonicalQuantity(text: string): string {
  return canonicalForms.of(text)
}
