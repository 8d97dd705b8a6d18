import { randomInt } from 'node:crypto'

/** A state of the rules, as the connection mark of flows that it let through. */
export interface Generation {
  /** Bits that hold the generation. */
  readonly mask: number
  /** Never 0, which is what a new flow has. */
  readonly value: number
}

/** Numbers states of the rules within some bits of the connection mark. */
export class Generations {
  readonly #mask: number
  readonly #shift: number
  readonly #count: number
  #number: number

  /** @param mask adjacent bits. The first number is left to chance: flows may bear one of a filter before this. */
  constructor(mask: number) {
    this.#mask = mask >>> 0
    this.#shift = 31 - Math.clz32(mask & -mask)
    this.#count = this.#mask >>> this.#shift
    this.#number = randomInt(this.#count)
  }

  next(): Generation {
    this.#number = (this.#number % this.#count) + 1
    return { mask: this.#mask, value: (this.#number << this.#shift) >>> 0 }
  }
}
