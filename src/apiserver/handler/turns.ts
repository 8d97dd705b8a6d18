import { sleep } from '#base'
import type { Clock } from '#base'

/** Milliseconds that work on many objects may take before others get their turn, and objects between looks at the clock. */
const longestSlice = 10
const objectsPerLook = 64

/** Cuts work on many objects into slices, so that nobody waits for all of it. */
export class Turns {
  readonly #clock: Clock
  #count = 0
  #until: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#until = clock.monotonic() + longestSlice
  }

  /** Called for each object: what to wait for, if the slice is over. */
  next(): Promise<void> | undefined {
    if (++this.#count % objectsPerLook !== 0 || this.#clock.monotonic() < this.#until) return undefined
    return this.#pause()
  }

  async #pause(): Promise<void> {
    await sleep(this.#clock, 0)
    this.#until = this.#clock.monotonic() + longestSlice
  }
}
