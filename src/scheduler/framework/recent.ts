/** Values by key, made when they are first asked for. Those not asked for in a while make room. */
export class Recent<T> {
  readonly #limit: number
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  /** @param limit values that are kept at least; up to twice as many are. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string, make: () => T): T {
    const known = this.#young.get(key)
    if (known !== undefined) return known
    const value = this.#old.get(key) ?? make()
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
    return value
  }
}
