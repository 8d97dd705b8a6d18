import { CelError } from '../error.ts'
import type { Value } from '../values/values.ts'

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

  get exceeded(): boolean {
    return this.#cost > this.#limit
  }

  add(cost: number): void {
    this.#cost += cost
    if (this.#cost > this.#limit) throw new CostError('operation cancelled: actual cost limit exceeded')
  }

  /** A call looks at its arguments. */
  call(args: readonly Value[]): void {
    let cost = 1
    for (const arg of args) {
      if (typeof arg === 'string' || arg instanceof Uint8Array) cost += Math.ceil(arg.length / 10)
      else if (typeof arg === 'object' && arg !== null && 'list' in arg) cost += Math.ceil(arg.size / 10)
    }
    this.add(cost)
  }
}
