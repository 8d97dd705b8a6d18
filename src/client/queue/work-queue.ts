import type { Clock } from '#base'
import { DelayedKeys } from './delayed.ts'
import { Lanes } from './lanes.ts'
import { controllerLimiter } from './rate-limiter.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Priority of keys that nothing has happened to: those of a first list, or of a resync. */
export const lowPriority = -100

/** Told what a queue does; durations in milliseconds. */
export interface WorkQueueMetrics {
  /** A queue is there, and can be asked what it works on. */
  began?(unfinished: () => UnfinishedWork): void
  added(): void
  /** A key was handed out after it waited. */
  got(waitedMs: number): void
  done(workedMs: number): void
  /** A key was added for later. */
  retried(): void
}

/** What is being worked on. */
export interface UnfinishedWork {
  readonly count: number
  /** Sum over the keys. 0 where the queue has no metrics. */
  readonly totalMs: number
  readonly longestMs: number
}

export interface WorkQueueOptions<K> {
  readonly clock: Clock
  /** {@link controllerLimiter} when absent. */
  readonly rateLimiter?: RateLimiter<K>
  readonly metrics?: WorkQueueMetrics
}

/**
 * Keys to work on. A key is in the queue once however often it is added, and never worked on twice at a time: added
 * while it is worked on, it comes again afterwards. Higher priorities go first; among equals, who came first.
 */
export interface WorkQueue<K> {
  /** @param priority 0 when absent. */
  add(key: K, priority?: number): void
  addAfter(key: K, ms: number, priority?: number): void
  /** Adds a key that failed, after as long as the rate limiter says. */
  addRateLimited(key: K, priority?: number): void
  /** The key's failures no longer count. */
  forget(key: K): void
  /** Failures of the key that count. */
  retries(key: K): number
  /** The next key, at once if one waits; whoever takes it calls `done`. `undefined`: shut down and empty. */
  get(): Promise<K | undefined>
  /** The next key, `undefined` when none waits. */
  tryGet(): K | undefined
  done(key: K): void
  /** Keys that wait, without those that are due later. */
  readonly length: number
  /** Takes no more keys and forgets those that are due later; what waits can still be taken. */
  shutDown(): void
  /** Waits until nothing is worked on and nothing waits. Call after `shutDown`. */
  drained(): Promise<void>
  unfinished(): UnfinishedWork
}

export function createWorkQueue<K>(options: WorkQueueOptions<K>): WorkQueue<K> {
  return new KeyQueue(options)
}

interface Entry<K> {
  readonly key: K
  priority: number
  state: 'waiting' | 'working' | 'dirty' | 'replaced'
  addedAt: number
  startedAt: number
}

class KeyQueue<K> implements WorkQueue<K> {
  readonly #clock: Clock
  readonly #limiter: RateLimiter<K>
  readonly #metrics: WorkQueueMetrics | undefined
  readonly #entries = new Map<K, Entry<K>>()
  readonly #lanes = new Lanes<Entry<K>>()
  readonly #delayed: DelayedKeys<K>
  #length = 0
  #stopped = false
  #waiting: ((key: K | undefined) => void)[] = []
  #draining: (() => void)[] = []

  constructor({ clock, rateLimiter, metrics }: WorkQueueOptions<K>) {
    this.#clock = clock
    this.#limiter = rateLimiter ?? controllerLimiter<K>(clock)
    this.#metrics = metrics
    metrics?.began?.(() => this.unfinished())
    this.#delayed = new DelayedKeys(clock, (key, priority) => this.add(key, priority))
  }

  get length(): number {
    return this.#length
  }

  add(key: K, priority: number = 0): void {
    if (this.#stopped) return
    const entry = this.#entries.get(key)
    if (!entry) {
      this.#metrics?.added()
      this.#enqueue({ key, priority, state: 'waiting', addedAt: this.#now(), startedAt: 0 })
    } else if (entry.state === 'working') {
      this.#metrics?.added()
      entry.state = 'dirty'
      entry.priority = priority
      entry.addedAt = this.#now()
    } else if (priority > entry.priority) {
      if (entry.state === 'dirty') entry.priority = priority
      else this.#raise(entry, priority)
    }
  }

  addAfter(key: K, ms: number, priority: number = 0): void {
    if (this.#stopped) return
    this.#metrics?.retried()
    if (ms <= 0) this.add(key, priority)
    else this.#delayed.add(key, ms, priority)
  }

  addRateLimited(key: K, priority: number = 0): void {
    this.addAfter(key, this.#limiter.when(key), priority)
  }

  forget(key: K): void {
    this.#limiter.forget(key)
  }

  retries(key: K): number {
    return this.#limiter.retries(key)
  }

  get(): Promise<K | undefined> {
    const key = this.tryGet()
    if (key !== undefined || this.#stopped) return Promise.resolve(key)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  tryGet(): K | undefined {
    for (let entry = this.#lanes.take(); entry; entry = this.#lanes.take()) {
      if (entry.state === 'waiting') return this.#begin(entry)
    }
    return undefined
  }

  done(key: K): void {
    const entry = this.#entries.get(key)
    if (!entry || entry.state === 'waiting') return
    if (this.#metrics) this.#metrics.done(this.#clock.monotonic() - entry.startedAt)
    if (entry.state === 'dirty') {
      entry.state = 'waiting'
      this.#enqueue(entry)
      return
    }
    this.#entries.delete(key)
    if (this.#stopped && this.#entries.size === 0) this.#endDrain()
  }

  shutDown(): void {
    this.#stopped = true
    this.#delayed.clear()
    for (const resolve of this.#waiting) resolve(undefined)
    this.#waiting = []
    if (this.#entries.size === 0) this.#endDrain()
  }

  drained(): Promise<void> {
    if (this.#entries.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#draining.push(resolve))
  }

  unfinished(): UnfinishedWork {
    const now = this.#now()
    let count = 0
    let totalMs = 0
    let longestMs = 0
    for (const { state, startedAt } of this.#entries.values()) {
      if (state !== 'working' && state !== 'dirty') continue
      count++
      totalMs += now - startedAt
      longestMs = Math.max(longestMs, now - startedAt)
    }
    return { count, totalMs, longestMs }
  }

  #enqueue(entry: Entry<K>): void {
    this.#entries.set(entry.key, entry)
    this.#length++
    const resolve = this.#waiting.shift()
    if (resolve) resolve(this.#begin(entry))
    else this.#lanes.push(entry, entry.priority)
  }

  #begin(entry: Entry<K>): K {
    this.#length--
    entry.state = 'working'
    if (this.#metrics) {
      entry.startedAt = this.#clock.monotonic()
      this.#metrics.got(entry.startedAt - entry.addedAt)
    }
    return entry.key
  }

  /** Moves a waiting key to a higher lane. The old entry stays where it is and is passed over. */
  #raise(entry: Entry<K>, priority: number): void {
    const raised: Entry<K> = { ...entry, priority }
    entry.state = 'replaced'
    this.#entries.set(raised.key, raised)
    this.#lanes.push(raised, priority)
  }

  #endDrain(): void {
    for (const resolve of this.#draining) resolve()
    this.#draining = []
  }

  /** Reading the clock costs as much as the rest: only metrics need it. */
  #now(): number {
    return this.#metrics ? this.#clock.monotonic() : 0
  }
}
