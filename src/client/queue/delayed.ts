import type { CancelTimer, Clock } from '#base'

interface Delayed<K> {
  readonly key: K
  readyAt: number
  priority: number
  place: number
}

/**
 * Keys that are due later: a heap by due time, and one timer for the first. A key is in it once; the soonest due time
 * and the highest priority hold.
 */
export class DelayedKeys<K> {
  readonly #clock: Clock
  readonly #due: (key: K, priority: number) => void
  readonly #heap: Delayed<K>[] = []
  readonly #byKey = new Map<K, Delayed<K>>()
  #timer: CancelTimer | undefined
  #timerAt = Infinity

  /** @param due called with each key when its time has come. */
  constructor(clock: Clock, due: (key: K, priority: number) => void) {
    this.#clock = clock
    this.#due = due
  }

  get size(): number {
    return this.#heap.length
  }

  add(key: K, ms: number, priority: number): void {
    const readyAt = this.#clock.monotonic() + ms
    const known = this.#byKey.get(key)
    if (known) {
      known.priority = Math.max(known.priority, priority)
      if (readyAt >= known.readyAt) return
      known.readyAt = readyAt
      this.#rise(known.place)
    } else {
      const delayed: Delayed<K> = { key, readyAt, priority, place: this.#heap.length }
      this.#heap.push(delayed)
      this.#byKey.set(key, delayed)
      this.#rise(delayed.place)
    }
    this.#arm()
  }

  /** Forgets all keys. */
  clear(): void {
    this.#heap.length = 0
    this.#byKey.clear()
    this.#arm()
  }

  readonly #fire = (): void => {
    this.#timer = undefined
    this.#timerAt = Infinity
    const now = this.#clock.monotonic()
    for (let first = this.#heap[0]; first && first.readyAt <= now; first = this.#heap[0]) {
      this.#removeFirst()
      this.#due(first.key, first.priority)
    }
    this.#arm()
  }

  #arm(): void {
    const readyAt = this.#heap[0]?.readyAt ?? Infinity
    if (readyAt === this.#timerAt) return
    this.#timer?.()
    this.#timerAt = readyAt
    this.#timer =
      readyAt === Infinity ? undefined : this.#clock.timer(Math.max(0, readyAt - this.#clock.monotonic()), this.#fire)
  }

  #removeFirst(): void {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (!first || !last) return
    this.#byKey.delete(first.key)
    if (first === last) return
    this.#set(0, last)
    this.#sink()
  }

  #rise(from: number): void {
    const heap = this.#heap
    let place = from
    const delayed = heap[place]
    if (!delayed) return
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent]
      if (!above || above.readyAt <= delayed.readyAt) break
      this.#set(place, above)
      this.#set(parent, delayed)
      place = parent
    }
  }

  #sink(): void {
    const heap = this.#heap
    let place = 0
    const delayed = heap[0]
    if (!delayed) return
    for (;;) {
      let child = place * 2 + 1
      let below = heap[child]
      const right = heap[child + 1]
      if (below && right && right.readyAt < below.readyAt) {
        child++
        below = right
      }
      if (!below || below.readyAt >= delayed.readyAt) break
      this.#set(place, below)
      this.#set(child, delayed)
      place = child
    }
  }

  #set(place: number, delayed: Delayed<K>): void {
    this.#heap[place] = delayed
    delayed.place = place
  }
}
