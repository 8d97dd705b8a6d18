import { expect, test } from 'vitest'
import type { Entry } from '#store'
import { KeptObjects, mostKept } from './kept-objects.ts'

const entryOf = (revision: number): Entry => ({
  key: `k${revision}`,
  value: new Uint8Array(),
  createRevision: revision,
  modRevision: revision,
  memo: {},
})

test('KeptObjects lets the objects go that it was told of first, once there are too many', () => {
  const kept = new KeptObjects()
  const entries = Array.from({ length: mostKept + 2 }, (_, index) => entryOf(index))
  for (const entry of entries) kept.add(entry)
  expect(entries.slice(0, 3).map((entry) => entry.memo !== undefined)).toEqual([false, false, true])
  expect(entries.at(-1)?.memo).toBeDefined()
})
