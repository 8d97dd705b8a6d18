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
