import { DurationError, parseDuration } from '../../duration/duration.ts'
import { quote } from '../../errors/quote.ts'
import { TimeError, parseTime } from '../../time/parse.ts'
import { CelError } from '../error.ts'
import { dyn, typeOf } from '../types/types.ts'
import type { CelType } from '../types/types.ts'
import { Duration, kindOf, Optional, Timestamp, TypeValue, Uint } from '../values/values.ts'
import type { ListValue, MapValue, Value } from '../values/values.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'
import { checkedInt, checkedUint } from './operators.ts'
import { regexOf } from './regex.ts'

const characters = (text: string): bigint => BigInt(Array.from(text).length)

function sizes(): Overload[] {
  const kinds: readonly (readonly [string, (value: never) => bigint])[] = [
    ['string', characters],
    ['bytes', (value: Uint8Array) => BigInt(value.length)],
    ['list<A>', (value: ListValue) => BigInt(value.size)],
    ['map<A,B>', (value: MapValue) => BigInt(value.size)],
  ]
  return kinds.flatMap(([kind, run]) => [global('size', [kind], 'int', run), member('size', [kind], 'int', run)])
}

function texts(): Overload[] {
  const matches = (text: string, pattern: string): boolean => regexOf(pattern).matcher(text).find()
  return [
    member('contains', ['string', 'string'], 'bool', (text: string, part: string) => text.includes(part)),
    member('startsWith', ['string', 'string'], 'bool', (text: string, part: string) => text.startsWith(part)),
    member('endsWith', ['string', 'string'], 'bool', (text: string, part: string) => text.endsWith(part)),
    member('matches', ['string', 'string'], 'bool', matches),
    global('matches', ['string', 'string'], 'bool', matches),
  ]
}

function toInt(value: number): bigint {
  if (!Number.isFinite(value) || value >= 2 ** 63 || value < -(2 ** 63)) throw new CelError('integer overflow')
  return BigInt(Math.trunc(value))
}

function readInt(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw new CelError(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`)
  return checkedInt(BigInt(text))
}

function readDouble(text: string): number {
  const value = Number(text)
  if (text.trim() !== text || text === '' || Number.isNaN(value))
    throw new CelError(`strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`)
  return value
}

function readTimestamp(text: string): Timestamp {
  try {
    const { seconds, nanos } = parseTime(text)
    return new Timestamp(BigInt(seconds) * 1_000_000_000n + BigInt(nanos))
  } catch (error) {
    throw error instanceof TimeError ? new CelError(error.message) : error
  }
}

function readDuration(text: string): Duration {
  try {
    return new Duration(parseDuration(text))
  } catch (error) {
    throw error instanceof DurationError ? new CelError(error.message) : error
  }
}

function timeText(time: Timestamp): string {
  const { seconds, nanos } = time.parts
  const base = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  const fraction = nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
  return `${base}${fraction}Z`
}

/** Seconds with the fraction that is needed: `1.5s`. */
function durationText({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos
  const rest = size % 1_000_000_000n
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`
  return `${nanos < 0n ? '-' : ''}${size / 1_000_000_000n}${fraction}s`
}

function readBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  throw new CelError(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`)
}

function conversions(): Overload[] {
  const same = (value: Value): Value => value
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  return [
    global('int', ['int'], 'int', same),
    global('int', ['uint'], 'int', ({ value }: Uint) => checkedInt(value)),
    global('int', ['double'], 'int', toInt),
    global('int', ['string'], 'int', readInt),
    global('int', ['timestamp'], 'int', (time: Timestamp) => time.parts.seconds),
    global('int', ['duration'], 'int', ({ nanos }: Duration) => nanos),
    global('uint', ['uint'], 'uint', same),
    global('uint', ['int'], 'uint', checkedUint),
    global('uint', ['double'], 'uint', (value: number) => checkedUint(toInt(value))),
    global('uint', ['string'], 'uint', (text: string) => checkedUint(readInt(text))),
    global('double', ['double'], 'double', same),
    global('double', ['int'], 'double', Number),
    global('double', ['uint'], 'double', ({ value }: Uint) => Number(value)),
    global('double', ['string'], 'double', readDouble),
    global('string', ['string'], 'string', same),
    global('string', ['bool'], 'string', String),
    global('string', ['int'], 'string', String),
    global('string', ['uint'], 'string', ({ value }: Uint) => String(value)),
    global('string', ['double'], 'string', String),
    global('string', ['timestamp'], 'string', timeText),
    global('string', ['duration'], 'string', durationText),
    global('string', ['bytes'], 'string', (value: Uint8Array) => {
      try {
        return utf8.decode(value)
      } catch {
        throw new CelError('invalid UTF-8 in bytes, cannot convert to string')
      }
    }),
    global('bytes', ['bytes'], 'bytes', same),
    global('bytes', ['string'], 'bytes', (text: string) => new TextEncoder().encode(text)),
    global('bool', ['bool'], 'bool', same),
    global('bool', ['string'], 'bool', readBool),
    global('timestamp', ['timestamp'], 'timestamp', same),
    global('timestamp', ['string'], 'timestamp', readTimestamp),
    global('timestamp', ['int'], 'timestamp', (seconds: bigint) => new Timestamp(seconds * 1_000_000_000n)),
    global('duration', ['duration'], 'duration', same),
    global('duration', ['string'], 'duration', readDuration),
    global('dyn', ['A'], 'dyn', same),
    global('type', ['A'], 'type<A>', (value: Value) => new TypeValue(runtimeType(value))),
  ]
}

function runtimeType(value: Value): CelType {
  const kind = kindOf(value)
  if (kind === 'list') return typeOf('list<dyn>')
  if (kind === 'map') return typeOf('map<dyn,dyn>')
  return kind === 'optional' || kind === 'type' ? dyn : typeOf(kind)
}

const partsOfDate: { readonly [name: string]: (date: Date) => number } = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) =>
    Math.floor(
      (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) /
        86_400_000,
    ),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
}

const durationUnits: { readonly [name: string]: bigint } = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
}

/** The time as a date whose UTC parts are those of the zone: an offset like `+02:00`, or a name. */
function dateOf(time: Timestamp, zone = 'UTC'): Date {
  const milliseconds = Number(time.nanos / 1_000_000n)
  const offset = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone)
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3])
    return new Date(milliseconds + (offset[1] === '-' ? -1 : 1) * minutes * 60_000)
  }
  if (zone === 'UTC' || zone === '') return new Date(milliseconds)
  return zonedDate(milliseconds, zone)
}

const zones = new Map<string, Intl.DateTimeFormat>()

function zonedDate(milliseconds: number, zone: string): Date {
  let format = zones.get(zone)
  if (!format) {
    try {
      const [numeric, hourCycle] = ['numeric', 'h23'] as const
      const date = { year: numeric, month: numeric, day: numeric } as const
      const time = { hour: numeric, minute: numeric, second: numeric } as const
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle, ...date, ...time })
    } catch {
      throw new CelError(`unknown time zone ${zone}`)
    }
    zones.set(zone, format)
  }
  const parts = new Map(format.formatToParts(milliseconds).map(({ type, value }) => [type, Number(value)]))
  const [year = 0, month = 1, day, hour, minute, second] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((name) => parts.get(name))
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, ((milliseconds % 1000) + 1000) % 1000))
}

function times(): Overload[] {
  const found = Object.entries(partsOfDate).flatMap(([name, part]) => [
    member(name, ['timestamp'], 'int', (time: Timestamp) => BigInt(part(dateOf(time)))),
    member(name, ['timestamp', 'string'], 'int', (time: Timestamp, zone: string) => BigInt(part(dateOf(time, zone)))),
  ])
  for (const [name, unit] of Object.entries(durationUnits))
    found.push(member(name, ['duration'], 'int', ({ nanos }: Duration) => nanos / unit))
  const milliseconds = ({ nanos }: Duration): bigint => (nanos / 1_000_000n) % 1000n
  return [...found, member('getMilliseconds', ['duration'], 'int', milliseconds)]
}

function isZero(value: Value): boolean {
  if (typeof value === 'object' && value !== null) {
    if ('size' in value) return value.size === 0
    return value instanceof Uint8Array ? value.length === 0 : value instanceof Uint && value.value === 0n
  }
  return value === null || value === 0 || value === 0n || value === '' || value === false
}

function optionals(): Overload[] {
  return [
    global('optional.of', ['A'], 'optional<A>', (value: Value) => new Optional(value)),
    global('optional.none', [], 'optional<A>', () => new Optional(undefined)),
    global(
      'optional.ofNonZeroValue',
      ['A'],
      'optional<A>',
      (value: Value) => new Optional(isZero(value) ? undefined : value),
    ),
    member('hasValue', ['optional<A>'], 'bool', ({ value }: Optional) => value !== undefined),
    member('value', ['optional<A>'], 'A', ({ value }: Optional) => {
      if (value === undefined) throw new CelError('optional.none() dereference')
      return value
    }),
    member('or', ['optional<A>', 'optional<A>'], 'optional<A>', (a: Optional, b: Optional) =>
      a.value === undefined ? b : a,
    ),
    member('orValue', ['optional<A>', 'A'], 'A', (a: Optional, b: Value) => a.value ?? (a.value === null ? null : b)),
  ]
}

/** Functions of the language's definition, and of optional values. */
export const standardFunctions: readonly Overload[] = [
  ...sizes(),
  ...texts(),
  ...conversions(),
  ...times(),
  ...optionals(),
]
