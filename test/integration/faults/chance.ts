import { VirtualClock } from '#base'

/** Chance that repeats itself from a seed, apart from that of the clock. */
export class Chance {
  readonly #source: VirtualClock

  constructor(seed: number) {
    this.#source = new VirtualClock(0, seed)
  }

  /** At least 0 and below 1. */
  next(): number {
    return this.#source.random()
  }

  hits(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.between(0, values.length - 1)] as T
  }
}
