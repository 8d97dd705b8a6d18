import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry } from '../store.ts'
import { everything } from '../store.ts'
import { Tree } from './tree.ts'

const none = new Uint8Array(0)

function entry(number: number, revision = number): Entry {
  return {
    key: `/k/${String(number).padStart(5, '0')}`,
    value: none,
    createRevision: revision,
    modRevision: revision,
    memo: undefined,
  }
}

function keysOf(tree: Tree): string[] {
  return [...tree.entries(everything)].map((entry) => entry.key)
}

/** Numbers below 3,000 in an order that is mixed but always the same. */
const mixed = Array.from({ length: 3_000 }, (_, i) => (i * 1_013) % 3_000)

test('Edit holds every entry that was put and not deleted, in order', () => {
  const edit = Tree.empty.edit()
  for (const number of mixed) expect(edit.put(entry(number))).toBeUndefined()
  for (const number of mixed) if (number % 3 === 0) expect(edit.delete(entry(number).key)?.modRevision).toBe(number)
  const tree = edit.tree()
  expect(tree.size).toBe(2_000)
  expect(keysOf(tree)).toEqual(
    Array.from({ length: 3_000 }, (_, i) => i)
      .filter((number) => number % 3 !== 0)
      .map((number) => entry(number).key),
  )
  expect(edit.delete('/k/none')).toBeUndefined()
})

test('Edit leaves nothing behind when everything is deleted', () => {
  const edit = Tree.empty.edit()
  for (const number of mixed) edit.put(entry(number))
  for (const number of mixed) edit.delete(entry(number).key)
  expect(edit.tree().size).toBe(0)
  expect(keysOf(edit.tree())).toEqual([])
  edit.put(entry(1))
  expect(keysOf(edit.tree())).toEqual([entry(1).key])
})

test('put() returns the entry it replaced', () => {
  const edit = Tree.empty.edit()
  edit.put(entry(1, 10))
  expect(edit.put(entry(1, 11))?.modRevision).toBe(10)
  expect(edit.get(entry(1).key)?.modRevision).toBe(11)
  expect(edit.tree().size).toBe(1)
})

test('Tree.of() of sorted entries equals a tree of puts', () => {
  const sorted = Array.from({ length: 2_500 }, (_, i) => entry(i))
  const tree = Tree.of(sorted)
  expect(tree.size).toBe(2_500)
  expect([...tree.entries(everything)]).toEqual(sorted)
  const edit = tree.edit()
  for (const { key } of sorted) edit.delete(key)
  expect(edit.tree().size).toBe(0)
  expect(tree.size).toBe(2_500)
})

test('trees never change while later ones are made from them', () => {
  const actions = fc.array(fc.tuple(fc.integer({ min: 0, max: 150 }), fc.boolean()), { size: 'max', maxLength: 300 })
  fc.assert(
    fc.property(actions, fc.integer({ min: 1, max: 40 }), (actions, every) => {
      const edit = Tree.empty.edit()
      const model = new Map<string, Entry>()
      const taken: [Tree, string[]][] = []
      const expected = (): string[] => [...model.keys()].sort()
      actions.forEach(([number, deletes], i) => {
        const item = entry(number, i)
        if (deletes) {
          expect(edit.delete(item.key)).toBe(model.get(item.key))
          model.delete(item.key)
        } else {
          expect(edit.put(item)).toBe(model.get(item.key))
          model.set(item.key, item)
        }
        if (i % every === 0) taken.push([edit.tree(), expected()])
      })
      taken.push([edit.tree(), expected()])
      for (const [tree, keys] of taken) {
        expect(tree.size).toBe(keys.length)
        expect(keysOf(tree)).toEqual(keys)
      }
      for (const [key, item] of model) expect(edit.get(key)).toBe(item)
    }),
  )
})

test('count(), slice() and entries() agree on any range', () => {
  const tree = (() => {
    const edit = Tree.empty.edit()
    for (const number of mixed) if (number % 2 === 0) edit.put(entry(number))
    return edit.tree()
  })()
  const all = keysOf(tree)
  const bound = fc.oneof(
    fc.integer({ min: 0, max: 3_000 }).map((number) => entry(number).key),
    fc.constantFrom('', '/', '/k/', '/l', '\uffff'),
  )
  fc.assert(
    fc.property(bound, bound, fc.integer({ min: 0, max: 2_000 }), (start, end, limit) => {
      const inside = all.filter((key) => key >= start && key < end)
      expect(tree.count({ start, end })).toBe(inside.length)
      expect([...tree.entries({ start, end })].map((entry) => entry.key)).toEqual(inside)
      expect(tree.slice({ start, end }, limit).map((entry) => entry.key)).toEqual(inside.slice(0, limit))
      expect(tree.slice({ start, end }, Infinity)).toHaveLength(inside.length)
    }),
  )
})

test('a commit copies the way to what it changes and shares the rest', () => {
  const tree = Tree.of(Array.from({ length: 100_000 }, (_, i) => entry(i)))
  const edit = tree.edit()
  edit.put(entry(50_000, 1))
  const changed = edit.tree()
  let same = 0
  const before = tree.entries(everything)[Symbol.iterator]()
  for (const item of changed.entries(everything)) if (before.next().value === item) same++
  expect(same).toBe(99_999)
  expect(tree.get(entry(50_000).key)?.modRevision).toBe(50_000)
  expect(changed.get(entry(50_000).key)?.modRevision).toBe(1)
})
