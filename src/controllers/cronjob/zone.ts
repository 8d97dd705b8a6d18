/** The date and time that clocks of a zone show. Months from 1, weekdays from 0 (Sunday). */
export interface WallTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly weekday: number
}

/** Conversion between instants and what clocks of one time zone show. */
export interface Zone {
  wallTime(ms: number): WallTime
  /** Milliseconds by which clocks are ahead of UTC at an instant. */
  offset(ms: number): number
}

const utc: Zone = { wallTime: wallTimeOf, offset: () => 0 }
const zones = new Map<string, Zone | undefined>([
  ['', utc],
  ['UTC', utc],
])

/** The zone of an IANA name, UTC for none; `undefined` for a name that is unknown. */
export function zoneOf(name: string | undefined): Zone | undefined {
  const key = name ?? ''
  if (!zones.has(key)) zones.set(key, makeZone(key))
  return zones.get(key)
}

function makeZone(name: string): Zone | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
  const offset = (ms: number): number => {
    const parts: { [type: string]: number } = {}
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000
  }
  return { offset, wallTime: (ms) => wallTimeOf(ms + offset(ms)) }
}

function wallTimeOf(ms: number): WallTime {
  const date = new Date(ms)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  }
}

/** The instant at which clocks show a time. Days beyond a month's end run on into the next. */
export function instantOf(zone: Zone, year: number, month: number, day: number, hour = 0): number {
  const shown = Date.UTC(year, month - 1, day, hour)
  const offset = zone.offset(shown)
  const guess = shown - offset
  // Close to a change of the clocks the first guess may have the offset of the other side.
  return zone.offset(guess) === offset ? guess : shown - zone.offset(guess)
}

/** RFC 3339 with the zone's offset. */
export function formatIn(zone: Zone, ms: number): string {
  const offset = zone.offset(ms)
  const text = new Date(ms + offset).toISOString().slice(0, 19)
  if (offset === 0) return `${text}Z`
  const minutes = Math.abs(offset) / 60_000
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return `${text}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
