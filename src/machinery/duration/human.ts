const minute = 60
const hour = 60 * minute
const day = 24
const year = 365

/** The longest duration there is, in seconds: 2^63 nanoseconds. */
const longest = Math.trunc(2 ** 63 / 1e9)

const secondsIn = (millis: number): number => Math.min(Math.trunc(millis / 1000), longest)

/** A duration in two or three figures, as tables of objects print ages: `45s`, `2m5s`, `3h12m`, `5d4h`, `2y30d`. */
export function humanDuration(millis: number): string {
  const seconds = secondsIn(millis)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 2 * minute) return `${seconds}s`
  const minutes = Math.trunc(seconds / minute)
  if (minutes < 10) return pair(minutes, 'm', seconds % minute, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.trunc(seconds / hour)
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.trunc(hours / day)
  if (hours < 8 * day) return pair(days, 'd', hours % day, 'h')
  if (hours < 2 * year * day) return `${days}d`
  const years = Math.trunc(days / year)
  if (hours < 8 * year * day) return pair(years, 'y', days % year, 'd')
  return `${years}y`
}

/** A duration in one figure: `45s`, `2m`, `3h`, `5d`, `2y`. */
export function shortHumanDuration(millis: number): string {
  const seconds = secondsIn(millis)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < minute) return `${seconds}s`
  if (seconds < hour) return `${Math.trunc(seconds / minute)}m`
  const hours = Math.trunc(seconds / hour)
  if (hours < day) return `${hours}h`
  if (hours < day * year) return `${Math.trunc(hours / day)}d`
  return `${Math.trunc(hours / day / year)}y`
}

const pair = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`
