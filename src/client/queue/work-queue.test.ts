import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { bucketLimiter, controllerLimiter, exponentialLimiter } from './rate-limiter.ts'
import { createWorkQueue, lowPriority } from './work-queue.ts'
import type { WorkQueue } from './work-queue.ts'

function all<K>(queue: WorkQueue<K>): K[] {
  const keys: K[] = []
  for (let key = queue.tryGet(); key !== undefined; key = queue.tryGet()) keys.push(key)
  return keys
}

const queueOn = (clock: VirtualClock): WorkQueue<string> => createWorkQueue<string>({ clock })

test('a key is handed out once however often it was added', () => {
  const queue = queueOn(new VirtualClock())
  for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key)
  expect(queue.length).toBe(3)
  expect(all(queue)).toEqual(['a', 'b', 'c'])
})

test('a key added while it is worked on comes again after done(), not before', () => {
  const queue = queueOn(new VirtualClock())
  queue.add('a')
  expect(queue.tryGet()).toBe('a')
  queue.add('a')
  queue.add('a')
  expect([queue.length, queue.tryGet()]).toEqual([0, undefined])
  queue.done('a')
  expect([queue.length, queue.tryGet(), queue.tryGet()]).toEqual([1, 'a', undefined])
  queue.done('a')
  expect(queue.tryGet()).toBeUndefined()
})

test('higher priorities go first, and adding again can only raise', () => {
  const queue = queueOn(new VirtualClock())
  for (const key of ['old1', 'old2', 'old3']) queue.add(key, lowPriority)
  queue.add('new1')
  queue.add('new2')
  queue.add('old2')
  queue.add('new1', lowPriority)
  queue.add('first', 10)
  expect(queue.length).toBe(6)
  expect(all(queue)).toEqual(['first', 'new1', 'new2', 'old2', 'old1', 'old3'])
  expect(queue.length).toBe(0)
})

test('get() waits for a key, and resolves with nothing after shutDown()', async () => {
  const queue = queueOn(new VirtualClock())
  const [first, second] = [queue.get(), queue.get()]
  queue.add('a')
  expect(await first).toBe('a')
  queue.add('a')
  queue.shutDown()
  expect(await second).toBeUndefined()
  queue.add('b')
  const drained = queue.drained()
  queue.done('a')
  expect(await queue.get()).toBe('a')
  queue.done('a')
  await drained
  expect(await queue.get()).toBeUndefined()
})

test('addAfter() adds at its time; the soonest of several holds', async () => {
  const clock = new VirtualClock(0)
  const queue = queueOn(clock)
  queue.addAfter('late', 100)
  queue.addAfter('moved', 500)
  queue.addAfter('moved', 50)
  queue.addAfter('moved', 900)
  queue.addAfter('now', 0)
  expect(all(queue)).toEqual(['now'])
  await clock.advance(50)
  expect(all(queue)).toEqual(['moved'])
  await clock.advance(49)
  expect(all(queue)).toEqual([])
  await clock.advance(1)
  expect(all(queue)).toEqual(['late'])
  expect(clock.pending).toBe(0)
})

test('keys that are due later come in order of their time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 50 }))), async (adds) => {
      const clock = new VirtualClock(0)
      const queue = createWorkQueue<number>({ clock })
      const due = new Map<number, number>()
      for (const [key, ms] of adds) {
        queue.addAfter(key, ms)
        due.set(key, Math.min(ms, due.get(key) ?? Infinity))
      }
      const seen = new Map<number, number>()
      while (clock.nextDue !== undefined) {
        await clock.advance(clock.nextDue - clock.now())
        for (const key of all(queue)) {
          expect(seen.has(key)).toBe(false)
          seen.set(key, clock.now())
          queue.done(key)
        }
      }
      expect(seen).toEqual(due)
    }),
    { numRuns: 50 },
  )
})

test('shutDown() leaves no timer', async () => {
  const clock = new VirtualClock(0)
  const queue = queueOn(clock)
  queue.addAfter('a', 100)
  expect(clock.pending).toBe(1)
  queue.shutDown()
  expect(clock.pending).toBe(0)
})

test('addRateLimited() doubles from 5 ms to 1000 s, until forget()', async () => {
  const clock = new VirtualClock(0)
  const limiter = exponentialLimiter<string>()
  expect([1, 2, 3, 4].map(() => limiter.when('a'))).toEqual([5, 10, 20, 40])
  for (let i = 0; i < 100; i++) limiter.when('a')
  expect(limiter.when('a')).toBe(1_000_000)
  expect(limiter.when('b')).toBe(5)

  const queue = queueOn(clock)
  queue.addRateLimited('a')
  queue.addRateLimited('a')
  expect(queue.retries('a')).toBe(2)
  await clock.advance(5)
  expect(all(queue)).toEqual(['a'])
  queue.done('a')
  queue.forget('a')
  expect(queue.retries('a')).toBe(0)
})

test('bucketLimiter() lets a burst through, then its rate', async () => {
  const clock = new VirtualClock(0)
  const limiter = bucketLimiter<string>(clock, { perSecond: 10, burst: 3 })
  expect([1, 2, 3, 4, 5].map(() => limiter.when('a'))).toEqual([0, 0, 0, 100, 200])
  await clock.advance(250)
  expect(limiter.when('a')).toBe(50)
})

test('controllerLimiter() takes the strictest of both', () => {
  const limiter = controllerLimiter<number>(new VirtualClock(0))
  for (let key = 0; key < 100; key++) expect(limiter.when(key)).toBe(5)
  expect(limiter.when(100)).toBe(100)
  expect(limiter.when(101)).toBe(200)
})

test('metrics hear of adds, waits, work and retries', async () => {
  const clock = new VirtualClock(0)
  const heard: string[] = []
  const queue = createWorkQueue<string>({
    clock,
    metrics: {
      added: () => heard.push('added'),
      got: (ms) => heard.push(`got after ${ms}`),
      done: (ms) => heard.push(`done after ${ms}`),
      retried: () => heard.push('retried'),
    },
  })
  queue.add('a')
  queue.add('a')
  await clock.advance(10)
  queue.tryGet()
  await clock.advance(20)
  expect(queue.unfinished()).toEqual({ count: 1, totalMs: 20, longestMs: 20 })
  queue.done('a')
  queue.addAfter('a', 5)
  expect(heard).toEqual(['added', 'got after 10', 'done after 20', 'retried'])
})

test('whatever is done to a queue, no key is lost and none is worked on twice at a time', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), key: fc.nat(5), priority: fc.constantFrom(0, lowPriority, 7) }),
    fc.record({ do: fc.constant('get' as const), key: fc.constant(0), priority: fc.constant(0) }),
    fc.record({ do: fc.constant('done' as const), key: fc.nat(5), priority: fc.constant(0) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = createWorkQueue<number>({ clock: new VirtualClock(0) })
      const dirty = new Set<number>()
      const working = new Set<number>()
      for (const { do: what, key, priority } of steps) {
        if (what === 'add') {
          queue.add(key, priority)
          dirty.add(key)
        } else if (what === 'done') {
          queue.done(key)
          working.delete(key)
        } else {
          const got = queue.tryGet()
          const ready = [...dirty].filter((each) => !working.has(each))
          if (got === undefined) {
            expect(ready).toEqual([])
            continue
          }
          expect(ready).toContain(got)
          dirty.delete(got)
          working.add(got)
        }
        expect(queue.length).toBe([...dirty].filter((each) => !working.has(each)).length)
      }
    }),
  )
})
