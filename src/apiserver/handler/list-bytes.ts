import { Slice } from '#base'
import type { Clock } from '#base'
import type { Chunks } from '#client'
import { itemForm, servedLength, singleForm, writeServed } from '../registry/stored-object.ts'
import type { ServingForm } from '../registry/stored-object.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'
import type { ListForm } from '../table/convert.ts'
import type { Page } from './page.ts'

/** A list goes out in pieces of about this many bytes, so that others get their turn in between. */
export const chunkSize: number = 256 * 1024

const encoder = new TextEncoder()
const comma = 0x2c
const nothing = new Uint8Array(0)
const forms = new WeakMap<Endpoint, ServingForm>()

/** A piece may be this much longer than a chunk should be, so that the memory of one does for another. */
export const slack: number = 32 * 1024

/** What a list ends with. */
export const tail: Uint8Array = encoder.encode(']}\n')

/** What a list begins with, up to its first item. */
export const headOf = (head: ListForm['head']): Uint8Array =>
  encoder.encode(`${JSON.stringify(head).slice(0, -1)},"items":[`)

/** The JSON of a page, made of the stored bytes of its objects. */
export class SplicedList implements Chunks {
  readonly contentType = 'application/json'
  readonly #endpoint: Endpoint
  readonly #head: ListForm['head']
  readonly #page: Page
  readonly #clock: Clock
  length: number | undefined

  constructor(endpoint: Endpoint, head: ListForm['head'], page: Page, clock: Clock) {
    this.#endpoint = endpoint
    this.#head = head
    this.#page = page
    this.#clock = clock
  }

  *pieces(): Generator<Uint8Array, void, Uint8Array | undefined> {
    const form = itemFormOf(this.#endpoint)
    const head = headOf(this.#head)
    const { entries } = this.#page
    let total = head.length + tail.length + Math.max(0, entries.length - 1)
    const slice = new Slice(this.#clock)
    for (const entry of entries) {
      total += servedLength(form, this.#page.objects.plain(entry), entry.modRevision)
      if (!slice.isOver()) continue
      yield nothing
      slice.begin()
    }
    this.length = total
    yield* splicedPieces(form, head, this.#page)
  }
}

function* splicedPieces(
  form: ServingForm,
  head: Uint8Array,
  page: Page,
): Generator<Uint8Array, void, Uint8Array | undefined> {
  const { entries } = page
  let spare: ArrayBufferLike | undefined
  let from = 0
  do {
    const { to, length } = measure(form, page, from)
    const first = from === 0
    const last = to === entries.length
    const size = length + (first ? head.length : 0) + (last ? tail.length : 0)
    if (!spare || spare.byteLength < size) spare = new ArrayBuffer(last ? size : Math.max(size, chunkSize + slack))
    const chunk = new Uint8Array(spare, 0, size)
    let offset = 0
    if (first) {
      chunk.set(head, 0)
      offset = head.length
    }
    for (let index = from; index < to; index++) {
      const entry = entries[index]
      if (!entry) break
      if (index > 0) chunk[offset++] = comma
      offset = writeServed(chunk, offset, form, page.objects.plain(entry), entry.modRevision)
    }
    if (last) chunk.set(tail, offset)
    spare = (yield chunk)?.buffer
    from = to
  } while (from < entries.length)
}

/** How many entries from `from` on fill a chunk, and the bytes they take with their commas. */
function measure(
  form: ServingForm,
  { entries, objects }: Page,
  from: number,
): { readonly to: number; readonly length: number } {
  let length = 0
  let to = from
  for (; to < entries.length && length < chunkSize; to++) {
    const entry = entries[to]
    if (!entry) break
    length += servedLength(form, objects.plain(entry), entry.modRevision) + (to > 0 ? 1 : 0)
  }
  return { to, length }
}

/** The form of items that lists of an endpoint show as they are stored. */
export function itemFormOf(endpoint: Endpoint): ServingForm {
  let form = forms.get(endpoint)
  if (!form) {
    const version = groupVersionOf(endpoint.type)
    form = endpoint.type.struct ? itemForm(version, endpoint.kind) : singleForm(version, endpoint.kind)
    forms.set(endpoint, form)
  }
  return form
}
