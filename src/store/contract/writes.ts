import { expect, test } from 'vitest'
import { StoreClosedError } from '../store.ts'
import type { Store } from '../store.ts'
import { bytes, committed, rejection, sameBytes, set, show, unset } from './fixture.ts'

export function describeWrites(open: () => Promise<Store>): void {
  test('a new store is empty and at revision 1', async () => {
    const store = await open()
    expect(store.snapshot().revision).toBe(1)
    expect([...store.snapshot().entries({ start: '', end: '~' })]).toEqual([])
    expect(store.compactedRevision).toBe(1)
  })

  test('put() gives every write the next revision and keeps the one of creation', async () => {
    const store = await open()
    expect(show(await set(store, '/a', 'one'))).toBe('/a=one created 2 modified 2')
    expect(show(await set(store, '/b', 'two'))).toBe('/b=two created 3 modified 3')
    expect(show(await set(store, '/a', 'three'))).toBe('/a=three created 2 modified 4')
    expect(store.snapshot().revision).toBe(4)
  })

  test('a key that is deleted and made again has a new revision of creation', async () => {
    const store = await open()
    await set(store, '/a', 'one')
    expect(await unset(store, '/a')).toBe(3)
    expect(store.snapshot().get('/a')).toBeUndefined()
    expect(show(await set(store, '/a', 'two'))).toBe('/a=two created 4 modified 4')
  })

  test('put() of another state than expected changes nothing and tells the state', async () => {
    const store = await open()
    const there = await set(store, '/a', 'one')
    expect(await store.put('/a', bytes('two'), { expected: 0 })).toEqual({ committed: false, current: there })
    expect(await store.put('/a', bytes('two'), { expected: 7 })).toEqual({ committed: false, current: there })
    expect(await store.put('/b', bytes('two'), { expected: 2 })).toEqual({ committed: false, current: undefined })
    expect(store.snapshot().revision).toBe(2)
  })

  test('delete() of another state than expected changes nothing and tells the state', async () => {
    const store = await open()
    const there = await set(store, '/a', 'one')
    expect(await store.delete('/a', 7)).toEqual({ committed: false, current: there })
    expect(await store.delete('/b', 2)).toEqual({ committed: false, current: undefined })
    expect(await store.delete('/b', 0)).toEqual({ committed: false, current: undefined })
    expect(await store.delete('/a', 2)).toEqual({ committed: true, entry: there, revision: 3 })
  })

  test('of writers that race for one state of a key, one wins and the others see its entry', async () => {
    const store = await open()
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => store.put('/a', bytes(`writer ${writer}`), { expected: 0 })),
    )
    const winners = results.filter((result) => result.committed)
    expect(winners).toHaveLength(1)
    for (const result of results) {
      if (!result.committed) expect(show(result.current)).toBe('/a=writer 0 created 2 modified 2')
    }
    expect(store.snapshot().revision).toBe(2)
  })

  test('writers that do not wait for each other build on each other', async () => {
    const store = await open()
    const first = store.put('/a', bytes('one'), { expected: 0 })
    const second = store.put('/a', bytes('two'), { expected: 2 })
    const third = store.delete('/a', 3)
    const fourth = store.put('/a', bytes('four'), { expected: 0 })
    expect(show(committed(await first))).toBe('/a=one created 2 modified 2')
    expect(show(committed(await second))).toBe('/a=two created 2 modified 3')
    expect(await third).toMatchObject({ committed: true, revision: 4 })
    expect(show(committed(await fourth))).toBe('/a=four created 5 modified 5')
    expect(store.snapshot().revision).toBe(5)
  })

  test('a write is not visible before it resolved, and is visible then', async () => {
    const store = await open()
    const writing = store.put('/a', bytes('one'), { expected: 0 })
    expect(store.snapshot().get('/a')).toBeUndefined()
    expect(store.snapshot().revision).toBe(1)
    await writing
    expect(show(store.snapshot().get('/a'))).toBe('/a=one created 2 modified 2')
  })

  test('an increment by many writers that retry loses none', async () => {
    const store = await open()
    await set(store, '/n', '0')
    const increment = async (): Promise<void> => {
      for (;;) {
        const entry = store.snapshot().get('/n')!
        const next = Number(new TextDecoder().decode(entry.value)) + 1
        const result = await store.put('/n', bytes(String(next)), { expected: entry.modRevision })
        if (result.committed) return
      }
    }
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let i = 0; i < 5; i++) await increment()
      }),
    )
    expect(show(store.snapshot().get('/n'))).toBe('/n=50 created 2 modified 52')
  })

  test('a value keeps its bytes when the buffer it came from is used again', async () => {
    const store = await open()
    const pool = new Uint8Array(1024).fill(1)
    await store.put('/a', pool.subarray(100, 300), { expected: 0 })
    pool.fill(2)
    expect(store.snapshot().get('/a')?.value).toEqual(new Uint8Array(200).fill(1))
    expect(store.snapshot().get('/a')?.value.buffer.byteLength).toBe(200)
  })

  test('values of any size and keys of any script come back as they were', async () => {
    const store = await open()
    for (const length of [0, 1, 64, 65, 5_000, 100_000, 3_000_000]) {
      const value = Uint8Array.from({ length }, (_, i) => i % 251)
      const { modRevision } = committed(await store.put(`/size/${length}`, value, { expected: 0 }))
      expect(sameBytes((await store.get(`/size/${length}`, modRevision))?.value, value)).toBe(true)
    }
    await set(store, '/schlüssel/日本', 'v')
    expect(show(store.snapshot().get('/schlüssel/日本'))).toMatch(/^\/schlüssel\/日本=v /)
  })

  test('the memo given with a write goes with its entry', async () => {
    const store = await open()
    const memo = { decoded: true }
    await store.put('/a', bytes('one'), { expected: 0, memo })
    expect(store.snapshot().get('/a')?.memo).toBe(memo)
  })

  test('close() lets writes under way finish and refuses all that comes after', async () => {
    const store = await open()
    const writing = store.put('/a', bytes('one'), { expected: 0 })
    const closing = store.close()
    expect(await rejection(store.put('/b', bytes('two'), { expected: 0 }))).toBeInstanceOf(StoreClosedError)
    expect((await writing).committed).toBe(true)
    await closing
    for (const attempt of [
      store.put('/b', bytes('two'), { expected: 0 }),
      store.delete('/a', 2),
      store.get('/a', 2),
      store.list({ start: '', end: '~' }),
      store.compact(2),
      store.fresh(),
    ]) {
      expect(await rejection(attempt)).toBeInstanceOf(StoreClosedError)
    }
    expect(() => store.snapshot()).toThrow(StoreClosedError)
    await store.close()
  })
}
