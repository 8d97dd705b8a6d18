import { compareAmounts, makeAmount, negate, scaleAmount } from './amount.ts'
import type { Amount } from './amount.ts'
import { suffixOf } from './suffix.ts'
import type { QuantityFormat, Suffix } from './suffix.ts'

const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const numeric = 'unable to parse numeric part of quantity'
const suffixWrong = "unable to parse quantity's suffix"

/** A text is no quantity; the message is the API's. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError'
}

export interface ParsedQuantity {
  readonly amount: Amount
  readonly format: QuantityFormat
  /** The text itself, where the API takes it for canonical and keeps it. */
  readonly text?: string
}

/** Sign, whole digits without leading zeros, fraction digits, suffix. All parts may be empty: `Ki` is zero. */
const shape = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/

const maxDigits = 18
const maxInt64: Amount = makeAmount(2n ** 63n - 1n, 0)
const one: Amount = { unscaled: 1, exponent: 0 }
/** Amounts finer than this are rounded away from zero. */
const nano = -9

/**
 * Reads a quantity by the rules of the API: binary amounts are capped at 2^63-1, and amounts finer than 10^-9 rounded up.
 *
 * @throws QuantityError with the API's message.
 */
export function parseAmount(text: string): ParsedQuantity {
  if (text === '') throw new QuantityError(formatWrong)
  if (text === '0') return { amount: { unscaled: 0, exponent: 0 }, format: 'DecimalSI', text }
  const match = shape.exec(text)
  if (match === null) throw new QuantityError(formatWrong)
  const [, sign, whole = '', fraction = '', tail = ''] = match
  const suffix = suffixOf(tail)
  if (suffix === undefined) throw new QuantityError(suffixWrong)
  const num = whole === '' ? '0' : whole
  const negative = sign === '-'

  if (suffix.format === 'BinarySI') {
    const precision = 15 - num.length - Math.trunc((suffix.exponent * 3) / 10) - 1
    if (fraction === '' && precision >= 0) {
      const value = Number(num)
      const amount = signed(makeAmount(BigInt(value) << BigInt(suffix.exponent), 0), negative)
      return { amount, format: 'BinarySI', ...(value % 8 === 0 ? {} : { text }) }
    }
    return precise(match, suffix)
  }

  const exponent = suffix.exponent - fraction.length
  if (num.length + fraction.length <= maxDigits && exponent >= nano) {
    const digits = num + fraction
    const amount = signed(makeAmount(digits.length < 16 ? Number(digits) : BigInt(digits), exponent), negative)
    const canonical = exponent % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
    return { amount, format: suffix.format, ...(canonical ? { text } : {}) }
  }
  return precise(match, suffix)
}

const signed = (amount: Amount, negative: boolean): Amount => (negative ? negate(amount) : amount)

/** The way of what has the {@link shape} for amounts of any size: rounded up to nano, capped when binary. */
function precise(match: RegExpExecArray, suffix: Suffix): ParsedQuantity {
  const [text, sign, whole = '', fraction = ''] = match
  if (!/^[+-]?\.?\d/.test(text)) throw new QuantityError(numeric)
  const [factor, exponent] = suffix.base === 2 ? [2n ** BigInt(suffix.exponent), 0] : [1n, suffix.exponent]
  let { format } = suffix
  let amount = makeAmount(BigInt(`0${whole}${fraction}`) * factor, exponent - fraction.length)
  if (amount.exponent < nano) amount = makeAmount(scaleAmount(amount, nano).value, nano)
  if (format === 'BinarySI') {
    if (compareAmounts(amount, maxInt64) > 0) amount = maxInt64
    if (amount.unscaled !== 0 && compareAmounts(amount, one) < 0) format = 'DecimalSI'
  }
  return { amount: signed(amount, sign === '-'), format }
}
