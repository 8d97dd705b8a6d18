import { parseDuration } from '#machinery'
import { instantOf, zoneOf } from './zone.ts'
import type { WallTime, Zone } from './zone.ts'

/** When something is to happen, again and again. */
export interface Schedule {
  /** The first time after an instant, in milliseconds since 1970; `undefined` when there is none in the next five years. */
  next(after: number): number | undefined
}

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const bounds = {
  minute: { min: 0, max: 59, names: [] },
  hour: { min: 0, max: 23, names: [] },
  day: { min: 1, max: 31, names: [] },
  month: { min: 1, max: 12, names: months },
  weekday: { min: 0, max: 6, names: days },
} as const satisfies { readonly [field: string]: Bounds }

const descriptors: { readonly [name: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** Values of a field, and whether it leaves all of them open. */
interface Field {
  readonly values: ReadonlySet<number>
  readonly open: boolean
}

/**
 * Reads five fields of cron or one of its descriptors.
 *
 * @param timeZone IANA name; UTC when absent. A `TZ=` in front of the text goes before it.
 * @throws Error for what is none.
 */
export function parseSchedule(text: string, timeZone?: string): Schedule {
  const prefixed = /^(?:CRON_)?TZ=(\S*) +(.*)$/.exec(text)
  const name = prefixed?.[1] ?? timeZone
  const zone = zoneOf(name)
  if (!zone) throw new Error(`provided bad location ${name ?? ''}: unknown time zone ${name ?? ''}`)
  const schedule = prefixed?.[2]?.trim() ?? text
  if (schedule.startsWith('@every ')) return every(schedule.slice('@every '.length))
  const expression = schedule.startsWith('@') ? descriptors[schedule] : schedule
  if (expression === undefined) throw new Error(`unrecognized descriptor: ${schedule}`)
  const fields = expression.split(/\s+/).filter((field) => field !== '')
  const [minute, hour, day, month, weekday] = fields
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday) {
    throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  }
  return new CronSchedule(zone, {
    minute: parseField(minute, bounds.minute),
    hour: parseField(hour, bounds.hour),
    day: parseField(day, bounds.day),
    month: parseField(month, bounds.month),
    weekday: parseField(weekday, bounds.weekday),
  })
}

/** A whole number of seconds between two times, at least one. */
function every(text: string): Schedule {
  const ms = Math.max(1, Math.floor(Number(parseDuration(text)) / 1e9)) * 1000
  return { next: (after) => Math.floor(after / 1000) * 1000 + ms }
}

function parseField(text: string, field: Bounds): Field {
  const values = new Set<number>()
  let open = false
  for (const part of text.split(',')) {
    if (part === '') continue
    const [range = '', step] = part.split('/')
    const [low = '', high] = range.split('-')
    const any = low === '*' || low === '?'
    const width = step === undefined ? 1 : Number(step)
    const first = any ? field.min : numberOf(low, field)
    const last = any || (high === undefined && step !== undefined) ? field.max : numberOf(high ?? low, field)
    const isRange = Number.isSafeInteger(first) && Number.isSafeInteger(last) && first <= last
    if (!isRange || first < field.min || last > field.max || !(width >= 1)) throw new Error(`malformed range: ${part}`)
    for (let value = first; value <= last; value += width) values.add(value)
    if (any && width === 1) open = true
  }
  return { values, open }
}

function numberOf(text: string, { names, min }: Bounds): number {
  const index = names.indexOf(text.toLowerCase())
  return index < 0 ? (/^\+?\d+$/.test(text) ? Number(text) : NaN) : index + min
}

type Fields = { readonly [name in keyof typeof bounds]: Field }

const secondMs = 1000
const minuteMs = 60_000
const hourMs = 3_600_000

class CronSchedule implements Schedule {
  readonly #zone: Zone
  readonly #fields: Fields

  constructor(zone: Zone, fields: Fields) {
    this.#zone = zone
    this.#fields = fields
  }

  /** Runs over months, days, hours and minutes, each from its beginning once a larger one has moved. */
  next(after: number): number | undefined {
    const { month, hour, minute } = this.#fields
    let time = Math.floor(after / secondMs) * secondMs + secondMs
    const limit = this.#zone.wallTime(time).year + 5
    for (;;) {
      const wall = this.#zone.wallTime(time)
      if (wall.year > limit) return undefined
      if (!month.values.has(wall.month)) time = instantOf(this.#zone, wall.year, wall.month + 1, 1)
      else if (!this.#dayMatches(wall)) time = this.#nextDay(wall)
      else if (!hour.values.has(wall.hour)) {
        time = instantOf(this.#zone, wall.year, wall.month, wall.day, wall.hour) + hourMs
      } else if (!minute.values.has(wall.minute)) time = Math.floor(time / minuteMs) * minuteMs + minuteMs
      else if (wall.second !== 0) time = Math.floor(time / minuteMs) * minuteMs + minuteMs
      else return time
    }
  }

  /** Midnight of the next day; where clocks leave it out, the first time after it. */
  #nextDay({ year, month, day }: WallTime): number {
    const time = instantOf(this.#zone, year, month, day + 1)
    const { hour } = this.#zone.wallTime(time)
    if (hour === 0) return time
    return hour > 12 ? time + (24 - hour) * hourMs : time
  }

  /** When both days are named, either will do. */
  #dayMatches(wall: WallTime): boolean {
    const { day, weekday } = this.#fields
    const byDay = day.values.has(wall.day)
    const byWeekday = weekday.values.has(wall.weekday)
    return day.open || weekday.open ? byDay && byWeekday : byDay || byWeekday
  }
}
