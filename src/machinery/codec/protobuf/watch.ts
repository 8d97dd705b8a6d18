import { nextField } from './envelope.ts'
import { written } from './encode.ts'
import { ProtobufError, Reader } from './reader.ts'

/** One event of a watch on the wire; the object is what `encodeProtobuf` makes. */
export interface WatchFrame {
  readonly type: string
  readonly object: Uint8Array
}

/** A frame is a message with its length in front, four bytes, the highest first. */
const headerSize = 4

/** Writes an event as one frame of `application/vnd.kubernetes.protobuf;stream=watch`. */
export function encodeWatchFrame(type: string, object: Uint8Array): Uint8Array<ArrayBuffer> {
  return written((writer) => {
    writer.bytes(object)
    writer.byte(0x0a)
    writer.varint(writer.size)
    writer.byte(0x12)
    writer.text(type)
    writer.byte(0x0a)
    const { size } = writer
    for (let shift = 0; shift < 32; shift += 8) writer.byte((size >>> shift) & 0xff)
  })
}

/** Reads an event out of the message of a frame. @throws ProtobufError with the API's message. */
export function decodeWatchFrame(message: Uint8Array): WatchFrame {
  const reader = new Reader(message)
  let type = ''
  let object: Uint8Array = new Uint8Array(0)
  while (reader.at < reader.end) {
    const id = nextField('WatchEvent', ['', 'Type', 'Object'], reader)
    if (id === 1) type = reader.text()
    else if (id === 2) object = readRawExtension(new Reader(reader.bytes()))
  }
  return { type, object }
}

function readRawExtension(reader: Reader): Uint8Array {
  let raw: Uint8Array = new Uint8Array(0)
  while (reader.at < reader.end) if (nextField('RawExtension', ['', 'Raw'], reader) === 1) raw = reader.bytes()
  return raw
}

/** A frame of a watch is never larger than this. */
const maxFrame = 64 * 1024 * 1024

/** Cuts a stream of bytes into the messages of its frames, however the bytes arrive. */
export class FrameSplitter {
  #rest = new Uint8Array(0)

  /** The messages that are complete with these bytes. @throws ProtobufError when a frame is too large. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const all = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes)
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength)
    const messages: Uint8Array[] = []
    let at = 0
    while (all.length - at >= headerSize) {
      const size = view.getUint32(at)
      if (size > maxFrame) throw new ProtobufError(`frame of ${size} bytes is larger than ${maxFrame}`)
      const end = at + headerSize + size
      if (end > all.length) break
      messages.push(all.subarray(at + headerSize, end))
      at = end
    }
    this.#rest = all.slice(at)
    return messages
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
