import { Slice } from '#base'
import type { StructType } from '#api'
import type { Chunks } from '#client'
import { encodeItems, encodeText, frameOfList, internalError, sizeOfItem } from '#machinery'
import type { ObjectStore } from '../registry/object-store.ts'
import type { OutputFormat } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import type { ListForm } from '../table/convert.ts'
import { chunkSize, SplicedList } from './list-bytes.ts'
import { mixedPieces } from './list-mixed.ts'
import type { Page } from './page.ts'
import type { ShownPage } from './shown-page.ts'
import { textOfList } from './list-text.ts'

/** So many objects at most are encoded together. */
const largestGroup = 64

const nothing = new Uint8Array(0)

/** The objects of a list in the version of the request, each made when it is asked for. */
interface Items {
  readonly count: number
  at(index: number): object
}

/**
 * A list that is not empty, in pieces, in the format that a request asks for.
 *
 * @param stored whether stored bytes may be used, as far as they are what is asked for
 */
export function chunksOfList(
  shown: ShownPage,
  format: OutputFormat,
  { clock, services }: RequestContext,
  { stored: mayUseStored }: { readonly stored: boolean } = { stored: true },
): Chunks {
  const { endpoint, page, form, objects } = shown
  const { backing } = endpoint
  const { mediaType, pretty, convert } = format
  const unchanged = mayUseStored && backing.kind === 'stored' && !convert
  const stored = unchanged && backing.sameVersion
  const plain = mediaType === 'application/json' && !pretty
  if (stored && plain) return new SplicedList(endpoint, form.head, page, clock)
  if (unchanged && plain) return { contentType: mediaType, pieces: () => mixedPieces(shown, clock) }
  const items = {
    count: page.entries.length,
    at: (index: number) => form.item(objects.shown(objects.stored(index))),
  }
  const slice = new Slice(clock)
  if (mediaType !== 'application/vnd.kubernetes.protobuf')
    return { contentType: mediaType, pieces: () => textPieces(form, format, items, slice) }
  const sizes = stored ? keptSizes(services.registryOf(backing.resource).objects, page) : noSizes
  return { contentType: mediaType, pieces: () => messagePieces(form, items, sizes, slice) }
}

function* textPieces(form: ListForm, format: OutputFormat, items: Items, slice: Slice): Generator<Uint8Array, void> {
  const { before, between, after, item } = textOfList(form, format)
  let text = before
  for (let index = 0; index < items.count; index++) {
    text += index > 0 ? between + item(items.at(index)) : item(items.at(index))
    const full = text.length >= chunkSize
    if (!full && !slice.isOver()) continue
    yield full ? encodeText(text) : nothing
    if (full) text = ''
    slice.begin()
  }
  yield encodeText(text + after)
}

/** Sizes of messages, where somebody remembers them: 0 for one that is not known. */
interface Sizes {
  get(index: number): number
  set(index: number, size: number): void
}

const noSizes: Sizes = { get: () => 0, set: () => undefined }

const keptSizes = (objects: ObjectStore, { entries }: Page): Sizes => ({
  get(index) {
    const entry = entries[index]
    return entry ? objects.messageSize(entry) : 0
  },
  set(index, size) {
    const entry = entries[index]
    if (entry) objects.keepMessageSize(entry, size)
  },
})

/** A message begins with its length, so all items are measured before the first of them goes out. */
function* messagePieces(
  { head, key, struct: list }: ListForm,
  items: Items,
  sizes: Sizes,
  slice: Slice,
): Generator<Uint8Array, void> {
  const item = list && itemStruct(list, key)
  if (!item) throw internalError('no protobuf form of the list')
  let size = 0
  for (let index = 0; index < items.count; index++) {
    let own = sizes.get(index)
    if (own === 0) {
      own = sizeOfItem(item, items.at(index))
      sizes.set(index, own)
    }
    size += own
    if (!slice.isOver()) continue
    yield nothing
    slice.begin()
  }
  const frame = frameOfList(list, head, size)
  yield frame.head
  yield* itemPieces(item, items, slice)
  yield frame.tail
}

function* itemPieces(item: StructType, items: Items, slice: Slice): Generator<Uint8Array, void> {
  let group: object[] = []
  slice.begin()
  for (let index = 0; index < items.count; index++) {
    if (group.push(items.at(index)) < largestGroup && !slice.isOver()) continue
    yield encodeItems(item, group)
    group = []
    slice.begin()
  }
  if (group.length > 0) yield encodeItems(item, group)
}

function itemStruct(list: StructType, key: string): StructType | undefined {
  const type = list.byName.get(key)?.type
  return type?.kind === 'list' && type.element.kind === 'struct' ? type.element : undefined
}
