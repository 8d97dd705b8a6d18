import { expect, test } from 'vitest'
import type { Entry } from '#store'
import { KeptObjects, mostKeptBytes } from './kept-objects.ts'
import { StoredObject } from './stored-object.ts'

const entryOf = (revision: number, bytes: number, first: string = '{'): Entry => ({
  key: `k${revision}`,
  value: new Uint8Array(bytes).fill(first.charCodeAt(0), 0, 1),
  createRevision: revision,
  modRevision: revision,
  memo: {},
})

test('KeptObjects lets the objects go that it was told of first, once they weigh too much', () => {
  const kept = new KeptObjects(() => true)
  const large = mostKeptBytes >> 3
  const entries = Array.from({ length: 9 }, (_, index) => entryOf(index, large))
  for (const entry of entries) kept.add(entry)
  expect(entries.map((entry) => entry.memo !== undefined)).toEqual([false, false, ...Array<boolean>(7).fill(true)])
  // The last is kept, whatever it weighs.
  const huge = entryOf(10, mostKeptBytes)
  kept.add(huge)
  expect([...entries, huge].filter((entry) => entry.memo !== undefined)).toEqual([huge])
})

test('KeptObjects leaves the size of a message that was counted in place of the object', () => {
  const kept = new KeptObjects(() => true)
  const [first, second] = [entryOf(1, mostKeptBytes), entryOf(2, mostKeptBytes)]
  const stored = new StoredObject({ kind: 'K', apiVersion: 'v1', metadata: { name: 'a' } })
  stored.messageSize = 17
  first.memo = stored
  kept.add(first)
  kept.add(second)
  expect(first.memo).toBe(17)
})

test('KeptObjects tells by the size of what it keeps how many it could keep', () => {
  const kept = new KeptObjects(() => true)
  expect([kept.holds(10_000), kept.holds(100_000)]).toEqual([true, false])
  kept.add(entryOf(1, mostKeptBytes >> 3))
  expect([kept.holds(7), kept.holds(8)]).toEqual([true, false])
})

test('KeptObjects counts what was sealed twice: the plain value lies beside it', () => {
  const kept = new KeptObjects(() => true)
  kept.add(entryOf(1, mostKeptBytes >> 2, 'k'))
  const [small, large] = [mostKeptBytes >> 3, mostKeptBytes >> 2]
  expect(kept.hasRoomFor(entryOf(2, small, 'k'))).toBe(true)
  expect(kept.hasRoomFor(entryOf(2, large))).toBe(true)
  expect(kept.hasRoomFor(entryOf(2, large, 'k'))).toBe(false)
})

test('KeptObjects goes on for as long as it likes', () => {
  const kept = new KeptObjects(() => true)
  const entries = Array.from({ length: 40 }, (_, index) => entryOf(index, 64))
  const many = Math.ceil(mostKeptBytes / (64 + 256)) + 10_000
  for (let i = 0; i < many; i++) kept.add(entries[i % entries.length] as Entry)
  expect(kept.holds(mostKeptBytes / (64 + 256))).toBe(true)
})

test('KeptObjects lets the objects of entries go that stand no more, but for the newest', () => {
  const newest = new Map<string, Entry>()
  const kept = new KeptObjects((entry) => newest.get(entry.key) === entry)
  const standing = Array.from({ length: 500 }, (_, index) => entryOf(index, 64))
  for (const entry of standing) {
    newest.set(entry.key, entry)
    kept.add(entry)
  }
  const written = Array.from({ length: 5000 }, (_, index) => ({ ...entryOf(index, 64), key: 'one' }))
  for (const entry of written) {
    newest.set('one', entry)
    kept.add(entry)
  }
  expect(standing.every((entry) => entry.memo !== undefined)).toBe(true)
  expect(written.slice(-200).every((entry) => entry.memo !== undefined)).toBe(true)
  expect(written.filter((entry) => entry.memo !== undefined).length).toBeLessThan(2000)
})
