import type { Clock } from '#base'

export interface BackoffOptions {
  /** First delay in milliseconds, before jitter. */
  readonly initialMs: number
  readonly maxMs: number
  readonly factor: number
  /** Each delay is stretched by a random part of up to this share of itself. */
  readonly jitter: number
  /** Begins anew when nothing was asked for this long; never when absent. */
  readonly resetMs?: number
}

/** Delays that grow with every failure. */
export class Backoff {
  readonly #clock: Clock
  readonly #options: BackoffOptions
  #next: number
  #last: number

  constructor(clock: Clock, options: BackoffOptions) {
    this.#clock = clock
    this.#options = options
    this.#next = options.initialMs
    this.#last = clock.monotonic()
  }

  /** The next delay in milliseconds. */
  next(): number {
    const { initialMs, maxMs, factor, jitter, resetMs = Infinity } = this.#options
    const now = this.#clock.monotonic()
    if (now - this.#last > resetMs) this.#next = initialMs
    this.#last = now
    const delay = this.#next
    this.#next = Math.min(maxMs, delay * factor)
    return jittered(this.#clock, delay, jitter)
  }
}

/** A duration stretched by a random part of up to `share` of itself. */
export function jittered(clock: Clock, ms: number, share: number): number {
  return ms + clock.random() * share * ms
}
