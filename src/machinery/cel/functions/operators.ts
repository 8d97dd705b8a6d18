import { CelError } from '../error.ts'
import { compare, equal } from '../values/compare.ts'
import { Duration, elements, isMap, Optional, Timestamp, Uint } from '../values/values.ts'
import type { ListValue, MapValue, Value } from '../values/values.ts'
import { global } from './function.ts'
import type { Overload } from './function.ts'

const maxInt = 2n ** 63n - 1n
const minInt = -(2n ** 63n)
const maxUint = 2n ** 64n - 1n

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

const ordered = ['int', 'uint', 'double', 'string', 'bytes', 'bool', 'timestamp', 'duration']
const numbers = ['int', 'uint', 'double']

/** Comparisons of one kind with itself, and of numbers with one another. */
function comparisons(name: string, holds: (order: number) => boolean): Overload[] {
  const run = (a: Value, b: Value): boolean => {
    const order = compare(a, b)
    return order !== undefined && holds(order)
  }
  const mixed = numbers.flatMap((a) => numbers.filter((b) => a !== b).map((b) => [a, b]))
  return [...ordered.map((kind) => [kind, kind]), ...mixed].map((kinds) => global(name, kinds, 'bool', run))
}

function arithmetic(): Overload[] {
  const ints = (name: string, run: (a: bigint, b: bigint) => bigint): Overload[] => [
    global(name, ['int', 'int'], 'int', (a: bigint, b: bigint) => checkedInt(run(a, b))),
    global(name, ['uint', 'uint'], 'uint', (a: Uint, b: Uint) => checkedUint(run(a.value, b.value))),
  ]
  const doubles = (name: string, run: (a: number, b: number) => number): Overload =>
    global(name, ['double', 'double'], 'double', run)
  return [
    ...ints('_+_', (a, b) => a + b),
    ...ints('_-_', (a, b) => a - b),
    ...ints('_*_', (a, b) => a * b),
    ...ints('_/_', (a, b) => (b === 0n ? zero('division by zero') : a / b)),
    ...ints('_%_', (a, b) => (b === 0n ? zero('modulus by zero') : a % b)),
    doubles('_+_', (a, b) => a + b),
    doubles('_-_', (a, b) => a - b),
    doubles('_*_', (a, b) => a * b),
    doubles('_/_', (a, b) => a / b),
    global('-_', ['int'], 'int', (a: bigint) => checkedInt(-a)),
    global('-_', ['double'], 'double', (a: number) => -a),
  ]
}

function concatenated(a: ListValue, b: ListValue): ListValue {
  return { list: true, size: a.size + b.size, at: (index) => (index < a.size ? a.at(index) : b.at(index - a.size)) }
}

function joinedBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length)
  result.set(a)
  result.set(b, a.length)
  return result
}

function sums(): Overload[] {
  return [
    global('_+_', ['string', 'string'], 'string', (a: string, b: string) => a + b),
    global('_+_', ['bytes', 'bytes'], 'bytes', joinedBytes),
    global('_+_', ['list<A>', 'list<A>'], 'list<A>', concatenated),
    global(
      '_+_',
      ['timestamp', 'duration'],
      'timestamp',
      (a: Timestamp, b: Duration) => new Timestamp(a.nanos + b.nanos),
    ),
    global(
      '_+_',
      ['duration', 'timestamp'],
      'timestamp',
      (a: Duration, b: Timestamp) => new Timestamp(a.nanos + b.nanos),
    ),
    global(
      '_+_',
      ['duration', 'duration'],
      'duration',
      (a: Duration, b: Duration) => new Duration(checkedInt(a.nanos + b.nanos)),
    ),
    global(
      '_-_',
      ['timestamp', 'timestamp'],
      'duration',
      (a: Timestamp, b: Timestamp) => new Duration(checkedInt(a.nanos - b.nanos)),
    ),
    global(
      '_-_',
      ['timestamp', 'duration'],
      'timestamp',
      (a: Timestamp, b: Duration) => new Timestamp(a.nanos - b.nanos),
    ),
    global(
      '_-_',
      ['duration', 'duration'],
      'duration',
      (a: Duration, b: Duration) => new Duration(checkedInt(a.nanos - b.nanos)),
    ),
  ]
}

/** The element of a list. @throws CelError */
export function elementAt(list: ListValue, index: Value): Value {
  const position = positionOf(index)
  if (position < 0 || position >= list.size) throw new CelError(`index out of bounds: ${position}`)
  return list.at(position)
}

function positionOf(index: Value): number {
  if (typeof index === 'bigint') return Number(index)
  if (index instanceof Uint) return Number(index.value)
  if (typeof index === 'number' && Number.isInteger(index)) return index
  throw new CelError('no such overload')
}

/** The value of a key. @throws CelError */
export function valueAt(map: MapValue, key: Value): Value {
  const found = map.get(key)
  if (found === undefined) throw new CelError(`no such key: ${String(typeof key === 'object' ? '' : key)}`)
  return found
}

function indexes(): Overload[] {
  const optionalElement = (list: ListValue, index: Value): Optional => {
    const position = positionOf(index)
    return new Optional(position >= 0 && position < list.size ? list.at(position) : undefined)
  }
  const through = (optional: Optional, key: Value): Optional => {
    const { value } = optional
    if (value === undefined) return optional
    if (isMap(value)) return new Optional(value.get(key))
    return optionalElement(value as ListValue, key)
  }
  return [
    global('_[_]', ['list<A>', 'int'], 'A', elementAt),
    global('_[_]', ['list<A>', 'uint'], 'A', elementAt),
    global('_[_]', ['list<A>', 'double'], 'A', elementAt),
    global('_[_]', ['map<A,B>', 'A'], 'B', valueAt),
    global('_[_]', ['optional<list<A>>', 'int'], 'optional<A>', through),
    global('_[_]', ['optional<map<A,B>>', 'A'], 'optional<B>', through),
    global('_[?_]', ['list<A>', 'int'], 'optional<A>', optionalElement),
    global('_[?_]', ['map<A,B>', 'A'], 'optional<B>', (map: MapValue, key: Value) => new Optional(map.get(key))),
    global('_[?_]', ['optional<list<A>>', 'int'], 'optional<A>', through),
    global('_[?_]', ['optional<map<A,B>>', 'A'], 'optional<B>', through),
  ]
}

/** What the operators of the language do, but for `&&`, `||` and `?:`, which do not evaluate all they are given. */
export const operators: readonly Overload[] = [
  ...comparisons('_<_', (order) => order < 0),
  ...comparisons('_<=_', (order) => order <= 0),
  ...comparisons('_>_', (order) => order > 0),
  ...comparisons('_>=_', (order) => order >= 0),
  global('_==_', ['A', 'A'], 'bool', equal),
  global('_!=_', ['A', 'A'], 'bool', (a: Value, b: Value) => !equal(a, b)),
  global('!_', ['bool'], 'bool', (a: boolean) => !a),
  ...arithmetic(),
  ...sums(),
  ...indexes(),
  global('@in', ['A', 'list<A>'], 'bool', (value: Value, list: ListValue) => {
    for (const one of elements(list)) if (equal(one, value)) return true
    return false
  }),
  global('@in', ['A', 'map<A,B>'], 'bool', (key: Value, map: MapValue) =>
    map.has ? map.has(key) : map.get(key) !== undefined,
  ),
]
