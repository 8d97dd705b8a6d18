import { CelError } from '../error.ts'
import { compare, equal } from '../values/compare.ts'
import { Duration, elements, EntryMap, GrowingMap, kindOf, Timestamp, Uint } from '../values/values.ts'
import type { ListValue, MapValue, Value } from '../values/values.ts'
import { global } from './function.ts'
import type { Overload } from './function.ts'

const maxInt = 2n ** 63n - 1n
const minInt = -(2n ** 63n)
const maxUint = 2n ** 64n - 1n
/** The years 1 to 9999. */
const minSeconds = -62_135_596_800n
const maxSeconds = 253_402_300_799n

export function checkedInt(value: bigint): bigint {
  if (value > maxInt || value < minInt) throw new CelError('integer overflow')
  return value
}

export function checkedUint(value: bigint): Uint {
  if (value < 0n || value > maxUint) throw new CelError('unsigned integer overflow')
  return new Uint(value)
}

const zero = (what: string): never => {
  throw new CelError(what)
}

const ordered: readonly (readonly [string, string])[] = [
  ['bool', 'bool'],
  ['int', 'int'],
  ['int', 'double'],
  ['int', 'uint'],
  ['uint', 'uint'],
  ['uint', 'double'],
  ['uint', 'int'],
  ['double', 'double'],
  ['double', 'int'],
  ['double', 'uint'],
  ['string', 'string'],
  ['bytes', 'bytes'],
  ['timestamp', 'timestamp'],
  ['duration', 'duration'],
]

/** Comparisons of one kind with itself, and of numbers with one another. */
function comparisons(name: string, holds: (order: number) => boolean): Overload[] {
  const run = (a: Value, b: Value): boolean => {
    const order = compare(a, b)
    return order !== undefined && holds(order)
  }
  return ordered.map((kinds) => global(name, kinds, 'bool', run))
}

function onInts(name: string, run: (a: bigint, b: bigint) => bigint): Overload {
  return global(name, ['int', 'int'], 'int', (a: bigint, b: bigint) => checkedInt(run(a, b)))
}

function onUints(name: string, run: (a: bigint, b: bigint) => bigint): Overload {
  return global(name, ['uint', 'uint'], 'uint', (a: Uint, b: Uint) => checkedUint(run(a.value, b.value)))
}

function onDoubles(name: string, run: (a: number, b: number) => number): Overload {
  return global(name, ['double', 'double'], 'double', run)
}

const sum = (a: bigint, b: bigint): bigint => a + b
const difference = (a: bigint, b: bigint): bigint => a - b
const product = (a: bigint, b: bigint): bigint => a * b
const quotient = (a: bigint, b: bigint): bigint => (b === 0n ? zero('division by zero') : a / b)
const rest = (a: bigint, b: bigint): bigint => (b === 0n ? zero('modulus by zero') : a % b)

const later = (time: Timestamp, nanos: bigint): Timestamp => {
  const found = new Timestamp(time.nanos + nanos)
  const { seconds } = found.parts
  if (seconds < minSeconds || seconds > maxSeconds) throw new CelError('timestamp overflow')
  return found
}

const between = (later: Timestamp, earlier: Timestamp): Duration =>
  new Duration(checkedInt(later.nanos - earlier.nanos))

const durationOf = (nanos: bigint): Duration => {
  if (nanos > maxInt || nanos < minInt) throw new CelError('duration overflow')
  return new Duration(nanos)
}

function concatenated(a: ListValue, b: ListValue): ListValue {
  if (a.plus) return a.plus(b)
  return { list: true, size: a.size + b.size, at: (index) => (index < a.size ? a.at(index) : b.at(index - a.size)) }
}

function joinedBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length)
  result.set(a)
  result.set(b, a.length)
  return result
}

function arithmetic(): Overload[] {
  const [time, span] = ['timestamp', 'duration'] as const
  return [
    global('_+_', ['bytes', 'bytes'], 'bytes', joinedBytes),
    onDoubles('_+_', (a, b) => a + b),
    global('_+_', [span, span], span, (a: Duration, b: Duration) => durationOf(a.nanos + b.nanos)),
    global('_+_', [span, time], time, (a: Duration, b: Timestamp) => later(b, a.nanos)),
    global('_+_', [time, span], time, (a: Timestamp, b: Duration) => later(a, b.nanos)),
    onInts('_+_', sum),
    global('_+_', ['list<A>', 'list<A>'], 'list<A>', concatenated),
    global('_+_', ['string', 'string'], 'string', (a: string, b: string) => a + b),
    onUints('_+_', sum),
    onDoubles('_-_', (a, b) => a - b),
    global('_-_', [span, span], span, (a: Duration, b: Duration) => durationOf(a.nanos - b.nanos)),
    onInts('_-_', difference),
    global('_-_', [time, span], time, (a: Timestamp, b: Duration) => later(a, -b.nanos)),
    global('_-_', [time, time], span, between),
    onUints('_-_', difference),
    onDoubles('_*_', (a, b) => a * b),
    onInts('_*_', product),
    onUints('_*_', product),
    onDoubles('_/_', (a, b) => a / b),
    onInts('_/_', quotient),
    onUints('_/_', quotient),
    onInts('_%_', rest),
    onUints('_%_', rest),
    global('-_', ['double'], 'double', (a: number) => -a),
    global('-_', ['int'], 'int', (a: bigint) => checkedInt(-a)),
  ]
}

/** The element of a list. @throws CelError */
export function elementAt(list: ListValue, index: Value): Value {
  const position = positionOf(index)
  if (position < 0 || position >= list.size) throw new CelError(`index out of bounds: ${keyName(index)}`)
  return list.at(position)
}

function positionOf(index: Value): number {
  if (typeof index === 'bigint') return Number(index)
  if (index instanceof Uint) return Number(index.value)
  if (typeof index === 'number' && Number.isInteger(index)) return index
  throw new CelError(`unsupported index type '${kindOf(index)}' in list`)
}

/** The value of a key. @throws CelError */
export function valueAt(map: MapValue, key: Value): Value {
  const found = map.get(key)
  if (found === undefined) throw new CelError(`no such key: ${keyName(key)}`)
  return found
}

/** A key as errors tell it. */
export function keyName(key: Value): string {
  if (key instanceof Uint) return String(key.value)
  return typeof key === 'object' ? kindOf(key) : String(key)
}

/** What the compiler deals with itself: here are only the types. */
function declared(name: string, parameters: readonly string[], result: string): Overload {
  return global(name, parameters, result, () => zero('no such overload'))
}

function indexes(): Overload[] {
  return [
    declared('_[_]', ['list<A>', 'int'], 'A'),
    declared('_[_]', ['map<A,B>', 'A'], 'B'),
    declared('_[_]', ['optional<list<A>>', 'int'], 'optional<A>'),
    declared('_[_]', ['optional<map<A,B>>', 'A'], 'optional<B>'),
    declared('_[?_]', ['list<A>', 'int'], 'optional<A>'),
    declared('_[?_]', ['optional<list<A>>', 'int'], 'optional<A>'),
    declared('_[?_]', ['map<A,B>', 'A'], 'optional<B>'),
    declared('_[?_]', ['optional<map<A,B>>', 'A'], 'optional<B>'),
    declared('_?._', ['dyn', 'string'], 'optional<A>'),
  ]
}

function inserted(map: MapValue, key: Value, value: Value): MapValue {
  const result = growing(map)
  if (!result.set(key, value)) throw new CelError(`insert failed: key ${keyName(key)} already exists`)
  return result
}

/** A map that nobody else sees is added to in its place. */
function growing(map: MapValue): EntryMap {
  if (map instanceof GrowingMap) return map
  const result = new EntryMap()
  for (const key of map.keys()) result.set(key, map.get(key) ?? null)
  return result
}

function insertedAll(map: MapValue, entries: MapValue): MapValue {
  let result = map
  for (const key of entries.keys()) result = inserted(result, key, entries.get(key) ?? null)
  return result
}

/** What the operators of the language do. */
export const operators: readonly Overload[] = [
  ...comparisons('_<_', (order) => order < 0),
  ...comparisons('_<=_', (order) => order <= 0),
  ...comparisons('_>_', (order) => order > 0),
  ...comparisons('_>=_', (order) => order >= 0),
  global('_==_', ['A', 'A'], 'bool', equal),
  global('_!=_', ['A', 'A'], 'bool', (a: Value, b: Value) => !equal(a, b)),
  global('!_', ['bool'], 'bool', (a: boolean) => !a),
  declared('_&&_', ['bool', 'bool'], 'bool'),
  declared('_||_', ['bool', 'bool'], 'bool'),
  declared('_?_:_', ['bool', 'A', 'A'], 'A'),
  declared('@not_strictly_false', ['bool'], 'bool'),
  ...arithmetic(),
  ...indexes(),
  global('cel.@mapInsert', ['map<A,B>', 'A', 'B'], 'map<A,B>', inserted),
  global('cel.@mapInsert', ['map<A,B>', 'map<A,B>'], 'map<A,B>', insertedAll),
  global('@in', ['A', 'list<A>'], 'bool', (value: Value, list: ListValue) => {
    const same = list.equals ? equal : (one: Value, searched: Value) => equal(searched, one)
    for (const one of elements(list)) if (same(one, value)) return true
    return false
  }),
  global('@in', ['A', 'map<A,B>'], 'bool', (key: Value, map: MapValue) =>
    map.has ? map.has(key) : map.get(key) !== undefined,
  ),
]
