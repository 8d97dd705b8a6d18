/** A key that goes by itself unless it is written again first. */
export interface Expiring {
  readonly key: string
  readonly modRevision: number
  /** Wall time in milliseconds. */
  readonly expires: number
}

/** Below this many it is not worth looking for those that were written again. */
const fewest = 1024

/**
 * Keys by the time at which they expire: a binary heap. Keys that were written again in the meantime stay in it until
 * they are due, or until they are many.
 */
export class Expiry {
  #heap: Expiring[]
  /** Size at which to look for what is no longer current. */
  #sweepAt = fewest
  readonly #isCurrent: (expiring: Expiring) => boolean

  constructor(initial: readonly Expiring[], isCurrent: (expiring: Expiring) => boolean) {
    this.#heap = []
    this.#isCurrent = isCurrent
    for (const expiring of initial) this.add(expiring)
  }

  /** Time at which the first key is due. */
  get next(): number | undefined {
    return this.#heap[0]?.expires
  }

  get size(): number {
    return this.#heap.length
  }

  add(expiring: Expiring): void {
    if (this.#heap.length >= this.#sweepAt) {
      // In ascending order an array is a heap as it stands.
      this.#heap = this.#heap.filter(this.#isCurrent).sort((a, b) => a.expires - b.expires)
      this.#sweepAt = Math.max(fewest, this.#heap.length * 2)
    }
    const heap = this.#heap
    let at = heap.length
    heap.push(expiring)
    while (at > 0) {
      const above = (at - 1) >>> 1
      if (heap[above]!.expires <= expiring.expires) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = expiring
  }

  /** Takes out a current key that is due at `now`. */
  take(now: number): Expiring | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (!first || first.expires > now) return undefined
      this.#removeFirst()
      if (this.#isCurrent(first)) return first
    }
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let below = at * 2 + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && heap[below + 1]!.expires < heap[below]!.expires) below++
      if (heap[below]!.expires >= last.expires) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = last
  }
}
