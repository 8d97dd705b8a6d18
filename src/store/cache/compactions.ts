import { CompactedError, everything } from '../store.ts'
import type { KeyRange } from '../store.ts'

/** History up to and including `revision` is gone for these keys. */
export interface CompactionMark {
  readonly range: KeyRange
  readonly revision: number
}

/** Which history is gone. */
export class Compactions {
  #revision: number
  #partial: readonly CompactionMark[] = []

  constructor(revision: number, marks: readonly CompactionMark[] = []) {
    this.#revision = revision
    for (const mark of marks) this.mark(mark)
  }

  /** Revision at which all keys were compacted. */
  get revision(): number {
    return this.#revision
  }

  /** Oldest revision at which a range can be read in full. */
  oldest(range: KeyRange): number {
    let oldest = this.#revision
    for (const mark of this.#partial) {
      if (mark.revision > oldest && mark.range.start < range.end && range.start < mark.range.end) oldest = mark.revision
    }
    return oldest
  }

  /** Oldest revision at which no key of a range was compacted further than it asks for: for marks of the same range. */
  marked(range: KeyRange): number {
    const same = this.#partial.find((mark) => sameRange(mark.range, range))
    return Math.max(this.#revision, same?.revision ?? 0)
  }

  mark(mark: CompactionMark): void {
    if (sameRange(mark.range, everything)) this.#revision = Math.max(this.#revision, mark.revision)
    else this.#partial = [...this.#partial.filter((other) => !sameRange(other.range, mark.range)), mark]
    this.#partial = this.#partial.filter((partial) => partial.revision > this.#revision)
  }

  /** @throws CompactedError when a range can no longer be read at a revision. */
  check(range: KeyRange, revision: number): void {
    const oldest = this.oldest(range)
    if (revision < oldest) throw new CompactedError(revision, oldest)
  }
}

function sameRange(a: KeyRange, b: KeyRange): boolean {
  return a.start === b.start && a.end === b.end
}
