/** The last values that were added, up to a number; which of two old values goes first is the order in which they came. */
export class RecentValues {
  readonly #most: number
  readonly #values = new Set<string>()

  constructor(most: number) {
    this.#most = most
  }

  has(value: string): boolean {
    return this.#values.has(value)
  }

  add(value: string): void {
    this.#values.delete(value)
    this.#values.add(value)
    if (this.#values.size <= this.#most) return
    for (const oldest of this.#values) {
      this.#values.delete(oldest)
      return
    }
  }
}
