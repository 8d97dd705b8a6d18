import type { HistogramValue } from '#machinery'

/**
 * For how long a quantity was what part of another: a histogram whose counts are nanoseconds. It costs next to nothing
 * while the quantity stays, and nobody has to look at it from time to time.
 */
export class TimeRatio {
  readonly #bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0
  #value = 0
  #whole = 1
  #last: number

  /** @param bounds upper bounds, inclusive. @param now milliseconds, of the monotonic clock */
  constructor(bounds: readonly number[], now: number) {
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
    this.#last = now
  }

  set(value: number, now: number): void {
    if (value === this.#value) return
    this.#advance(now)
    this.#value = value
  }

  /** What the quantity is a part of. */
  setWhole(whole: number, now: number): void {
    if (whole === this.#whole) return
    this.#advance(now)
    this.#whole = whole
  }

  at(now: number): HistogramValue {
    this.#advance(now)
    return { bounds: this.#bounds, counts: this.#counts.map(Math.round), sum: this.#sum }
  }

  #advance(now: number): void {
    const nanoseconds = (now - this.#last) * 1e6
    this.#last = now
    if (nanoseconds <= 0) return
    const ratio = this.#whole > 0 ? this.#value / this.#whole : 0
    let index = 0
    while (index < this.#bounds.length && ratio > (this.#bounds[index] as number)) index++
    this.#counts[index] = (this.#counts[index] ?? 0) + nanoseconds
    this.#sum += ratio * nanoseconds
  }
}

const requestBounds = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1]
const seatBounds = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]
const demandBounds = [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.7, 2, 2.8, 4, 6]

/** How much of a priority level is made use of, over time. */
export class LevelUse {
  readonly demand: TimeRatio
  readonly seats: TimeRatio
  readonly executing: TimeRatio
  readonly waiting: TimeRatio

  constructor(now: number) {
    this.demand = new TimeRatio(demandBounds, now)
    this.seats = new TimeRatio(seatBounds, now)
    this.executing = new TimeRatio(requestBounds, now)
    this.waiting = new TimeRatio(requestBounds, now)
  }
}
