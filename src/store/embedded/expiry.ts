/** A key that goes by itself unless it is written again first. */
export interface Expiring {
  readonly key: string
  readonly modRevision: number
  /** Wall time in milliseconds. */
  readonly expires: number
}

/** Keys that are looked at with each new one: two, so that those that were written again don't become more than the others. */
const looks = 2

/**
 * Keys by the time at which they expire: a binary heap. Keys that were written again in the meantime stay in it until
 * they are due, or until somebody comes across them: with each key that is added some others are looked at, in turn, so
 * that nobody ever waits for a look at all of them.
 */
export class Expiry {
  readonly #heap: Expiring[] = []
  /** Place of the next key to look at. */
  #next = 0
  readonly #isCurrent: (expiring: Expiring) => boolean

  constructor(initial: readonly Expiring[], isCurrent: (expiring: Expiring) => boolean) {
    this.#isCurrent = isCurrent
    for (const expiring of initial) this.#push(expiring)
  }

  /** Time at which the first key is due. */
  get next(): number | undefined {
    return this.#heap[0]?.expires
  }

  get size(): number {
    return this.#heap.length
  }

  add(expiring: Expiring): void {
    this.#push(expiring)
    for (let look = 0; look < looks; look++) this.#look()
  }

  /** Takes out a current key that is due at `now`. */
  take(now: number): Expiring | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (!first || first.expires > now) return undefined
      this.#remove(0)
      if (this.#isCurrent(first)) return first
    }
  }

  #look(): void {
    if (this.#next >= this.#heap.length) this.#next = 0
    const expiring = this.#heap[this.#next]
    if (!expiring || this.#isCurrent(expiring)) this.#next++
    else this.#remove(this.#next)
  }

  #push(expiring: Expiring): void {
    this.#heap.push(expiring)
    this.#rise(this.#heap.length - 1, expiring)
  }

  /** The last key takes the place of one that goes, and from there finds its own. */
  #remove(at: number): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (at < heap.length) this.#rise(this.#sink(at, last), last)
  }

  /** Moves a place up towards the first one, until the key is not due before the one above. */
  #rise(from: number, expiring: Expiring): void {
    const heap = this.#heap
    let at = from
    while (at > 0) {
      const above = (at - 1) >>> 1
      if (heap[above]!.expires <= expiring.expires) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = expiring
  }

  /** Moves a place down until the key is not due after those below; returns where that is. */
  #sink(from: number, expiring: Expiring): number {
    const heap = this.#heap
    let at = from
    for (;;) {
      let below = at * 2 + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && heap[below + 1]!.expires < heap[below]!.expires) below++
      if (heap[below]!.expires >= expiring.expires) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = expiring
    return at
  }
}
