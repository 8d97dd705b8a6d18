/** An instant: seconds since 1970 (may be negative) and the nanoseconds after it, 0 to 999999999. */
export interface Instant {
  readonly seconds: number
  readonly nanos: number
}

/** Seconds of 0001-01-01T00:00:00Z: the API's zero time, which is written `null`. */
export const zeroSeconds: number = -62_135_596_800

export const isZeroTime = ({ seconds, nanos }: Instant): boolean => seconds === zeroSeconds && nanos === 0

const two = (value: number): string => (value < 10 ? `0${value}` : String(value))

/** Days since 1970 of a date of the proleptic Gregorian calendar. */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export function daysInMonth(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29
  return lengths[month - 1] ?? 0
}

/** Date and time of day, without fraction and zone. */
function stamp(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const rest = seconds - days * 86_400
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const hours = Math.floor(rest / 3600)
  const minutes = Math.floor((rest % 3600) / 60)
  const digits = String(Math.abs(year)).padStart(4, '0')
  return `${year < 0 ? '-' : ''}${digits}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${two(rest % 60)}`
}

/** RFC 3339 in UTC with whole seconds: how the API writes `Time`. */
export function formatTime(seconds: number): string {
  return `${stamp(Math.floor(seconds))}Z`
}

/** RFC 3339 in UTC with microseconds: how the API writes `MicroTime`. */
export function formatMicroTime({ seconds, nanos }: Instant): string {
  return `${stamp(seconds)}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`
}

/** `Time` of milliseconds since 1970, as clocks tell them. */
export const timeOfMillis = (millis: number): string => formatTime(Math.floor(millis / 1000))

/** `MicroTime` of milliseconds since 1970; fractions of a millisecond count. */
export function microTimeOfMillis(millis: number): string {
  const seconds = Math.floor(millis / 1000)
  return formatMicroTime({ seconds, nanos: Math.floor((millis - seconds * 1000) * 1000) * 1000 })
}

/** Milliseconds since 1970. */
export const millisOf = ({ seconds, nanos }: Instant): number => seconds * 1000 + nanos / 1_000_000
