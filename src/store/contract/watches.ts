import type { VirtualClock } from '#base'
import { expect, test } from 'vitest'
import { everything, FutureRevisionError, prefixRange, StoreClosedError } from '../store.ts'
import type { Store } from '../store.ts'
import type { StoreContract } from './fixture.ts'
import { bytes, Recorder, rejection, set, showEvent, unset, watchError } from './fixture.ts'

export function describeWatches(
  open: () => Promise<Store>,
  clockOf: () => VirtualClock,
  contract: StoreContract,
): void {
  test('watch() tells events of its range in order, with what they replaced', async () => {
    const store = await open()
    const recorder = new Recorder(store, 1, prefixRange('/a/'))
    await set(store, '/a/x', 'one')
    await set(store, '/b/x', 'two')
    await set(store, '/a/x', 'three')
    await unset(store, '/a/x')
    await set(store, '/a', 'four')
    await set(store, '/a/y', 'five')
    expect((await recorder.reached(7)).map(showEvent)).toEqual([
      'put /a/x=one created 2 modified 2 was undefined',
      'put /a/x=three created 2 modified 4 was /a/x=one created 2 modified 2',
      'delete at 5 was /a/x=three created 2 modified 4',
      'put /a/y=five created 7 modified 7 was undefined',
    ])
    await recorder.stop()
  })

  test('watch() from an old revision tells what happened since, then goes on without a gap', async () => {
    const store = await open()
    for (let i = 0; i < 40; i++) await set(store, `/k/${i % 7}`, `v${i}`)
    const recorders = [1, 2, 17, 40, 41].map((after) => ({ after, recorder: new Recorder(store, after) }))
    for (let i = 40; i < 60; i++) await set(store, `/k/${i % 7}`, `v${i}`)
    for (const { after, recorder } of recorders) {
      const events = await recorder.reached(61)
      expect(events.map((event) => (event.type === 'put' ? event.entry.modRevision : 0))).toEqual(
        Array.from({ length: 61 - after }, (_, i) => after + 1 + i),
      )
      await recorder.stop()
    }
  })

  test('writes of one batch arrive together, and watchers of a range share the batch', async () => {
    const store = await open()
    const first = new Recorder(store, 1)
    const second = new Recorder(store, 1)
    await set(store, '/settle', 'v')
    await Promise.all([first.reached(2), second.reached(2)])
    await Promise.all(Array.from({ length: 5 }, (_, i) => store.put(`/k/${i}`, bytes('v'), { expected: 0 })))
    await Promise.all([first.reached(7), second.reached(7)])
    if (contract.sharesCommits) expect(first.batches.at(-1)!.events).toHaveLength(5)
    expect(first.batches.at(-1)).toBe(second.batches.at(-1))
    await Promise.all([first.stop(), second.stop()])
  })

  test('a consumer that lags holds up nobody and misses nothing', async () => {
    const store = await open()
    const controller = new AbortController()
    const slow = store.watch(everything, { after: 1, signal: controller.signal })[Symbol.asyncIterator]()
    const fast = new Recorder(store, 1)
    const asked = slow.next()
    for (let i = 0; i < 30; i++) await set(store, `/k/${i % 3}`, `v${i}`)
    await fast.reached(31)
    const events = []
    for (let batch = await asked; !batch.done; batch = await slow.next()) {
      events.push(...batch.value.events)
      if (batch.value.revision === 31) break
    }
    expect(events.map(showEvent)).toEqual(fast.events.map(showEvent))
    controller.abort()
    await fast.stop()
  })

  test('a range need not be a prefix', async () => {
    const store = await open()
    const ranges = [
      { start: '/a/5', end: '/b/5' },
      { start: '/b/5', end: '/b/5\0' },
      { start: '/b/', end: '/c/6' },
      { start: '', end: '/a/6' },
    ]
    const recorders = ranges.map((range) => new Recorder(store, 1, range))
    const keys = ['/a/4', '/a/5', '/b', '/b/4', '/b/5', '/b/5/x', '/b/6', '/c/5', '/c/6']
    for (const key of keys) await set(store, key, 'v')
    for (const [i, range] of ranges.entries()) {
      const inside = keys.filter((key) => key >= range.start && key < range.end)
      const events = await recorders[i]!.reached(keys.indexOf(inside.at(-1)!) + 2)
      expect(events.map((event) => event.type === 'put' && event.entry.key)).toEqual(inside)
      await recorders[i]!.stop()
    }
  })

  test('a watcher of a quiet range hears of progress', async () => {
    const store = await open()
    const recorder = new Recorder(store, 1, prefixRange('/quiet/'))
    const loud = new Recorder(store, 1, prefixRange('/loud/'))
    await set(store, '/loud/a', 'one')
    await set(store, '/loud/b', 'two')
    await clockOf().advance(10_000)
    await recorder.reached(3)
    expect(recorder.events).toEqual([])
    await loud.stop()
    expect(loud.batches.every((batch) => batch.events.length > 0)).toBe(true)
    await set(store, '/quiet/a', 'three')
    expect((await recorder.reached(4)).map(showEvent)).toEqual([
      'put /quiet/a=three created 4 modified 4 was undefined',
    ])
    await recorder.stop()
  })

  test('a watch ends with its signal, at any time', async () => {
    const store = await open()
    const recorder = new Recorder(store, 1)
    await set(store, '/a', 'one')
    await recorder.reached(2)
    await recorder.stop()
    await set(store, '/a', 'two')
    expect(recorder.events).toHaveLength(1)
    const aborted = store.watch(everything, { after: 1, signal: AbortSignal.abort() })[Symbol.asyncIterator]()
    expect(await aborted.next()).toEqual({ done: true, value: undefined })
  })

  test('a consumer may stop by itself, and may ask for several batches before the first has come', async () => {
    const store = await open()
    const { signal } = new AbortController()
    await set(store, '/a', 'zero')
    for await (const batch of store.watch(everything, { after: 1, signal })) {
      expect(batch.revision).toBe(2)
      break
    }
    const iterator = store.watch(everything, { after: 2, signal })[Symbol.asyncIterator]()
    const steps = [iterator.next(), iterator.next(), iterator.next()]
    for (const text of ['one', 'two', 'three']) {
      await set(store, '/b', text)
      await new Promise<void>((resolve) => queueMicrotask(resolve))
    }
    const batches = await Promise.all(steps)
    expect(batches.map((step) => !step.done && step.value.revision)).toEqual([3, 4, 5])
    await iterator.return?.()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  test('watch() after a revision that does not exist yet fails', async () => {
    const store = await open()
    expect(await watchError(store, 2)).toBeInstanceOf(FutureRevisionError)
  })

  test('close() fails watchers, those that wait and those that ask later', async () => {
    const store = await open()
    const { signal } = new AbortController()
    const waiting = store.watch(everything, { after: 1, signal })[Symbol.asyncIterator]().next()
    const failed = rejection(waiting)
    await store.close()
    expect(await failed).toBeInstanceOf(StoreClosedError)
    expect(await watchError(store, 1)).toBeInstanceOf(StoreClosedError)
  })
}
