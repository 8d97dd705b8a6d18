/** Runs tasks of the same name one after the other, and those of different names side by side. */
export class Lines {
  readonly #tails = new Map<string, Promise<unknown>>()

  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(name)
    const result = before ? before.then(task) : task()
    const tail: Promise<unknown> = result.then(
      () => this.#leave(name, tail),
      () => this.#leave(name, tail),
    )
    this.#tails.set(name, tail)
    return result
  }

  /** Resolves when all tasks that were given so far have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values())
  }

  #leave(name: string, tail: Promise<unknown>): void {
    if (this.#tails.get(name) === tail) this.#tails.delete(name)
  }
}
