import type { StructType } from '#api'
import type { Chunks } from '#client'
import { encodeItems, encodeText, frameOfList } from '#machinery'
import type { KubeObject } from '#machinery'
import type { OutputFormat } from '../negotiation/accept.ts'
import { listStruct } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'
import { chunkSize, listChunks, listLength } from './list-bytes.ts'
import type { Page } from './list.ts'

/** So many objects are looked at before others get their turn. */
const objectsPerTurn = 64

const nothing = new Uint8Array(0)

/**
 * A list in pieces, in the form that a request asks for; `undefined` for forms that people read, which are made as a whole.
 *
 * @param objects the items in the version of the request, each made when it is asked for
 */
export function chunksOfList(
  endpoint: Endpoint,
  page: Page,
  format: OutputFormat,
  objects: () => Iterable<KubeObject>,
): Chunks | undefined {
  const { backing, type } = endpoint
  const contentType = format.mediaType
  if (contentType === 'application/json' && !format.pretty) {
    const stored = backing.kind === 'stored' && backing.sameVersion
    if (!stored) return { contentType, pieces: () => textChunks(endpoint, page, objects()) }
    return { contentType, length: () => listLength(endpoint, page), pieces: () => listChunks(endpoint, page) }
  }
  const list = listStruct(type)
  const item = type.struct
  if (contentType !== 'application/vnd.kubernetes.protobuf' || !list || !item) return undefined
  return { contentType, pieces: () => messageChunks(endpoint, page, list, item, objects()) }
}

function* textChunks(endpoint: Endpoint, page: Page, objects: Iterable<KubeObject>): Generator<Uint8Array, void> {
  const { metadata } = page
  const head = JSON.stringify({ kind: `${endpoint.kind}List`, apiVersion: groupVersionOf(endpoint), metadata })
  let text = `${head.slice(0, -1)},"items":[`
  let count = 0
  for (const object of objects) {
    const { kind, apiVersion, ...rest } = object
    // Items of built-in kinds do not repeat kind and apiVersion.
    const item = JSON.stringify(endpoint.type.struct ? rest : { kind, apiVersion, ...rest })
    text += count > 0 ? `,${item}` : item
    if (++count % objectsPerTurn !== 0) continue
    if (text.length < chunkSize) yield nothing
    else {
      yield encodeText(text)
      text = ''
    }
  }
  yield encodeText(`${text}]}\n`)
}

/** A message begins with its length, so all items are encoded before the first of them goes out. */
function* messageChunks(
  endpoint: Endpoint,
  page: Page,
  list: StructType,
  item: StructType,
  objects: Iterable<KubeObject>,
): Generator<Uint8Array, void> {
  const parts: Uint8Array[] = []
  let size = 0
  for (const group of groups(objects)) {
    const part = encodeItems(item, group)
    parts.push(part)
    size += part.length
    yield nothing
  }
  const described = { kind: `${endpoint.kind}List`, apiVersion: groupVersionOf(endpoint), metadata: page.metadata }
  const { head, tail } = frameOfList(list, described, size)
  yield* joined([head, ...parts, tail])
}

function* groups(objects: Iterable<KubeObject>): Iterable<readonly KubeObject[]> {
  let group: KubeObject[] = []
  for (const object of objects) {
    if (group.push(object) < objectsPerTurn) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

/** The parts put together to pieces of about the size of a chunk. */
function* joined(parts: readonly Uint8Array[]): Iterable<Uint8Array> {
  for (let from = 0, to = 0; from < parts.length; from = to) {
    let length = 0
    for (; to < parts.length && length < chunkSize; to++) length += parts[to]?.length ?? 0
    const piece = new Uint8Array(length)
    let offset = 0
    for (let index = from; index < to; index++) {
      const part = parts[index] ?? nothing
      piece.set(part, offset)
      offset += part.length
    }
    yield piece
  }
}
