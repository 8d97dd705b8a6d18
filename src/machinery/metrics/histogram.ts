/** What is told of a histogram: values by the least upper bound that they don't exceed, the last count being that of none. */
export interface HistogramValue {
  /** Upper bounds, inclusive, in ascending order. */
  readonly bounds: readonly number[]
  /** One more than bounds. */
  readonly counts: ArrayLike<number>
  readonly sum: number
}

/** How often values fell below each of some bounds. */
export class Histogram implements HistogramValue {
  readonly bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  /** @param bounds upper bounds, inclusive, in ascending order */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  get counts(): ArrayLike<number> {
    return this.#counts
  }

  get sum(): number {
    return this.#sum
  }

  /** How many values there were. */
  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  observe(value: number): void {
    this.#sum += value
    const { bounds } = this
    let index = 0
    while (index < bounds.length && value > (bounds[index] as number)) index++
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  /** The same values, counted apart from now on. */
  copy(): Histogram {
    const copy = new Histogram(this.bounds)
    copy.#counts.set(this.#counts)
    copy.#sum = this.#sum
    return copy
  }

  /** The same values without the bounds below the given one. */
  from(least: number): HistogramValue {
    const first = this.bounds.findIndex((bound) => bound >= least)
    const below = this.#counts.subarray(0, first + 1).reduce((sum, count) => sum + count, 0)
    return { bounds: this.bounds.slice(first), counts: [below, ...this.#counts.subarray(first + 1)], sum: this.#sum }
  }
}
