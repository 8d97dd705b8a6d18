import { CelError } from '../error.ts'
import { compare, equal } from '../values/compare.ts'
import { Duration, elements, listOf, Optional, Uint } from '../values/values.ts'
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

function flattened(list: ListValue): ListValue {
  const found: Value[] = []
  for (const element of elements(list)) found.push(...elements(element as ListValue))
  return listOf(found)
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
  member('flatten', ['list<list<A>>'], 'list<A>', flattened),
]
