import type { Notes } from '../authn/authenticator.ts'

/** What is said of one request besides its answer. */
export class RequestNotes implements Notes {
  /** Texts for `Warning` headers, in order, each once. */
  readonly warnings: Set<string> = new Set()
  /** Milliseconds of its time that others took: webhooks, and requests that were served first. */
  othersMs = 0
  #annotations: Map<string, string> | undefined

  warn(text: string): void {
    this.warnings.add(text)
  }

  /** What was said first of a key stays. */
  annotate(key: string, value: string): void {
    this.#annotations ??= new Map()
    if (!this.#annotations.has(key)) this.#annotations.set(key, value)
  }

  /** Annotations of the audit event; `undefined` when there are none. */
  get annotations(): ReadonlyMap<string, string> | undefined {
    return this.#annotations
  }
}
