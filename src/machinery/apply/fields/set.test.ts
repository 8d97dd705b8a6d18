import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareElements, fieldElement, valueElement } from './element.ts'
import { parseFields } from './parse.ts'
import {
  difference,
  emptySet,
  equalSets,
  has,
  intersection,
  isEmptySet,
  leaves,
  NodeBuilder,
  pathsOf,
  pathText,
  recursiveDifference,
  setOf,
  union,
  unionNodes,
} from './set.ts'
import type { FieldPath, FieldSet } from './set.ts'

// Sets as lists of paths, in which the operations are obvious.

const element = fc.constantFrom(
  'f:a',
  'f:b',
  'f:c',
  'k:{"name":"x"}',
  'k:{"name":"y"}',
  'k:{"port":9}',
  'v:"a"',
  'v:10',
  'i:0',
)
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
const sets = paths.map((list) => setOf(list))

const key = (path: FieldPath): string => path.join('\0')
const keysOf = (set: FieldSet): Set<string> => new Set([...pathsOf(set)].map(key))
const startsWith = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}\0`)

/** The set in its one form: in order, no subtree without a path, nothing marked twice. */
function checkForm(set: FieldSet): void {
  const form = (node: FieldSet, root: boolean): void => {
    const elements = Object.keys(node)
    expect(elements.toSorted(compareElements)).toEqual(elements)
    if (root) expect(elements).not.toContain('.')
    expect(elements).not.toEqual(['.'])
    for (const below of Object.values(node)) form(below, false)
  }
  form(set, true)
}

test('setOf() holds the given paths and no others', () => {
  fc.assert(
    fc.property(paths, (list) => {
      const set = setOf(list)
      checkForm(set)
      expect(keysOf(set)).toEqual(new Set(list.map(key)))
      for (const path of list) expect(has(set, path)).toBe(true)
    }),
  )
})

test('has() tells a path from those below it', () => {
  const set = setOf([['f:a', 'f:b']])
  expect([['f:a', 'f:b'], ['f:a'], ['f:c'], []].map((path) => has(set, path))).toEqual([true, false, false, false])
})

test('union, difference and intersection are those of the paths', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const [left, right] = [keysOf(a), keysOf(b)]
      for (const set of [union(a, b), difference(a, b), intersection(a, b)]) checkForm(set)
      expect(keysOf(union(a, b))).toEqual(new Set([...left, ...right]))
      expect(keysOf(difference(a, b))).toEqual(new Set([...left].filter((path) => !right.has(path))))
      expect(keysOf(intersection(a, b))).toEqual(new Set([...left].filter((path) => right.has(path))))
    }),
  )
})

test('recursiveDifference() also drops what lies below', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const gone = [...keysOf(b)]
      const left = [...keysOf(a)].filter((path) => !gone.some((prefix) => startsWith(path, prefix)))
      checkForm(recursiveDifference(a, b))
      expect(keysOf(recursiveDifference(a, b))).toEqual(new Set(left))
    }),
  )
})

test('leaves() keeps paths that no other path continues', () => {
  fc.assert(
    fc.property(sets, (set) => {
      const all = [...keysOf(set)]
      const ends = all.filter((path) => !all.some((other) => other !== path && startsWith(other, path)))
      checkForm(leaves(set))
      expect(keysOf(leaves(set))).toEqual(new Set(ends))
    }),
  )
})

test('operations hand back what they were given where it is the answer', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      expect(union(union(a, b), b)).toEqual(union(a, b))
      const both = union(a, b)
      expect(union(both, a)).toBe(both)
      const rest = difference(a, b)
      expect(difference(rest, b)).toBe(rest)
      expect(isEmptySet(difference(a, both))).toBe(true)
      expect(intersection(a, a)).toBe(a)
    }),
  )
})

test('equalSets() compares paths, and sets survive JSON', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const read = parseFields(JSON.parse(JSON.stringify(a)))
      expect(equalSets(a, read)).toBe(true)
      expect(JSON.stringify(read)).toBe(JSON.stringify(a))
      expect(equalSets(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
  )
})

test('pathsOf() lists the paths of a level before those below', () => {
  const set = setOf([['f:b', 'f:x'], ['f:b'], ['f:c'], ['f:a', 'k:{"n":1}', 'f:z']])
  expect([...pathsOf(set)].map(pathText)).toEqual(['.b', '.c', '.a[n=1].z', '.b.x'])
})

test('unionNodes() of a leaf and what lies below one element marks the element', () => {
  const below = setOf([['f:a']])
  expect(unionNodes(emptySet, below)).toEqual({ '.': {}, 'f:a': {} })
  expect(unionNodes(below, emptySet)).toEqual({ '.': {}, 'f:a': {} })
})

test('NodeBuilder puts elements in order, by position or by themselves', () => {
  const builder = new NodeBuilder()
  builder.add('f:c', emptySet, 2)
  builder.add('f:z', emptySet)
  builder.add('f:a', emptySet, 0)
  builder.add('f:b', emptySet)
  expect(Object.keys(builder.build(true))).toEqual(['.', 'f:a', 'f:b', 'f:c', 'f:z'])
})

test('NodeBuilder puts elements in order, however they come', () => {
  const element = fc.oneof(
    fc.nat(300).map((n) => fieldElement(`k${n}`)),
    fc.nat(300).map(valueElement),
  )
  fc.assert(
    fc.property(fc.uniqueArray(element, { maxLength: 200 }), (elements) => {
      const builder = new NodeBuilder()
      for (const one of elements) builder.add(one, emptySet)
      expect(Object.keys(builder.build(false))).toEqual(elements.toSorted(compareElements))
    }),
  )
})

test('NodeBuilder takes many elements in any order without comparing each with each', () => {
  const count = 100_000
  const builder = new NodeBuilder()
  for (let index = count; index > 0; index--) builder.add(fieldElement(`k${index}`), emptySet)
  expect(Object.keys(builder.build(false))).toHaveLength(count)
}, 20_000)
