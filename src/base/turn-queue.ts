/**
 * Those who have a lot to do take turns: one of them goes on, then everybody else in the process has a chance, then the
 * next. However many they are, nobody waits for more than one of them.
 */
export class TurnQueue {
  readonly #later: (callback: () => void) => void
  readonly #waiting: (() => void)[] = []
  #scheduled = false

  /** @param later calls back once, after what else is to be done in the process had its chance */
  constructor(later: (callback: () => void) => void) {
    this.#later = later
  }

  /** Resolves when it is the caller's turn, which lasts until it waits for something. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#later(() => this.#run())
  }

  #run(): void {
    this.#scheduled = false
    const resolve = this.#waiting.shift()
    if (this.#waiting.length > 0) this.#schedule()
    resolve?.()
  }
}
