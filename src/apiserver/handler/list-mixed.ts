import { Slice } from '#base'
import type { Clock } from '#base'
import { encodeText, plainJson } from '#machinery'
import type { Entry } from '#store'
import { servedLength, writeServed } from '../registry/stored-object.ts'
import type { ServingForm } from '../registry/stored-object.ts'
import { chunkSize, headOf, itemFormOf, slack, tail } from './list-bytes.ts'
import type { Page } from './page.ts'
import type { ShownPage } from './shown-page.ts'

const comma = 0x2c
const nothing = new Uint8Array(0)

/** The JSON of a page where only a look at each object tells whether it is shown as it is stored: most are. */
export function* mixedPieces(
  { endpoint, page, form: { head, item }, objects: { stored, shown } }: ShownPage,
  clock: Clock,
): Generator<Uint8Array, void> {
  const chunk = new Chunk(page, itemFormOf(endpoint))
  const slice = new Slice(clock)
  chunk.bytes(headOf(head))
  for (const [index, entry] of page.entries.entries()) {
    if (index > 0) chunk.comma()
    const own = stored(index)
    const object = shown(own)
    if (object === own) chunk.entry(entry)
    else chunk.bytes(encodeText(plainJson(item(object))))
    if (chunk.isFull) yield chunk.take()
    if (!slice.isOver()) continue
    yield nothing
    slice.begin()
  }
  chunk.bytes(tail)
  yield chunk.take()
}

/** A piece of a list that is being written. */
class Chunk {
  readonly #page: Page
  readonly #form: ServingForm
  #into = new Uint8Array(chunkSize + slack)
  #length = 0

  constructor(page: Page, form: ServingForm) {
    this.#page = page
    this.#form = form
  }

  get isFull(): boolean {
    return this.#length >= chunkSize
  }

  comma(): void {
    this.#reserve(1)
    this.#into[this.#length++] = comma
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#into.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** An object as its entry has it. */
  entry(entry: Entry): void {
    const plain = this.#page.objects.plain(entry)
    this.#reserve(servedLength(this.#form, plain, entry.modRevision))
    this.#length = writeServed(this.#into, this.#length, this.#form, plain, entry.modRevision)
  }

  /** What was written; the next piece begins. */
  take(): Uint8Array {
    const taken = this.#into.subarray(0, this.#length)
    this.#into = new Uint8Array(chunkSize + slack)
    this.#length = 0
    return taken
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#into.length) return
    const larger = new Uint8Array(this.#length + bytes + slack)
    larger.set(this.#into.subarray(0, this.#length))
    this.#into = larger
  }
}
