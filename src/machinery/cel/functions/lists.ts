import { CelError } from '../error.ts'
import { compare, equal } from '../values/compare.ts'
import { Duration, elements, isList, kindOf, listOf, Optional, Uint } from '../values/values.ts'
import type { ListValue, Value } from '../values/values.ts'
import { checkedInt, checkedUint } from './operators.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes']

function isSorted(list: ListValue): boolean {
  for (let index = 1; index < list.size; index++)
    if ((compare(list.at(index - 1), list.at(index)) ?? 1) > 0) return false
  return true
}

function extreme(name: string, sign: 1 | -1): (list: ListValue) => Value {
  return (list) => {
    if (list.size === 0) throw new CelError(`${name} called on empty list`)
    let found = list.at(0)
    for (const element of elements(list)) if ((compare(element, found) ?? 0) * sign > 0) found = element
    return found
  }
}

function summed<T extends Value>(zero: T, add: (a: T, b: T) => T): (list: ListValue) => T {
  return (list) => {
    let sum = zero
    for (const element of elements(list)) sum = add(sum, element as T)
    return sum
  }
}

function indexOf(list: ListValue, value: Value): bigint {
  for (let index = 0; index < list.size; index++) if (equal(list.at(index), value)) return BigInt(index)
  return -1n
}

function lastIndexOf(list: ListValue, value: Value): bigint {
  for (let index = list.size - 1; index >= 0; index--) if (equal(list.at(index), value)) return BigInt(index)
  return -1n
}

const holds = (list: ListValue, value: Value): boolean => indexOf(list, value) >= 0n

function contains(list: ListValue, part: ListValue): boolean {
  for (const element of elements(part)) if (!holds(list, element)) return false
  return true
}

function intersects(a: ListValue, b: ListValue): boolean {
  for (const element of elements(a)) if (holds(b, element)) return true
  return false
}

function flattened(list: ListValue, depth: number): Value[] {
  const found: Value[] = []
  for (const element of elements(list)) {
    if (depth > 0 && isList(element)) found.push(...flattened(element, depth - 1))
    else found.push(element)
  }
  return found
}

function sliced(list: ListValue, from: bigint, to: bigint): ListValue {
  const refuse = (why: string): CelError => new CelError(`cannot slice(${from}, ${to}), ${why}`)
  if (from < 0n || to < 0n) throw refuse('negative indexes not supported')
  if (from > to) throw refuse('start index must be less than or equal to end index')
  if (BigInt(list.size) < to) throw refuse(`list is length ${list.size}`)
  return listOf([...elements(list)].slice(Number(from), Number(to)))
}

function distinct(list: ListValue): ListValue {
  const found: Value[] = []
  for (const element of elements(list)) if (!found.some((one) => equal(one, element))) found.push(element)
  return listOf(found)
}

function sortedBy(list: ListValue, keys: ListValue): ListValue {
  if (list.size !== keys.size) {
    const sizes = `got ${list.size} and ${keys.size} elements respectively`
    const wanted = 'expected a list of the same size as the associated keys list'
    throw new CelError(`@sortByAssociatedKeys() ${wanted}, but ${sizes}`)
  }
  const known = [...elements(keys)]
  if (known.some((key) => kindOf(key) !== kindOf(known[0] as Value)))
    throw new CelError('list elements must have the same type')
  const order = known.map((_, index) => index)
  order.sort((a, b) => compare(known[a] as Value, known[b] as Value) ?? 0)
  return listOf(order.map((index) => list.at(index)))
}

/** Kubernetes' list library, and cel-go's of sets. */
export const listFunctions: readonly Overload[] = [
  ...comparable.flatMap((kind) => [
    member('isSorted', [`list<${kind}>`], 'bool', isSorted),
    member('min', [`list<${kind}>`], kind, extreme('min', -1)),
    member('max', [`list<${kind}>`], kind, extreme('max', 1)),
  ]),
  member(
    'sum',
    ['list<int>'],
    'int',
    summed<bigint>(0n, (a, b) => checkedInt(a + b)),
  ),
  member(
    'sum',
    ['list<uint>'],
    'uint',
    summed<Uint>(new Uint(0n), (a, b) => checkedUint(a.value + b.value)),
  ),
  member(
    'sum',
    ['list<double>'],
    'double',
    summed<number>(0, (a, b) => a + b),
  ),
  member(
    'sum',
    ['list<duration>'],
    'duration',
    summed<Duration>(new Duration(0n), (a, b) => new Duration(a.nanos + b.nanos)),
  ),
  member('indexOf', ['list<A>', 'A'], 'int', indexOf),
  member('lastIndexOf', ['list<A>', 'A'], 'int', lastIndexOf),
  global('sets.contains', ['list<A>', 'list<A>'], 'bool', contains),
  global(
    'sets.equivalent',
    ['list<A>', 'list<A>'],
    'bool',
    (a: ListValue, b: ListValue) => contains(a, b) && contains(b, a),
  ),
  global('sets.intersects', ['list<A>', 'list<A>'], 'bool', intersects),
  member(
    'first',
    ['list<A>'],
    'optional<A>',
    (list: ListValue) => new Optional(list.size > 0 ? list.at(0) : undefined),
  ),
  member(
    'last',
    ['list<A>'],
    'optional<A>',
    (list: ListValue) => new Optional(list.size > 0 ? list.at(list.size - 1) : undefined),
  ),
  member('reverse', ['list<A>'], 'list<A>', (list: ListValue) => listOf([...elements(list)].toReversed())),
  member('flatten', ['list<list<A>>'], 'list<A>', (list: ListValue) => listOf(flattened(list, 1))),
  member('flatten', ['list<dyn>', 'int'], 'list<dyn>', (list: ListValue, depth: bigint) => {
    if (depth < 0n) throw new CelError('level must be non-negative')
    return listOf(flattened(list, Number(depth)))
  }),
  member('slice', ['list<A>', 'int', 'int'], 'list<A>', sliced),
  member('distinct', ['list<A>'], 'list<A>', distinct),
  ...comparable.map((kind) =>
    member('sort', [`list<${kind}>`], `list<${kind}>`, (list: ListValue) => sortedBy(list, list)),
  ),
  ...comparable.map((kind) => member('@sortByAssociatedKeys', ['list<A>', `list<${kind}>`], 'list<A>', sortedBy)),
  global('lists.range', ['int'], 'list<int>', (count: bigint) =>
    listOf(Array.from({ length: Math.max(Number(count), 0) }, (_, index) => BigInt(index))),
  ),
]
