/** Tasks that concern the same names run one after the other, in the order of their call; others don't wait. */
export class NamedLocks {
  readonly #last = new Map<string, Promise<unknown>>()

  run<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
    const done = Promise.all(names.flatMap((name) => this.#last.get(name) ?? [])).then(task)
    const ended: Promise<void> = done.then(
      () => this.#forget(names, ended),
      () => this.#forget(names, ended),
    )
    for (const name of names) this.#last.set(name, ended)
    return done
  }

  #forget(names: readonly string[], ended: Promise<unknown>): void {
    for (const name of names) if (this.#last.get(name) === ended) this.#last.delete(name)
  }
}
