import { quote } from '../../../errors/quote.ts'

/** More problems than this are not told. */
const maxProblems = 100

/** Unknown and repeated fields, each once, in the order of the text. */
export class StrictProblems {
  readonly #found = new Set<string>()
  /** Steps of the path: `spec`, `.containers`, `[0]`. */
  readonly #path: string[] = []
  #paused = 0

  get list(): readonly string[] {
    return [...this.#found]
  }

  unknown(field: string): void {
    this.#add('unknown field', field)
  }

  duplicate(field: string): void {
    this.#add('duplicate field', field)
  }

  #add(what: string, field: string): void {
    if (this.#paused > 0 || this.#found.size >= maxProblems) return
    this.#found.add(`${what} ${quote(this.#path.length === 0 ? field : `${this.#path.join('')}.${field}`)}`)
  }

  inField<T>(field: string, read: () => T): T {
    return this.#inside(this.#path.length === 0 ? field : `.${field}`, read)
  }

  inItem<T>(position: number, read: () => T): T {
    return this.#inside(`[${position}]`, read)
  }

  #inside<T>(step: string, read: () => T): T {
    this.#path.push(step)
    const result = read()
    this.#path.pop()
    return result
  }

  /** Reads where the API does not look for such problems. */
  unwatched<T>(read: () => T): T {
    this.#paused++
    const result = read()
    this.#paused--
    return result
  }
}
