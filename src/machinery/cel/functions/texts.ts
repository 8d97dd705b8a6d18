import type { Duration, Timestamp } from '../values/values.ts'

const fractionOf = (nanos: bigint): string =>
  nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`

/** RFC 3339, with the fraction that is needed. */
export function timeText(time: Timestamp): string {
  const { seconds, nanos } = time.parts
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fractionOf(nanos)}Z`
}

/** Seconds with the fraction that is needed: `1.5s`. */
export function durationText({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos
  return `${nanos < 0n ? '-' : ''}${size / 1_000_000_000n}${fractionOf(size % 1_000_000_000n)}s`
}

/** The shortest form that is the same number: with an exponent from 1e6 up and below 0.0001. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf'
  if (Object.is(value, -0)) return '-0'
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  const size = Number(exponent)
  if (size >= -4 && size < 6) return plain(value)
  return `${mantissa}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`
}

/** Without an exponent, which is written for small numbers otherwise. */
function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text
}

const underscored = /^[+-]?\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?(?:[eE][+-]?\d+)?$/
const leadingPoint = /^[+-]?\.\d+(?:_\d+)*(?:[eE][+-]?\d+)?$/

/** A number as text; `undefined` when it is none. */
export function readDouble(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^[+-]?nan$/i.test(text)) return NaN
  if (!underscored.test(text) && !leadingPoint.test(text)) return undefined
  const value = Number(text.replaceAll('_', ''))
  return Number.isFinite(value) ? value : undefined
}
