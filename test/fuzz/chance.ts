import type { Random } from 'fast-check'

/** Draws from fast-check's source of chance, so that a seed says everything. */
export class Chance {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  hits(probability: number): boolean {
    return this.#random.nextDouble() < probability
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return this.#random.nextInt(least, most)
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.between(0, values.length - 1)] as T
  }

  /** Few times more often than many. */
  few(most: number): number {
    return Math.floor(this.#random.nextDouble() ** 2 * (most + 1))
  }
}
