import { Remembered } from '#base'
import { DurationError, parseDuration } from '../../duration/duration.ts'
import { TimeError, parseTime } from '../../time/parse.ts'
import { characterCount } from '../cost/sizes.ts'
import { CelError } from '../error.ts'
import { runtimeName, typeOf } from '../types/types.ts'
import { Duration, elements, kindOf, listOf, Optional, Timestamp, TypeValue, Uint } from '../values/values.ts'
import type { ListValue, MapValue, Value } from '../values/values.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'
import { checkedInt, checkedUint } from './operators.ts'
import { regexOf } from './regex.ts'
import { doubleText, durationText, readDouble, timeText } from './texts.ts'

const characters = (text: string): bigint => BigInt(characterCount(text))

function sizes(): Overload[] {
  const kinds: readonly (readonly [string, (value: never) => bigint])[] = [
    ['bytes', (value: Uint8Array) => BigInt(value.length)],
    ['list<A>', (value: ListValue) => BigInt(value.size)],
    ['map<A,B>', (value: MapValue) => BigInt(value.size)],
    ['string', characters],
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

const unreadable = (wanted: string): string => `type conversion error from 'string' to '${wanted}'`

function toInt(value: number): bigint {
  if (!Number.isFinite(value) || value >= 2 ** 63 || value < -(2 ** 63)) throw new CelError('integer overflow')
  return BigInt(Math.trunc(value))
}

function readInt(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw new CelError(unreadable('int'))
  const value = BigInt(text)
  if (value !== BigInt.asIntN(64, value)) throw new CelError(unreadable('int'))
  return value
}

function toDouble(text: string): number {
  const value = readDouble(text)
  if (value === undefined) throw new CelError(unreadable('double'))
  return value
}

function readUint(text: string): Uint {
  if (!/^\d+$/.test(text) || BigInt(text) >= 2n ** 64n) throw new CelError(unreadable('uint'))
  return new Uint(BigInt(text))
}

function readTimestamp(text: string): Timestamp {
  try {
    const { seconds, nanos } = parseTime(text)
    return new Timestamp(BigInt(seconds) * 1_000_000_000n + BigInt(nanos))
  } catch (error) {
    throw error instanceof TimeError ? new CelError(unreadable('google.protobuf.Timestamp')) : error
  }
}

function readDuration(text: string): Duration {
  try {
    return new Duration(parseDuration(text))
  } catch (error) {
    throw error instanceof DurationError ? new CelError(unreadable('google.protobuf.Duration')) : error
  }
}

function readBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  throw new CelError(unreadable('bool'))
}

function conversions(): Overload[] {
  const same = (value: Value): Value => value
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  return [
    global('int', ['int'], 'int', same),
    global('int', ['double'], 'int', toInt),
    global('int', ['duration'], 'int', ({ nanos }: Duration) => nanos),
    global('int', ['string'], 'int', readInt),
    global('int', ['timestamp'], 'int', (time: Timestamp) => time.parts.seconds),
    global('int', ['uint'], 'int', ({ value }: Uint) => checkedInt(value)),
    global('uint', ['uint'], 'uint', same),
    global('uint', ['int'], 'uint', checkedUint),
    global('uint', ['double'], 'uint', (value: number) => checkedUint(toInt(value))),
    global('uint', ['string'], 'uint', readUint),
    global('double', ['double'], 'double', same),
    global('double', ['int'], 'double', Number),
    global('double', ['uint'], 'double', ({ value }: Uint) => Number(value)),
    global('double', ['string'], 'double', toDouble),
    global('string', ['string'], 'string', same),
    global('string', ['bool'], 'string', String),
    global('string', ['int'], 'string', String),
    global('string', ['uint'], 'string', ({ value }: Uint) => String(value)),
    global('string', ['double'], 'string', doubleText),
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
    global('duration', ['int'], 'duration', (nanos: bigint) => new Duration(nanos)),
    global('duration', ['string'], 'duration', readDuration),
    global('dyn', ['A'], 'dyn', same),
    global('type', ['A'], 'type<A>', (value: Value) => new TypeValue(typeNameOf(value))),
  ]
}

export function typeNameOf(value: Value): string {
  const kind = kindOf(value)
  return kind === 'optional' ? 'optional_type' : runtimeName(typeOf(kind))
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

const zones = new Remembered(100, formatIn)

function formatIn(zone: string): Intl.DateTimeFormat {
  const [numeric, hourCycle] = ['numeric', 'h23'] as const
  const date = { year: numeric, month: numeric, day: numeric } as const
  const time = { hour: numeric, minute: numeric, second: numeric } as const
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle, ...date, ...time })
  } catch {
    throw new CelError(`unknown time zone ${zone}`)
  }
}

function zonedDate(milliseconds: number, zone: string): Date {
  const parts = new Map(
    zones
      .of(zone)
      .formatToParts(milliseconds)
      .map(({ type, value }) => [type, Number(value)]),
  )
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

/** What is there of a list of what may be. */
function unwrapped(list: ListValue): ListValue {
  const found: Value[] = []
  for (const element of elements(list)) {
    if (!(element instanceof Optional)) throw new CelError('value is not optional')
    if (element.value !== undefined) found.push(element.value)
  }
  return listOf(found)
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
    global('optional.unwrap', ['list<optional<A>>'], 'list<A>', unwrapped),
    member('unwrapOpt', ['list<optional<A>>'], 'list<A>', unwrapped),
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
