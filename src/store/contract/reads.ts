import { expect, test } from 'vitest'
import { everything, FutureRevisionError, prefixRange } from '../store.ts'
import type { Store } from '../store.ts'
import type { StoreContract } from './fixture.ts'
import { listed, rejection, set, show, unset } from './fixture.ts'

export function describeReads(open: () => Promise<Store>, contract: StoreContract): void {
  test('list() is in order of key, whatever the order of writing', async () => {
    const store = await open()
    for (const key of ['/b/2', '/a', '/b', '/b/10', '/c', '/B']) await set(store, key, 'v')
    const { entries, revision, remaining } = await store.list(everything)
    expect(entries.map((entry) => entry.key)).toEqual(['/B', '/a', '/b', '/b/10', '/b/2', '/c'])
    expect(revision).toBe(7)
    expect(remaining).toBe(0)
  })

  test('list() takes start in and leaves end out', async () => {
    const store = await open()
    for (const key of ['/a', '/b', '/c', '/d']) await set(store, key, 'v')
    const { entries } = await store.list({ start: '/b', end: '/d' })
    expect(entries.map((entry) => entry.key)).toEqual(['/b', '/c'])
    expect((await store.list({ start: '/d', end: '/b' })).entries).toEqual([])
  })

  test('list() by prefix finds the keys below it and no neighbours', async () => {
    const store = await open()
    for (const key of ['/pods/a/x', '/pods/a/y', '/pods/a', '/pods/ab/x', '/pods/a0']) await set(store, key, 'v')
    const { entries } = await store.list(prefixRange('/pods/a/'))
    expect(entries.map((entry) => entry.key)).toEqual(['/pods/a/x', '/pods/a/y'])
  })

  test('list() with a limit tells how much it left, and goes on at the same revision while the store changes', async () => {
    const store = await open()
    for (let i = 0; i < 25; i++) await set(store, `/k/${String(i).padStart(2, '0')}`, `v${i}`)
    const first = await store.list(everything, { limit: 10 })
    expect(first.entries).toHaveLength(10)
    expect(first.remaining).toBe(15)
    await set(store, '/k/12', 'changed')
    await unset(store, '/k/13')
    await set(store, '/k/99', 'new')
    const start = `${first.entries.at(-1)!.key}\0`
    const second = await store.list({ start, end: everything.end }, { limit: 10, revision: first.revision })
    expect(second.revision).toBe(first.revision)
    expect(second.entries.map(show).slice(2, 4)).toEqual([
      '/k/12=v12 created 14 modified 14',
      '/k/13=v13 created 15 modified 15',
    ])
    expect(second.remaining).toBe(5)
    const rest = { start: `${second.entries.at(-1)!.key}\0`, end: everything.end }
    const third = await store.list(rest, { limit: 10, revision: first.revision })
    expect(third.entries.map((entry) => entry.key)).toEqual(['/k/20', '/k/21', '/k/22', '/k/23', '/k/24'])
    expect(third.remaining).toBe(0)
  })

  test('get() and list() show every revision as it was, also within a batch', async () => {
    const store = await open()
    const writes = [() => set(store, '/a', 'one'), () => set(store, '/b', 'two'), () => set(store, '/c', 'three')]
    if (contract.sharesCommits) await Promise.all(writes.map((write) => write()))
    else for (const write of writes) await write()
    await set(store, '/b', 'four')
    await unset(store, '/a')
    await set(store, '/a', 'five')
    const a1 = '/a=one created 2 modified 2'
    const b2 = '/b=two created 3 modified 3'
    const c3 = '/c=three created 4 modified 4'
    const b4 = '/b=four created 3 modified 5'
    const a5 = '/a=five created 7 modified 7'
    expect(await listed(store, everything, 1)).toEqual([])
    expect(await listed(store, everything, 2)).toEqual([a1])
    expect(await listed(store, everything, 3)).toEqual([a1, b2])
    expect(await listed(store, everything, 4)).toEqual([a1, b2, c3])
    expect(await listed(store, everything, 5)).toEqual([a1, b4, c3])
    expect(await listed(store, everything, 6)).toEqual([b4, c3])
    expect(await listed(store, everything, 7)).toEqual([a5, b4, c3])
    expect(show(await store.get('/a', 5))).toBe(a1)
    expect(await store.get('/a', 6)).toBeUndefined()
    expect(show(await store.get('/a', 7))).toBe(a5)
    expect(show(await store.get('/b', 4))).toBe(b2)
  })

  test('a snapshot stays as it is', async () => {
    const store = await open()
    await set(store, '/a', 'one')
    await set(store, '/b', 'two')
    const before = store.snapshot()
    await set(store, '/a', 'three')
    await unset(store, '/b')
    await set(store, '/c', 'four')
    expect(before.revision).toBe(3)
    expect([...before.entries(everything)].map(show)).toEqual([
      '/a=one created 2 modified 2',
      '/b=two created 3 modified 3',
    ])
    expect(before.count(everything)).toBe(2)
    expect(before.get('/c')).toBeUndefined()
    expect(store.snapshot().count({ start: '/b', end: '/d' })).toBe(1)
  })

  test('a revision that does not exist yet is refused', async () => {
    const store = await open()
    await set(store, '/a', 'one')
    for (const attempt of [store.get('/a', 3), store.list(everything, { revision: 3 }), store.compact(3)]) {
      const error = await rejection(attempt)
      expect(error).toBeInstanceOf(FutureRevisionError)
      expect((error as FutureRevisionError).message).toBe('revision 3 lies ahead of the newest, 2')
    }
  })

  test('fresh() resolves', async () => {
    const store = await open()
    await set(store, '/a', 'one')
    await store.fresh()
    expect(store.snapshot().revision).toBe(2)
  })
}
