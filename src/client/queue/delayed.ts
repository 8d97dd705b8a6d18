import { Heap } from '#base'
import type { CancelTimer, Clock, HeapItem } from '#base'

interface Delayed<K> extends HeapItem {
  readonly key: K
  readyAt: number
  priority: number
}

/**
 * Keys that are due later: a heap by due time, and one timer for the first. A key is in it once; the soonest due time
 * and the highest priority hold.
 */
export class DelayedKeys<K> {
  readonly #clock: Clock
  readonly #due: (key: K, priority: number) => void
  readonly #heap = new Heap<Delayed<K>>((a, b) => a.readyAt < b.readyAt)
  readonly #byKey = new Map<K, Delayed<K>>()
  #timer: CancelTimer | undefined
  #timerAt = Infinity

  /** @param due called with each key when its time has come. */
  constructor(clock: Clock, due: (key: K, priority: number) => void) {
    this.#clock = clock
    this.#due = due
  }

  get size(): number {
    return this.#heap.size
  }

  add(key: K, ms: number, priority: number): void {
    const readyAt = this.#clock.monotonic() + ms
    const known = this.#byKey.get(key)
    if (known) {
      known.priority = Math.max(known.priority, priority)
      if (readyAt >= known.readyAt) return
      known.readyAt = readyAt
      this.#heap.fix(known)
    } else {
      const delayed: Delayed<K> = { key, readyAt, priority, index: -1 }
      this.#heap.push(delayed)
      this.#byKey.set(key, delayed)
    }
    this.#arm()
  }

  /** Forgets all keys. */
  clear(): void {
    this.#heap.clear()
    this.#byKey.clear()
    this.#arm()
  }

  readonly #fire = (): void => {
    this.#timer = undefined
    this.#timerAt = Infinity
    const now = this.#clock.monotonic()
    for (let first = this.#heap.peek(); first && first.readyAt <= now; first = this.#heap.peek()) {
      this.#heap.remove(first)
      this.#byKey.delete(first.key)
      this.#due(first.key, first.priority)
    }
    this.#arm()
  }

  #arm(): void {
    const readyAt = this.#heap.peek()?.readyAt ?? Infinity
    if (readyAt === this.#timerAt) return
    this.#timer?.()
    this.#timerAt = readyAt
    this.#timer =
      readyAt === Infinity ? undefined : this.#clock.timer(Math.max(0, readyAt - this.#clock.monotonic()), this.#fire)
  }
}
