import { plainJson } from '#machinery'

/** What is known of one request between two rounds of the chain: who changed the object, and who has not seen it since. */
export class Rounds {
  /** Something changed that other plugins may want to see. */
  changed = false
  #round = -1
  /** Those that want to act again when others changed the object after them. */
  readonly #repeatable = new Set<string>()
  /** Those of them that have to. */
  readonly #due = new Set<string>()
  /** The object as the last of them left it. */
  #left: string | undefined

  begin(object: object | undefined): void {
    this.#round++
    this.changed = false
    if (this.#round > 0 && this.#left !== plainJson(object)) this.#require()
  }

  /** Whether whoever goes by this key has to act in this round. */
  isDue(key: string): boolean {
    return this.#round === 0 || this.#due.has(key)
  }

  /** Somebody changed the object: those before have not seen that. */
  changedBy(): void {
    this.#require()
    this.changed = true
  }

  mayRepeat(key: string): void {
    this.#repeatable.add(key)
  }

  end(object: object | undefined): void {
    this.#left = plainJson(object)
  }

  #require(): void {
    for (const key of this.#repeatable) this.#due.add(key)
    this.#repeatable.clear()
  }
}
