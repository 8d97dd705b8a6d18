import { bytesOf, quoteBytes } from '../text/quote-bytes.ts'

/** A text is no duration; the message is the API's. */
export class DurationError extends Error {
  override readonly name = 'DurationError'
}

const nanosPer: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

const limit = 2n ** 63n

/**
 * Reads a duration such as `1h30m`, `-1.5s` or `300ms`: nanoseconds.
 *
 * @throws DurationError with the API's message.
 */
export function parseDuration(text: string): bigint {
  const refuse = (): never => {
    throw new DurationError(`time: invalid duration ${quoteBytes(bytesOf(text))}`)
  }
  const negative = text.startsWith('-')
  let rest = /^[+-]/.test(text) ? text.slice(1) : text
  if (rest === '0') return 0n
  if (rest === '') return refuse()
  let total = 0n
  while (rest !== '') {
    const match = /^(\d*)(?:\.(\d*))?/.exec(rest)
    const [number = '', whole = '', fraction = ''] = match ?? []
    if (whole === '' && fraction === '') return refuse()
    if (whole.length > 40 || BigInt(whole === '' ? 0 : whole) > limit) return refuse()
    rest = rest.slice(number.length)
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? ''
    if (unit === '') throw new DurationError(`time: missing unit in duration ${quoteBytes(bytesOf(text))}`)
    const nanos = nanosPer[unit]
    if (nanos === undefined)
      throw new DurationError(
        `time: unknown unit ${quoteBytes(bytesOf(unit))} in duration ${quoteBytes(bytesOf(text))}`,
      )
    rest = rest.slice(unit.length)
    const value = BigInt(whole === '' ? 0 : whole) * nanos
    if (value > limit) return refuse()
    total += value + fractionOf(fraction, nanos)
    if (total > limit) return refuse()
  }
  if (!negative && total > limit - 1n) return refuse()
  return negative ? -total : total
}

/** The part of a unit that a fraction's digits stand for, cut to nanoseconds. */
function fractionOf(digits: string, nanos: bigint): bigint {
  if (digits === '') return 0n
  // Digits beyond what 63 bits hold are dropped, as the API does.
  const significant = digits.slice(0, 18)
  const scale = 10 ** significant.length
  return BigInt(Math.trunc(Number(significant) * (Number(nanos) / scale)))
}

/** Milliseconds of a duration's text. @throws DurationError with the API's message. */
export const durationMillis = (text: string): number => Number(parseDuration(text)) / 1_000_000

/** Prints nanoseconds as Go does: `1h30m0s`, `1.5s`, `300ms`, `0s`. */
export function formatDuration(nanoseconds: bigint | number): string {
  const nanos = typeof nanoseconds === 'bigint' ? nanoseconds : BigInt(Math.trunc(nanoseconds))
  if (nanos === 0n) return '0s'
  const sign = nanos < 0n ? '-' : ''
  const size = nanos < 0n ? -nanos : nanos
  if (size < 1_000n) return `${sign}${size}ns`
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}\u00b5s`
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`
  const seconds = size / 1_000_000_000n
  const minutes = seconds / 60n
  const hours = minutes / 60n
  const tail = `${decimal(size - minutes * 60_000_000_000n, 9)}s`
  if (minutes === 0n) return sign + tail
  return hours === 0n ? `${sign}${minutes}m${tail}` : `${sign}${hours}h${minutes % 60n}m${tail}`
}

/** `value` / 10^`places` without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const unit = 10n ** BigInt(places)
  const fraction = String(value % unit)
    .padStart(places, '0')
    .replace(/0+$/, '')
  return fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`
}
