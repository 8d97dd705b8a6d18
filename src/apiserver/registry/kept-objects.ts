import type { Entry } from '#store'

/** Objects of one resource that are kept beside their bytes, which take a third of the memory. */
export const mostKept: number = 65_536

/**
 * Remembers which entries have a decoded object, and takes it from those that got theirs first when there are too many.
 * Whoever needs one of these again decodes it again.
 */
export class KeptObjects {
  #entries: (Entry | undefined)[] = []
  #next = 0

  add(entry: Entry): void {
    const oldest = this.#entries[this.#next]
    if (oldest && oldest !== entry) oldest.memo = undefined
    this.#entries[this.#next] = entry
    this.#next = (this.#next + 1) % mostKept
  }
}
