import { quote } from '../errors/quote.ts'

/** The API's `IntOrString`: a 32-bit number or a text, often a percentage. */
export type IntOrString = number | string

/** The value is neither a number nor a percentage; the message is the API's. */
export class IntOrPercentError extends Error {
  override readonly name = 'IntOrPercentError'
}

const integer = /^[+-]?\d+$/
const percentage = /^[^]*%$/

/** A number for texts that read as 32-bit integers, else the text. */
export function parseIntOrString(text: string): IntOrString {
  if (!integer.test(text)) return text
  const value = Number(text)
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : text
}

/** The number, or what the text reads as; 0 for other texts. */
export function intValueOf(value: IntOrString): number {
  if (typeof value === 'number') return value
  return integer.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : 0
}

/** Whether the text is a percentage such as `25%` (the number in front of the sign may still be none). */
export const isPercentage = (value: IntOrString): value is string => typeof value === 'string' && percentage.test(value)

/**
 * A number as it is; a percentage as that part of `total`, rounded as asked.
 *
 * @throws IntOrPercentError with the API's message.
 */
export function scaledIntOrPercent(value: IntOrString, total: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value
  if (!isPercentage(value)) {
    throw new IntOrPercentError('invalid value for IntOrString: invalid type: string is not a percentage')
  }
  const text = value.slice(0, -1)
  const broken = problemOf(text)
  if (broken !== undefined) {
    const why = `strconv.Atoi: parsing ${quote(text)}: ${broken}`
    throw new IntOrPercentError(`invalid value for IntOrString: invalid value ${quote(value)}: ${why}`)
  }
  const part = (Number(text) * total) / 100
  return rounding === 'up' ? Math.ceil(part) : Math.floor(part)
}

function problemOf(text: string): string | undefined {
  if (!integer.test(text)) return 'invalid syntax'
  const value = BigInt(text.replace('+', ''))
  return value >= 2n ** 63n || value < -(2n ** 63n) ? 'value out of range' : undefined
}
