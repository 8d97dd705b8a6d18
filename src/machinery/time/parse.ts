import { bytesOf, quoteBytes } from '../text/quote-bytes.ts'
import { daysInMonth, daysOf, formatMicroTime, formatTime, isZeroTime } from './time.ts'
import type { Instant } from './time.ts'

/** A text is no time; the message is the API's. */
export class TimeError extends Error {
  override readonly name = 'TimeError'
}

const secondsLayout = '2006-01-02T15:04:05Z07:00'
const localLayout = '2006-01-02T15:04:05'
const microLayout = '2006-01-02T15:04:05.000000Z07:00'

const plain = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d+))?Z$/

/**
 * Reads the API's `Time`: RFC 3339, any fraction, any offset.
 *
 * @throws TimeError with the API's message.
 */
export function parseTime(text: string): Instant {
  return quickly(text) ?? new Reader(text, secondsLayout).read(false)
}

/**
 * Reads a time without an offset, as one of UTC.
 *
 * @throws TimeError with the API's message.
 */
export function parseLocalTime(text: string): Instant {
  return new Reader(text, localLayout).read(false)
}

/**
 * Reads the API's `MicroTime`: RFC 3339 with six digits of fraction.
 *
 * @throws TimeError with the API's message.
 */
export function parseMicroTime(text: string): Instant {
  const quick = text.length === 27 ? quickly(text) : undefined
  return quick ?? new Reader(text, microLayout).read(true)
}

/** The canonical form of a `Time`; `null` for the zero time. */
export function canonicalTime(text: string): string | null {
  if (text.length === 20 && text.charCodeAt(4) === 0x2d && isPlain(text))
    return text.startsWith('0001') ? zero(text) : text
  const instant = parseTime(text)
  return isZeroTime(instant) ? null : formatTime(instant.seconds)
}

/** The canonical form of a `MicroTime`; `null` for the zero time. */
export function canonicalMicroTime(text: string): string | null {
  const instant = parseMicroTime(text)
  return isZeroTime(instant) ? null : formatMicroTime(instant)
}

const zero = (text: string): string | null => (text === '0001-01-01T00:00:00Z' ? null : text)

function isPlain(text: string): boolean {
  return plain.test(text) && (Number(text.slice(8, 10)) <= 28 || dayExists(text))
}

function dayExists(text: string): boolean {
  return Number(text.slice(8, 10)) <= daysInMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7)))
}

/** UTC in its usual spelling; `undefined` leaves the text to the reader, which knows the odd forms and the errors. */
function quickly(text: string): Instant | undefined {
  const match = plain.exec(text)
  if (match === null || !dayExists(text)) return undefined
  const at = (from: number): number => Number(text.slice(from, from + 2))
  const days = daysOf(Number(text.slice(0, 4)), at(5), at(8))
  const nanos = match[1] === undefined ? 0 : Number(match[1].slice(0, 9).padEnd(9, '0'))
  return { seconds: days * 86_400 + at(11) * 3600 + at(14) * 60 + at(17), nanos }
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

/** Reads chunk after chunk of a layout, with the leniency and the errors of the API. Texts are held as bytes. */
class Reader {
  readonly #whole: string
  readonly #layout: string
  #rest: string

  constructor(text: string, layout: string) {
    this.#whole = bytesOf(text)
    this.#rest = this.#whole
    this.#layout = layout
  }

  read(micro: boolean): Instant {
    const year = this.#year()
    this.#skip('-')
    const month = this.#number('01', true, 1, 12, 'month')
    this.#skip('-')
    const day = this.#number('02', true, 0, 99, 'day')
    this.#skip('T')
    const hour = this.#number('15', false, 0, 23, 'hour')
    this.#skip(':')
    const minute = this.#number('04', true, 0, 59, 'minute')
    this.#skip(':')
    const second = this.#number('05', true, 0, 59, 'second')
    const nanos = micro ? this.#microseconds() : this.#fraction()
    const offset = this.#layout === localLayout ? 0 : this.#zone()
    if (this.#rest !== '') this.#refuse(`: extra text: ${quoteBytes(this.#rest)}`)
    if (day < 1 || day > daysInMonth(year, month)) this.#refuse(': day out of range')
    const days = daysOf(year, month, day)
    return { seconds: days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanos }
  }

  #refuse(message: string): never {
    throw new TimeError(`parsing time ${quoteBytes(this.#whole)}${message}`)
  }

  #mismatch(chunk: string, rest: string): never {
    this.#refuse(` as ${quoteBytes(this.#layout)}: cannot parse ${quoteBytes(rest)} as ${quoteBytes(chunk)}`)
  }

  #skip(character: string): void {
    if (!this.#rest.startsWith(character)) this.#mismatch(character, this.#rest)
    this.#rest = this.#rest.slice(1)
  }

  #year(): number {
    const digits = this.#rest.slice(0, 4)
    if (!/^\d{4}$/.test(digits)) this.#mismatch('2006', this.#rest)
    this.#rest = this.#rest.slice(4)
    return Number(digits)
  }

  #number(chunk: string, fixed: boolean, min: number, max: number, name: string): number {
    const hold = this.#rest
    if (!isDigit(hold, 0) || (fixed && !isDigit(hold, 1))) this.#mismatch(chunk, hold)
    const length = isDigit(hold, 1) ? 2 : 1
    this.#rest = hold.slice(length)
    const value = Number(hold.slice(0, length))
    if (value < min || value > max) this.#refuse(`: ${name} out of range`)
    return value
  }

  #fraction(): number {
    const match = /^[.,](\d+)/.exec(this.#rest)
    if (match === null) return 0
    this.#rest = this.#rest.slice(match[0].length)
    return Number((match[1] ?? '').slice(0, 9).padEnd(9, '0'))
  }

  #microseconds(): number {
    const hold = this.#rest
    const chunk = '.000000'
    if (hold.length < 7 || !/^[.,](?:[+-]\d{5}|\d{6})/.test(hold)) this.#mismatch(chunk, hold)
    this.#rest = hold.slice(7)
    const micros = Number(hold.slice(1, 7))
    if (micros < 0) this.#refuse(': fractional second out of range')
    return micros * 1000
  }

  /** Offset in seconds. */
  #zone(): number {
    const hold = this.#rest
    if (hold.startsWith('Z')) {
      this.#rest = hold.slice(1)
      return 0
    }
    const match = /^([^])([^]{2}):([^]{2})/.exec(hold)
    if (match === null) this.#mismatch('Z07:00', hold)
    const [, sign, hours = '', minutes = ''] = match
    this.#rest = hold.slice(6)
    const whole = /^\d\d$/
    const hourOk = whole.test(hours)
    const minuteOk = hourOk && whole.test(minutes)
    if (minuteOk && Number(minutes) > 60) this.#refuse(': time zone offset minute out of range')
    if (hourOk && Number(hours) > 24) this.#refuse(': time zone offset hour out of range')
    if (!minuteOk || (sign !== '+' && sign !== '-')) this.#mismatch('Z07:00', hold)
    const offset = (Number(hours) * 60 + Number(minutes)) * 60
    return sign === '-' ? -offset : offset
  }
}
