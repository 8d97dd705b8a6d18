import type { StructType } from '#api'
import { ProtobufError, Reader } from './reader.ts'
import { measured, written, writeStruct } from './encode.ts'
import type { Writer } from './writer.ts'

/** The first bytes of every object on the wire. */
const magic = new Uint8Array([0x6b, 0x38, 0x73, 0x00])

/** An object on the wire: what it is, and its message. */
export interface Envelope {
  readonly apiVersion: string
  readonly kind: string
  readonly raw: Uint8Array
  readonly contentEncoding: string
  readonly contentType: string
}

const tags = { typeMeta: 0x0a, raw: 0x12, contentEncoding: 0x1a, contentType: 0x22 } as const
const metaTags = { apiVersion: 0x0a, kind: 0x12 } as const

/**
 * Writes an object with its kind and version in front: `k8s`, NUL, and an `Unknown` message. The object is in canonical
 * form, see `decodeJson`.
 */
export function encodeProtobuf(
  type: StructType,
  object: { readonly kind?: string; readonly apiVersion?: string },
): Uint8Array<ArrayBuffer> {
  const { kind = '', apiVersion = '' } = object
  const fields: object = object
  return enclosed(apiVersion, kind, (writer) =>
    writeStruct(writer, type, fields as { readonly [field: string]: unknown }),
  )
}

/** What stands around the items of a list; see {@link frameOfList}. */
export interface ListFrame {
  readonly head: Uint8Array
  readonly tail: Uint8Array
}

/** Bytes that an item of a list takes; see {@link encodeItems}. */
export function sizeOfItem(type: StructType, item: object): number {
  return measured((writer) => writeItem(writer, type, item))
}

/** Some items of a list, as they stand in its message one after the other. */
export function encodeItems(type: StructType, items: readonly object[]): Uint8Array<ArrayBuffer> {
  return written((writer) => {
    for (let index = items.length - 1; index >= 0; index--) writeItem(writer, type, items[index] ?? {})
  })
}

function writeItem(writer: Writer, type: StructType, item: object): void {
  const before = writer.size
  writeStruct(writer, type, item as { readonly [field: string]: unknown })
  writer.varint(writer.size - before)
  writer.byte(0x12)
}

/**
 * A list without its items, which go between the two parts; see {@link encodeItems}.
 *
 * @param size of all items, in bytes
 */
export function frameOfList(
  type: StructType,
  list: { readonly kind: string; readonly apiVersion: string; readonly metadata: unknown },
  size: number,
): ListFrame {
  const write = (writer: Writer): void => writeStruct(writer, type, { metadata: list.metadata })
  const whole = enclosed(list.apiVersion, list.kind, write, size)
  return { head: whole.subarray(0, -tailSize), tail: whole.subarray(-tailSize) }
}

/** Bytes of the two empty fields behind the message. */
const tailSize = 4

/** @param more bytes of the message that somebody else writes behind those of `write` */
function enclosed(
  apiVersion: string,
  kind: string,
  write: (writer: Writer) => void,
  more = 0,
): Uint8Array<ArrayBuffer> {
  return written((writer) => {
    writer.byte(0)
    writer.byte(tags.contentType)
    writer.byte(0)
    writer.byte(tags.contentEncoding)
    const tail = writer.size
    write(writer)
    writer.varint(writer.size - tail + more)
    writer.byte(tags.raw)
    const body = writer.size
    writer.text(kind)
    writer.byte(metaTags.kind)
    writer.text(apiVersion)
    writer.byte(metaTags.apiVersion)
    writer.varint(writer.size - body)
    writer.byte(tags.typeMeta)
    writer.raw(magic)
  })
}

/**
 * Reads what an object on the wire is; its message is for `decodeMessage`.
 *
 * @throws ProtobufError with the API's message.
 */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new ProtobufError('empty data')
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    const prefix = `[${magic.join(' ')}]`
    throw new ProtobufError(`provided data does not appear to be a protobuf message, expected prefix ${prefix}`)
  }
  if (bytes.length === magic.length) throw new ProtobufError('empty body')
  const envelope = {
    apiVersion: '',
    kind: '',
    raw: new Uint8Array(0) as Uint8Array,
    contentEncoding: '',
    contentType: '',
  }
  const reader = new Reader(bytes.subarray(magic.length))
  while (reader.at < reader.end) {
    switch (nextField('Unknown', envelopeFields, reader)) {
      case 1:
        readTypeMeta(new Reader(reader.bytes()), envelope)
        break
      case 2:
        envelope.raw = reader.bytes()
        break
      case 3:
        envelope.contentEncoding = reader.text()
        break
      case 4:
        envelope.contentType = reader.text()
    }
  }
  return envelope
}

const envelopeFields = ['', 'TypeMeta', 'Raw', 'ContentEncoding', 'ContentType']
const typeMetaFields = ['', 'APIVersion', 'Kind']

function readTypeMeta(reader: Reader, into: { apiVersion: string; kind: string }): void {
  while (reader.at < reader.end) {
    const id = nextField('TypeMeta', typeMetaFields, reader)
    if (id === 1) into.apiVersion = reader.text()
    else if (id === 2) into.kind = reader.text()
  }
}

/** Reads the tag of the next field; its number, 0 when it was of no interest. All known fields have a length. */
export function nextField(message: string, names: readonly string[], reader: Reader): number {
  const tag = reader.varint()
  const wireType = tag & 7
  const id = tag >>> 3
  if (wireType === 4) throw new ProtobufError(`proto: ${message}: wiretype end group for non-group`)
  if (id === 0) throw new ProtobufError(`proto: ${message}: illegal tag 0 (wire type ${tag})`)
  const name = names[id]
  if (name === undefined) {
    reader.skip(wireType)
    return 0
  }
  if (wireType !== 2) throw new ProtobufError(`proto: wrong wireType = ${wireType} for field ${name}`)
  return id
}
