import { expect, test } from 'vitest'
import { CompactedError, everything, prefixRange } from '../store.ts'
import type { Store } from '../store.ts'
import type { StoreContract } from './fixture.ts'
import { listed, Recorder, rejection, set, show, showEvent, unset, watchError } from './fixture.ts'

/** Three keys, each with some history; the newest revision is 8. */
async function fill(store: Store): Promise<void> {
  await set(store, '/a', 'one') // 2
  await set(store, '/b', 'two') // 3
  await set(store, '/a', 'three') // 4
  await unset(store, '/b') // 5
  await set(store, '/c', 'four') // 6
  await set(store, '/a', 'five') // 7
  await set(store, '/b', 'six') // 8
}

export function describeCompaction(open: () => Promise<Store>, contract: StoreContract): void {
  test('compact() keeps the compacted revision readable and refuses all before it', async () => {
    const store = await open()
    await fill(store)
    await store.compact(5)
    expect(store.compactedRevision).toBe(5)
    expect(await listed(store, everything, 5)).toEqual(['/a=three created 2 modified 4'])
    expect(await listed(store, everything, 7)).toEqual(['/a=five created 2 modified 7', '/c=four created 6 modified 6'])
    for (const attempt of [store.get('/a', 4), store.list(everything, { revision: 4 })]) {
      const error = await rejection(attempt)
      expect(error).toBeInstanceOf(CompactedError)
      expect((error as CompactedError).message).toBe('revision 4 was compacted, the oldest kept is 5')
      expect((error as CompactedError).compactedRevision).toBe(5)
    }
    expect((await store.list(everything)).entries).toHaveLength(3)
  })

  test('watch() goes back as far as the compacted revision', async () => {
    const store = await open()
    await fill(store)
    await store.compact(5)
    expect(await watchError(store, 4)).toBeInstanceOf(CompactedError)
    const recorder = new Recorder(store, 5)
    expect((await recorder.reached(8)).map(showEvent)).toEqual([
      'put /c=four created 6 modified 6 was undefined',
      'put /a=five created 2 modified 7 was /a=three created 2 modified 4',
      'put /b=six created 8 modified 8 was undefined',
    ])
    await recorder.stop()
  })

  test('compact() at the newest revision leaves the live state and revisions that go on', async () => {
    const store = await open()
    await fill(store)
    await unset(store, '/b')
    await store.compact(9)
    expect((await store.list(everything)).entries.map(show)).toEqual([
      '/a=five created 2 modified 7',
      '/c=four created 6 modified 6',
    ])
    expect(show(await set(store, '/d', 'ten'))).toBe('/d=ten created 10 modified 10')
  })

  test('compact() refuses what was compacted already', async () => {
    const store = await open()
    await fill(store)
    await store.compact(5)
    for (const revision of [1, 4, 5]) {
      expect(await rejection(store.compact(revision))).toBeInstanceOf(CompactedError)
    }
    await store.compact(6)
    expect(store.compactedRevision).toBe(6)
  })

  test('a watcher that had everything is not disturbed by compaction', async () => {
    const store = await open()
    const recorder = new Recorder(store, 1, prefixRange('/b'))
    await fill(store)
    await recorder.reached(8)
    await set(store, '/a', 'nine')
    await store.compact(9)
    await set(store, '/b', 'ten')
    expect((await recorder.reached(10)).map(showEvent).at(-1)).toBe(
      'put /b=ten created 8 modified 10 was /b=six created 8 modified 8',
    )
    await recorder.stop()
  })

  if (!contract.compactsRanges) return

  test('compact() of a range leaves the history of other keys', async () => {
    const store = await open()
    await fill(store)
    await store.compact(7, prefixRange('/a'))
    expect(store.compactedRevision).toBe(1)
    expect(await rejection(store.get('/a', 4))).toBeInstanceOf(CompactedError)
    expect(await rejection(store.list(everything, { revision: 6 }))).toBeInstanceOf(CompactedError)
    expect(await watchError(store, 6)).toBeInstanceOf(CompactedError)
    expect(await listed(store, prefixRange('/b'), 3)).toEqual(['/b=two created 3 modified 3'])
    expect(await listed(store, everything, 7)).toEqual(['/a=five created 2 modified 7', '/c=four created 6 modified 6'])
    const recorder = new Recorder(store, 1, { start: '/b', end: '/d' })
    expect(await recorder.reached(8)).toHaveLength(4)
    await recorder.stop()
    expect(await rejection(store.compact(6, prefixRange('/a')))).toBeInstanceOf(CompactedError)
    await store.compact(6)
    expect(await rejection(store.get('/a', 6))).toBeInstanceOf(CompactedError)
    expect(show(await store.get('/a', 7))).toBe('/a=five created 2 modified 7')
  })
}
