/** Audit annotations of one policy: all that its bindings say of a key is told together. */
export class AuditAnnotations {
  readonly #values = new Map<string, Set<string>>()

  add(key: string, value: string): void {
    const known = this.#values.get(key)
    if (known) known.add(value)
    else this.#values.set(key, new Set([value]))
  }

  /** @param policy whose name stands before every key */
  publish(policy: string, annotate: (key: string, value: string) => void): void {
    for (const [key, values] of this.#values) annotate(`${policy}/${key}`, [...values].join(', '))
  }
}
