import type { Clock } from '#base'

export interface TokenBucketOptions {
  /** Tokens that come back each second. */
  readonly perSecond: number
  /** Tokens that it holds at most, and at the start. */
  readonly burst: number
}

/** Limits a rate, with bursts. */
export class TokenBucket {
  readonly #clock: Clock
  readonly #options: TokenBucketOptions
  #tokens: number
  #last: number

  constructor(clock: Clock, options: TokenBucketOptions) {
    this.#clock = clock
    this.#options = options
    this.#tokens = options.burst
    this.#last = clock.monotonic()
  }

  /** Takes a token now, if there is one. */
  tryTake(): boolean {
    this.#refill()
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  /** Takes a token that may not have come back yet; returns the milliseconds until it will have. */
  reserve(): number {
    this.#refill()
    this.#tokens--
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#options.perSecond) * 1000
  }

  #refill(): void {
    const now = this.#clock.monotonic()
    const { perSecond, burst } = this.#options
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#last) / 1000) * perSecond)
    this.#last = now
  }
}
