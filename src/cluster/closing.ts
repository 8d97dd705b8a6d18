/** What has to be undone, the last thing first, whatever fails on the way. */
export class Closing implements AsyncDisposable {
  readonly #undo: (() => void | Promise<void>)[] = []

  add(undo: () => void | Promise<void>): void {
    this.#undo.push(undo)
  }

  /** @throws the first error, after everything was tried. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = []
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) {
      try {
        await undo()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}

/** Waits for all, also when one fails, so that everything can be undone that was done. @throws the error of the first */
export async function allOrNone<T extends readonly Promise<unknown>[]>(
  work: readonly [...T],
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
