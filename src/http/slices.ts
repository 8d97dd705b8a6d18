/** Milliseconds of one turn of the event loop that work which comes all at once may take before others have theirs. */
const longestSlice = 5

/**
 * Does at once what comes, as long as that takes no longer than a slice; what comes beyond is done in the turns after, in
 * the order in which it came. A client can send a thousand requests in one packet, and leave as many with one more.
 */
export class Slices {
  readonly #waiting: (() => void)[] = []
  /** When the slice of this turn began. */
  #began: number | undefined

  do(work: () => void): void {
    if (this.over) this.#waiting.push(work)
    else work()
  }

  /** Whether it is time for others. */
  get over(): boolean {
    return this.#waiting.length > 0 || this.#isOver()
  }

  #isOver(): boolean {
    const now = performance.now()
    if (this.#began === undefined) {
      this.#began = now
      setImmediate(this.#next)
    }
    return now - this.#began >= longestSlice
  }

  #next = (): void => {
    this.#began = undefined
    let done = 0
    while (done < this.#waiting.length && !this.#isOver()) this.#waiting[done++]?.()
    this.#waiting.splice(0, done)
  }
}
