import { CelError } from '../error.ts'

/** An expression that costs more than it may. */
export class CostError extends CelError {}

/** Counts what an evaluation costs: about one for each step, and for texts and lists by their size. */
export class Meter {
  readonly #limit: number
  #cost = 0

  /** @param limit of the cost; what goes beyond fails */
  constructor(limit: number) {
    this.#limit = limit
  }

  get cost(): number {
    return this.#cost
  }

  /** @throws CostError */
  add(cost: number): void {
    this.#cost += cost
    if (this.#cost > this.#limit) throw new CostError('operation cancelled: actual cost limit exceeded')
  }
}
