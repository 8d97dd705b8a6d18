import type { Clock } from '#base'

interface Entry {
  delayMs: number
  /** Wall time of the last failure, milliseconds. */
  updatedAt: number
}

/** Milliseconds without a failure after which delays begin anew, however short the longest one is. */
const memoryMs = 600_000

/**
 * Delays by key that double with every failure, and begin anew after ten minutes without. What is delayed is counted from
 * the event that failed, not from when the failure was noted.
 */
export class KeyedBackoff {
  readonly #clock: Clock
  readonly #firstMs: number
  readonly #longestMs: number
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock, firstMs: number, longestMs: number) {
    this.#clock = clock
    this.#firstMs = firstMs
    this.#longestMs = longestMs
  }

  /** The present delay; 0 for a key that has not failed. */
  delayOf(key: string): number {
    return this.#entries.get(key)?.delayMs ?? 0
  }

  /** Notes a failure: the delay of the next attempt grows. */
  next(key: string, eventAt: number): void {
    const entry = this.#entries.get(key)
    const updatedAt = this.#clock.now()
    if (!entry || this.#isOld(entry, eventAt)) {
      this.#entries.set(key, { delayMs: this.#firstMs, updatedAt })
    } else {
      entry.delayMs = Math.min(entry.delayMs * 2, this.#longestMs)
      entry.updatedAt = updatedAt
    }
  }

  /** Whether less than the delay has passed since an event. */
  isWithin(key: string, eventAt: number): boolean {
    const entry = this.#entries.get(key)
    return entry !== undefined && !this.#isOld(entry, eventAt) && this.#clock.now() - eventAt < entry.delayMs
  }

  /** Whether less than the delay has passed since the last failure. */
  isWithinUpdate(key: string): boolean {
    const entry = this.#entries.get(key)
    const now = this.#clock.now()
    return entry !== undefined && !this.#isOld(entry, now) && now - entry.updatedAt < entry.delayMs
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  /** Forgets what has not failed for long. */
  collect(): void {
    const now = this.#clock.now()
    for (const [key, entry] of this.#entries) if (this.#isOld(entry, now)) this.#entries.delete(key)
  }

  #isOld({ updatedAt }: Entry, at: number): boolean {
    return at - updatedAt > memoryMs
  }
}
