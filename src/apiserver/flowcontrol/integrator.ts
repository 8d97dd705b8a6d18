import type { Clock } from '#base'

/** What a quantity was like over a time. */
export interface Integral {
  readonly seconds: number
  readonly average: number
  readonly deviation: number
  readonly max: number
}

/** Follows a quantity through time: how much it was on average, and how far it strayed. */
export class Integrator {
  readonly #clock: Clock
  #value = 0
  #last: number
  #seconds = 0
  #sum = 0
  #squares = 0
  #max = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#last = clock.monotonic()
  }

  /** @returns when that was, by the monotonic clock */
  set(value: number): number {
    const now = this.#advance()
    this.#value = value
    if (value > this.#max) this.#max = value
    return now
  }

  #advance(): number {
    const now = this.#clock.monotonic()
    const seconds = (now - this.#last) / 1000
    this.#last = now
    this.#seconds += seconds
    this.#sum += seconds * this.#value
    this.#squares += seconds * this.#value * this.#value
    return now
  }

  /** What it was since the last call. */
  take(): Integral {
    this.#advance()
    const average = this.#seconds > 0 ? this.#sum / this.#seconds : 0
    const variance = this.#seconds > 0 ? this.#squares / this.#seconds - average * average : 0
    const integral = {
      seconds: this.#seconds,
      average,
      deviation: Math.sqrt(Math.max(0, variance)),
      max: this.#max,
    }
    this.#seconds = 0
    this.#sum = 0
    this.#squares = 0
    this.#max = this.#value
    return integral
  }
}
