import type { Entry } from '#store'
import { StoredObject } from './stored-object.ts'

/**
 * Bytes of entries of one resource whose objects are kept beside them. An object takes about three times as much memory
 * as its bytes: these are some ten thousand pods.
 */
export const mostKeptBytes: number = 40 << 20

/** What an entry weighs beside its value. */
const entryBytes = 256

/** What an entry is taken to weigh while none is kept. */
const usualBytes = 2048

/** The newest entries, whose events may still be on their way, keep their objects whether they stand or not. */
const spared = 256

/** Entries that are looked at with each new one: two, so that those of the past don't become more than the others. */
const looks = 2

/**
 * Remembers which entries have a decoded object, and takes it from those that were written over or deleted, and from
 * others when there are too many. Whoever needs one of these again decodes it again.
 */
export class KeptObjects {
  readonly #stands: (entry: Entry) => boolean
  #entries: (Entry | undefined)[] = []
  /** Index of the oldest. */
  #first = 0
  #bytes = 0

  /** @param stands tells whether an entry is what its key holds now */
  constructor(stands: (entry: Entry) => boolean) {
    this.#stands = stands
  }

  add(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += weightOf(entry)
    for (let look = 0; look < looks && this.#count > spared; look++) this.#look()
    while (this.#bytes > mostKeptBytes && this.#count > 1) this.#drop()
    if (this.#first > 1024 && this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }

  /** Whether the object of an entry can be kept beside those that are. */
  hasRoomFor(entry: Entry): boolean {
    return this.#bytes + weightOf(entry) <= mostKeptBytes
  }

  /** Whether so many objects, if they are like those that are kept, could be kept all together. */
  holds(count: number): boolean {
    const usual = this.#count === 0 ? usualBytes : this.#bytes / this.#count
    return count * usual <= mostKeptBytes
  }

  get #count(): number {
    return this.#entries.length - this.#first
  }

  /** What still stands goes to the end, to be looked at again when all others were. */
  #look(): void {
    const oldest = this.#entries[this.#first]
    if (!oldest || !this.#stands(oldest)) return this.#drop()
    this.#entries[this.#first++] = undefined
    this.#entries.push(oldest)
  }

  #drop(): void {
    const oldest = this.#entries[this.#first]
    this.#entries[this.#first++] = undefined
    if (!oldest) return
    this.#bytes -= weightOf(oldest)
    // What was counted of it is not counted again.
    const size = oldest.memo instanceof StoredObject ? oldest.memo.messageSize : 0
    oldest.memo = size > 0 ? size : undefined
  }
}

/** Beside the object of a sealed value lies the plain one. */
const weightOf = ({ value }: Entry): number => entryBytes + value.length * (isSealed(value) ? 2 : 1)

const brace = 0x7b

/** Objects are stored as JSON, which begins with a brace, and what seals them begins otherwise. */
const isSealed = (value: Uint8Array): boolean => value[0] !== brace
