import { VirtualClock } from '#base'
import { expect, test } from 'vitest'
import { describeStore } from '../contract/index.ts'
import { Recorder, bytes, set, watchError } from '../contract/fixture.ts'
import { CompactedError, everything } from '../store.ts'
import { createMemoryStore } from './memory-store.ts'

describeStore('memory store', {
  durable: false,
  compactsRanges: true,
  sharesCommits: true,
  expiresByClock: true,
  propertyRuns: 200,
  open: async (clock) => {
    const store = createMemoryStore({ clock })
    return { store, reopen: async () => store, dispose: () => store.close() }
  },
})

test('createMemoryStore() compacts history beyond its limits by itself', async () => {
  const store = createMemoryStore({ clock: new VirtualClock(), history: { events: 10, bytes: 1 << 20 } })
  for (let i = 0; i < 30; i++) await set(store, `/k/${i % 3}`, `v${i}`)
  expect(store.compactedRevision).toBe(21)
  expect(await watchError(store, 20)).toBeInstanceOf(CompactedError)
  const recorder = new Recorder(store, 21)
  expect(await recorder.reached(31)).toHaveLength(10)
  await recorder.stop()
  expect((await store.list(everything, { revision: 21 })).entries).toHaveLength(3)
  await store.close()
})

test('createMemoryStore() bounds the bytes that history holds', async () => {
  const store = createMemoryStore({ clock: new VirtualClock(), history: { events: 1_000, bytes: 100_000 } })
  for (let i = 0; i < 50; i++) {
    await store.put('/a', new Uint8Array(10_000), { expected: store.snapshot().get('/a')?.modRevision ?? 0 })
  }
  expect(store.snapshot().revision - store.compactedRevision).toBeLessThanOrEqual(10)
  await store.close()
})

test('createMemoryStore() forgets what was decoded from entries that were replaced long ago', async () => {
  const store = createMemoryStore({ clock: new VirtualClock() })
  await store.put('/a', bytes('one'), { expected: 0, memo: 'old' })
  const old = store.snapshot().get('/a')!
  await store.put('/a', bytes('two'), { expected: 2, memo: 'new' })
  expect(old.memo).toBe('old')
  for (let i = 0; i < 1_000; i++) await set(store, '/b', `v${i}`)
  expect(old.memo).toBeUndefined()
  expect(store.snapshot().get('/a')?.memo).toBe('new')
  await store.close()
})

test('keys that expire at about the same time share commits', async () => {
  const clock = new VirtualClock()
  const store = createMemoryStore({ clock })
  const recorder = new Recorder(store, 1)
  for (let i = 0; i < 50; i++) await store.put(`/k/${i}`, bytes('v'), { expected: 0, ttlSeconds: 10 + i / 100 })
  const before = recorder.batches.length
  await clock.advance(12_000)
  await recorder.reached(101)
  expect(recorder.batches.length - before).toBeLessThanOrEqual(2)
  await recorder.stop()
  await store.close()
})
