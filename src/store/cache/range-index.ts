import { prefixRange } from '../store.ts'
import type { KeyRange } from '../store.ts'

/**
 * Things by the range of keys they are about. Finding those whose range contains a key takes time in proportion to the
 * key's number of path segments, however many things there are: nearly all ranges are prefixes that end in a slash, or
 * single keys, and these are found by their start. The others are looked through one by one.
 */
export class RangeIndex<T extends { readonly range: KeyRange }> {
  readonly #byRange = new Map<string, T>()
  readonly #byStart = new Map<string, T[]>()
  readonly #others = new Set<T>()

  get size(): number {
    return this.#byRange.size
  }

  all(): Iterable<T> {
    return this.#byRange.values()
  }

  get(range: KeyRange): T | undefined {
    return this.#byRange.get(nameOf(range))
  }

  add(item: T): void {
    this.#byRange.set(nameOf(item.range), item)
    if (!foundByStart(item.range)) {
      this.#others.add(item)
      return
    }
    const same = this.#byStart.get(item.range.start)
    if (same) same.push(item)
    else this.#byStart.set(item.range.start, [item])
  }

  delete(item: T): void {
    this.#byRange.delete(nameOf(item.range))
    this.#others.delete(item)
    const left = this.#byStart.get(item.range.start)?.filter((other) => other !== item)
    if (!left) return
    if (left.length > 0) this.#byStart.set(item.range.start, left)
    else this.#byStart.delete(item.range.start)
  }

  containing(key: string): T[] {
    const found: T[] = []
    for (const item of this.#others) if (key >= item.range.start && key < item.range.end) found.push(item)
    this.#collect(key, key, found)
    this.#collect('', key, found)
    for (let slash = key.indexOf('/'); slash >= 0 && slash + 1 < key.length; slash = key.indexOf('/', slash + 1)) {
      this.#collect(key.slice(0, slash + 1), key, found)
    }
    return found
  }

  #collect(start: string, key: string, into: T[]): void {
    const items = this.#byStart.get(start)
    if (items) for (const item of items) if (key < item.range.end) into.push(item)
  }
}

function nameOf(range: KeyRange): string {
  return `${range.start}\0${range.end}`
}

/** Whether every key of a range is its start, or goes on from its start after a slash. */
function foundByStart({ start, end }: KeyRange): boolean {
  if (start === '' || end === `${start}\0`) return true
  return start.endsWith('/') && end <= prefixRange(start).end
}
