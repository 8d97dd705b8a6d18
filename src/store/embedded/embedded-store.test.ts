import { createLogger, defer, VirtualClock } from '#base'
import type { Deferred, LogLevel } from '#base'
import { expect, test } from 'vitest'
import { bytes, committed, Recorder, rejection, set, show } from '../contract/fixture.ts'
import { everything, StoreUnavailableError } from '../store.ts'
import { Tree } from '../tree/tree.ts'
import { EmbeddedStore } from './embedded-store.ts'
import type { Change, Log } from './log.ts'

/** A log whose batches become durable, or fail, when the test says so. */
class HeldLog implements Log {
  readonly batches: { readonly changes: readonly Change[]; readonly done: Deferred<void> }[] = []

  append(changes: readonly Change[]): Promise<void> {
    const done = defer<void>()
    this.batches.push({ changes, done })
    return done.promise
  }
  async scan(_after: number, upTo: number): Promise<number> {
    return upTo
  }
  async read(): Promise<undefined[]> {
    return []
  }
  async compact(): Promise<void> {}
  async close(): Promise<void> {}
}

interface Held {
  readonly store: EmbeddedStore
  readonly log: HeldLog
  readonly clock: VirtualClock
  readonly lines: string[]
}

function open(): Held {
  const log = new HeldLog()
  const clock = new VirtualClock()
  const lines: string[] = []
  const logger = createLogger('debug', (level: LogLevel, message) => lines.push(`${level} ${message}`))
  const store = new EmbeddedStore({
    clock,
    logger,
    log,
    initial: { tree: Tree.empty, revision: 1, compactedRevision: 1, compactions: [], expiring: [] },
    history: { events: 100, bytes: 1e6 },
    schedule: queueMicrotask,
  })
  return { store, log, clock, lines }
}

/** Lets everything that is ready run. */
function settle(): Promise<void> {
  return new VirtualClock().advance(0)
}

test('writes gather while a batch is on its way, and go together after it', async () => {
  const { store, log } = open()
  const writes = [store.put('/a', bytes('one'), { expected: 0 })]
  await settle()
  for (const key of ['/b', '/c', '/d']) writes.push(store.put(key, bytes('v'), { expected: 0 }))
  await settle()
  expect(log.batches.map((batch) => batch.changes.length)).toEqual([1])
  log.batches[0]?.done.resolve()
  await settle()
  expect(store.snapshot().revision).toBe(2)
  expect(log.batches.map((batch) => batch.changes.length)).toEqual([1, 3])
  log.batches[1]?.done.resolve()
  await Promise.all(writes)
  expect(store.snapshot().revision).toBe(5)
})

test('what gathered is on its way to the disk before those who waited for the batch before go on', async () => {
  const { store, log } = open()
  const first = store.put('/a', bytes('v'), { expected: 0 }).then(() => log.batches.length)
  await settle()
  const second = store.put('/b', bytes('v'), { expected: 0 })
  log.batches[0]?.done.resolve()
  expect(await first).toBe(2)
  log.batches[1]?.done.resolve()
  await second
})

test('a failed commit undoes what is pending, and fails it and what gathered behind it', async () => {
  const { store, log, lines } = open()
  const recorder = new Recorder(store, 1)
  const first = set(store, '/a', 'one')
  await settle()
  log.batches[0]?.done.resolve()
  await first
  const failing = [store.put('/a', bytes('two'), { expected: 2 }), store.put('/b', bytes('new'), { expected: 0 })]
  await settle()
  failing.push(store.put('/a', bytes('three'), { expected: 3 }))
  const deleting = store.delete('/b', 4)
  const failures = Promise.all([...failing, deleting].map(rejection))
  log.batches[1]?.done.reject(new Error('no space left'))
  for (const error of await failures) {
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect((error as Error).message).toBe("the store can't write: no space left")
  }
  expect(store.snapshot().revision).toBe(2)
  const again = store.put('/a', bytes('four'), { expected: 2 })
  await settle()
  log.batches[2]?.done.resolve()
  expect(show(committed(await again))).toBe('/a=four created 2 modified 3')
  expect(store.snapshot().get('/b')).toBeUndefined()
  expect((await recorder.stop()).length).toBe(2)
  expect(lines).toEqual(['error Store can not write', 'info Store can write again'])
})

test('a writer that meets a pending write hears of it when that is durable', async () => {
  const { store, log } = open()
  const first = store.put('/a', bytes('one'), { expected: 0 })
  const second = store.put('/a', bytes('two'), { expected: 0 })
  let answered = false
  void second.then(() => (answered = true))
  await settle()
  expect(answered).toBe(false)
  log.batches[0]?.done.resolve()
  await first
  expect(await second).toMatchObject({ committed: false, current: { modRevision: 2 } })
})

test('a writer that meets a pending write fails with it', async () => {
  const { store, log } = open()
  const first = rejection(store.put('/a', bytes('one'), { expected: 0 }))
  const second = rejection(store.put('/a', bytes('two'), { expected: 0 }))
  await settle()
  log.batches[0]?.done.reject(new Error('input/output error'))
  expect(await first).toBeInstanceOf(StoreUnavailableError)
  expect(await second).toBeInstanceOf(StoreUnavailableError)
})

test('a writer that meets a pending deletion waits for it, too', async () => {
  const { store, log } = open()
  const made = set(store, '/a', 'one')
  await settle()
  log.batches[0]?.done.resolve()
  await made
  const deleting = store.delete('/a', 2)
  const meeting = store.put('/a', bytes('two'), { expected: 2 })
  await settle()
  log.batches[1]?.done.resolve()
  await deleting
  expect(await meeting).toEqual({ committed: false, current: undefined })
})

test('a writer that meets a durable state hears of it at once, whatever is pending', async () => {
  const { store, log } = open()
  const made = set(store, '/a', 'one')
  await settle()
  log.batches[0]?.done.resolve()
  await made
  const pending = store.put('/b', bytes('two'), { expected: 0 })
  expect(await store.put('/a', bytes('two'), { expected: 0 })).toMatchObject({ current: { modRevision: 2 } })
  expect(await store.delete('/c', 2)).toEqual({ committed: false, current: undefined })
  await settle()
  log.batches[1]?.done.resolve()
  await pending
})

test('an expiry that could not be written is tried again', async () => {
  const { store, log, clock } = open()
  const made = store.put('/a', bytes('one'), { expected: 0, ttlSeconds: 10 })
  await settle()
  log.batches[0]?.done.resolve()
  await made
  await clock.advance(10_000)
  log.batches[1]?.done.reject(new Error('no space left'))
  await settle()
  expect(store.snapshot().count(everything)).toBe(1)
  await clock.advance(5_000)
  log.batches[2]?.done.resolve()
  await settle()
  expect(store.snapshot().count(everything)).toBe(0)
  await store.close()
  expect(clock.pending).toBe(0)
})

test('close() waits for the batch on its way and for what gathered', async () => {
  const { store, log } = open()
  const writes = [set(store, '/a', 'one')]
  await settle()
  writes.push(set(store, '/b', 'two'))
  let closed = false
  const closing = store.close().then(() => (closed = true))
  await settle()
  expect(closed).toBe(false)
  log.batches[0]?.done.resolve()
  await settle()
  expect(closed).toBe(false)
  log.batches[1]?.done.resolve()
  await Promise.all(writes)
  await closing
})
