/** Lets the work of one namespace be done one after the other; namespaces do not wait for each other. */
export class NamespaceLocks {
  readonly #last = new Map<string, Promise<void>>()

  async run(namespace: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(namespace) ?? Promise.resolve()
    const done = before.then(work)
    const settled = done.catch(() => undefined)
    this.#last.set(namespace, settled)
    try {
      await done
    } finally {
      if (this.#last.get(namespace) === settled) this.#last.delete(namespace)
    }
  }
}
