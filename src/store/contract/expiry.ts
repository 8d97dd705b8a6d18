import type { VirtualClock } from '#base'
import { expect, test } from 'vitest'
import type { Store } from '../store.ts'
import { bytes, committed, Recorder, set, show, showEvent } from './fixture.ts'

export function describeExpiry(open: () => Promise<Store>, clockOf: () => VirtualClock): void {
  test('a key with a time to live is deleted when it is over, as any write', async () => {
    const store = await open()
    const recorder = new Recorder(store, 1)
    await store.put('/a', bytes('short'), { expected: 0, ttlSeconds: 10 })
    await store.put('/b', bytes('long'), { expected: 0, ttlSeconds: 100 })
    await set(store, '/c', 'for ever')
    await clockOf().advance(9_999)
    expect(store.snapshot().revision).toBe(4)
    await clockOf().advance(1)
    expect((await recorder.reached(5)).slice(3).map(showEvent)).toEqual([
      'delete at 5 was /a=short created 2 modified 2',
    ])
    expect(store.snapshot().get('/a')).toBeUndefined()
    await clockOf().advance(100_000)
    await recorder.reached(6)
    expect([...store.snapshot().entries({ start: '', end: '~' })].map((entry) => entry.key)).toEqual(['/c'])
    await recorder.stop()
  })

  test('a write begins the time to live anew, or ends it', async () => {
    const store = await open()
    const recorder = new Recorder(store, 1)
    const a = committed(await store.put('/a', bytes('one'), { expected: 0, ttlSeconds: 10 }))
    const b = committed(await store.put('/b', bytes('one'), { expected: 0, ttlSeconds: 10 }))
    await clockOf().advance(5_000)
    await store.put('/a', bytes('two'), { expected: a.modRevision, ttlSeconds: 10 })
    await store.put('/b', bytes('two'), { expected: b.modRevision })
    await clockOf().advance(9_000)
    expect(store.snapshot().revision).toBe(5)
    await clockOf().advance(1_000)
    expect((await recorder.reached(6)).map(showEvent).at(-1)).toBe('delete at 6 was /a=two created 2 modified 4')
    await clockOf().advance(1_000_000)
    expect(show(store.snapshot().get('/b'))).toBe('/b=two created 3 modified 5')
    await recorder.stop()
  })

  test('many keys that expire at about the same time go within a second', async () => {
    const store = await open()
    const recorder = new Recorder(store, 1)
    for (let i = 0; i < 20; i++) {
      await store.put(`/k/${i}`, bytes('v'), { expected: 0, ttlSeconds: 10 + i / 100 })
    }
    await clockOf().advance(11_200)
    await recorder.reached(41)
    expect(store.snapshot().count({ start: '', end: '~' })).toBe(0)
    await recorder.stop()
  })
}
