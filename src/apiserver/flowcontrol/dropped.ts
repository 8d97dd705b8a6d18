import type { Clock } from '#base'

const longestRetry = 32

interface Second {
  readonly at: number
  readonly count: number
}

/**
 * After how many seconds those who were turned away should come back: more while many are, as TCP backs off, and
 * gradually less when they become few.
 */
export class DroppedRequests {
  readonly #clock: Clock
  #history: readonly Second[] = []
  #current: Second = { at: 0, count: 0 }
  #retryAfter = 1
  #raisedAt = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get retryAfterSeconds(): number {
    return this.#retryAfter
  }

  note(): void {
    const now = Math.floor(this.#clock.now() / 1000)
    if (this.#current.at === now) {
      this.#current = { at: now, count: this.#current.count + 1 }
      return
    }
    const kept = Math.min(2 * this.#retryAfter, longestRetry)
    this.#history = [...this.#history.filter(({ at }) => this.#current.at - at <= kept), this.#current]
    this.#current = { at: now, count: 1 }
    this.#adjust(now)
  }

  #adjust(now: number): void {
    const retryAfter = this.#retryAfter
    const dropped = this.#history
      .filter(({ at }) => now - at <= retryAfter && at < now)
      .reduce((sum, { count }) => sum + count, 0)
    if (now - this.#raisedAt >= retryAfter && dropped >= 3 * retryAfter) {
      this.#retryAfter = Math.min(2 * retryAfter, longestRetry)
      this.#raisedAt = now
    } else if (dropped < retryAfter && retryAfter > 1) this.#retryAfter = retryAfter - 1
  }
}
