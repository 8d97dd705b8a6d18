import type { VirtualClock } from '#base'
import { expect, test } from 'vitest'
import { CompactedError, everything, prefixRange } from '../store.ts'
import type { StoreContract, StoreFixture } from './fixture.ts'
import { bytes, listed, Recorder, rejection, set, show, showEvent, unset, watchError } from './fixture.ts'

export function describeReopening(
  open: () => Promise<StoreFixture>,
  clockOf: () => VirtualClock,
  contract: StoreContract,
): void {
  test('a store that is opened again has its state, its history and its revisions', async () => {
    const fixture = await open()
    await set(fixture.store, '/a', 'one')
    await set(fixture.store, '/b', 'two')
    await set(fixture.store, '/a', 'three')
    await unset(fixture.store, '/b')
    const store = await fixture.reopen()
    expect(store.snapshot().revision).toBe(5)
    expect(await listed(store, everything)).toEqual(['/a=three created 2 modified 4'])
    expect(await listed(store, everything, 3)).toEqual(['/a=one created 2 modified 2', '/b=two created 3 modified 3'])
    const recorder = new Recorder(store, 2)
    expect(show(await set(store, '/b', 'four'))).toBe('/b=four created 6 modified 6')
    expect((await recorder.reached(6)).map(showEvent)).toEqual([
      'put /b=two created 3 modified 3 was undefined',
      'put /a=three created 2 modified 4 was /a=one created 2 modified 2',
      'delete at 5 was /b=two created 3 modified 3',
      'put /b=four created 6 modified 6 was undefined',
    ])
    await recorder.stop()
  })

  test('revisions go on rising when the newest writes were compacted away', async () => {
    const fixture = await open()
    await set(fixture.store, '/a', 'one')
    await unset(fixture.store, '/a')
    await fixture.store.compact(3)
    const store = await fixture.reopen()
    expect(store.snapshot().revision).toBe(3)
    expect(store.compactedRevision).toBe(3)
    expect(show(await set(store, '/a', 'two'))).toBe('/a=two created 4 modified 4')
  })

  test('compaction holds after opening again', async () => {
    const fixture = await open()
    for (let i = 0; i < 20; i++) await set(fixture.store, `/k/${i % 4}`, `v${i}`)
    await fixture.store.compact(15)
    if (contract.compactsRanges) await fixture.store.compact(18, prefixRange('/k/1'))
    const store = await fixture.reopen()
    expect(store.compactedRevision).toBe(15)
    expect(await rejection(store.get('/k/0', 14))).toBeInstanceOf(CompactedError)
    expect(show(await store.get('/k/0', 15))).toBe('/k/0=v12 created 2 modified 14')
    expect(await watchError(store, 14)).toBeInstanceOf(CompactedError)
    if (contract.compactsRanges) {
      expect(await rejection(store.get('/k/1', 17))).toBeInstanceOf(CompactedError)
      expect(show(await store.get('/k/1', 18))).toBe('/k/1=v13 created 3 modified 15')
    }
  })

  if (!contract.expiresByClock) return

  test('a time to live goes on while the store is closed', async () => {
    const fixture = await open()
    await fixture.store.put('/a', bytes('one'), { expected: 0, ttlSeconds: 10 })
    await fixture.store.put('/b', bytes('two'), { expected: 0, ttlSeconds: 60 })
    await fixture.store.close()
    await clockOf().advance(20_000)
    const store = await fixture.reopen()
    const recorder = new Recorder(store, 3)
    await clockOf().advance(0)
    expect((await recorder.reached(4)).map(showEvent)).toEqual(['delete at 4 was /a=one created 2 modified 2'])
    await clockOf().advance(60_000)
    expect((await recorder.reached(5)).map(showEvent)).toHaveLength(2)
    await recorder.stop()
  })
}
