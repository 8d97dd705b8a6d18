import { Heap } from '../heap.ts'
import type { HeapItem } from '../heap.ts'
import type { CancelTimer, Clock } from './clock.ts'

interface Timer extends HeapItem {
  readonly due: number
  readonly order: number
  readonly callback: () => void
}

/**
 * Milliseconds of the shortest wait. Wall time has no room for less than a quarter of it: a shorter wait would end at the
 * moment at which it began, and whoever waits for the rest of a wait would wait without end.
 */
const shortestWait = 2 ** -10

/**
 * A clock that stands still until it is moved, with chance drawn from a seed. Timers fire in order of their due time,
 * and in order of creation where that is equal.
 */
export class VirtualClock implements Clock {
  #now: number
  #order = 0
  #state: number
  readonly #start: number
  readonly #timers = new Heap<Timer>((a, b) => a.due < b.due || (a.due === b.due && a.order < b.order))

  /** @param start wall time in milliseconds since 1970. @param seed 32-bit seed of `random` and `randomBytes`. */
  constructor(start: number = Date.UTC(2026, 0, 1), seed: number = 1) {
    this.#start = start
    this.#now = start
    this.#state = seed >>> 0
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now - this.#start
  }

  timer(ms: number, callback: () => void): CancelTimer {
    const due = this.#now + (ms > 0 ? Math.max(shortestWait, ms) : 0)
    const timer: Timer = { due, order: this.#order++, callback, index: -1 }
    this.#timers.push(timer)
    return () => this.#timers.remove(timer)
  }

  /** Mulberry32: small, fast, and the same on every platform. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  randomBytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.random() * 256))
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#timers.size
  }

  /** Due time of the next timer, `undefined` when none waits. */
  get nextDue(): number | undefined {
    return this.#timers.peek()?.due
  }

  /**
   * Moves time forward by `ms`, firing what falls due; work that a timer starts gets to run before the next one fires.
   * Resolves when time has arrived and the work that is ready has run.
   */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms
    await settle()
    for (let timer = this.#timers.peek(); timer && timer.due <= target; timer = this.#timers.peek()) {
      this.#timers.remove(timer)
      this.#now = Math.max(this.#now, timer.due)
      timer.callback()
      await settle()
    }
    this.#now = target
  }
}

/** Lets promise chains that are ready run to their next wait. Deep chains need many turns of the microtask queue. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 256; turn++) await Promise.resolve()
}
