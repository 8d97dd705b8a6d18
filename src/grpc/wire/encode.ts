import type { Enumeration, Field, FieldKind, Message } from './message.ts'

/** Protobuf wire types. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** A buffer that grows as it is written. */
class Writer {
  #bytes = Buffer.allocUnsafe(512)
  length = 0

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.length + count))
    this.#bytes.copy(grown, 0, 0, this.length)
    this.#bytes = grown
  }

  varint(value: number): void {
    this.#reserve(10)
    if (value < 0) {
      this.#negative(value)
      return
    }
    while (value > 127) {
      this.#bytes[this.length++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    this.#bytes[this.length++] = value
  }

  #negative(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)))
    while (rest > 127n) {
      this.#bytes[this.length++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.#bytes[this.length++] = Number(rest)
  }

  double(value: number): void {
    this.#reserve(8)
    this.#bytes.writeDoubleLE(value, this.length)
    this.length += 8
  }

  fixed32(value: number): void {
    this.#reserve(4)
    this.#bytes.writeUInt32LE(value, this.length)
    this.length += 4
  }

  fixed64(value: bigint): void {
    this.#reserve(8)
    this.#bytes.writeBigUInt64LE(value, this.length)
    this.length += 8
  }

  string(value: string): void {
    const size = Buffer.byteLength(value)
    this.varint(size)
    this.#reserve(size)
    this.#bytes.write(value, this.length, 'utf8')
    this.length += size
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.length)
    this.length += value.length
  }

  /** Writes what `body` writes, preceded by its length. */
  delimited(body: () => void): void {
    const start = this.length
    this.#reserve(1)
    this.length = start + 1
    body()
    const size = this.length - start - 1
    if (size < 128) {
      this.#bytes[start] = size
      return
    }
    const content = Buffer.from(this.#bytes.subarray(start + 1, this.length))
    this.length = start
    this.bytes(content)
  }

  finish(prefix: number): Buffer {
    return this.#bytes.subarray(prefix, this.length)
  }

  skip(count: number): void {
    this.#reserve(count)
    this.length += count
  }
}

/** Any record whose fields a message names. */
export type Value = object

/**
 * Encodes a record. Fields that are absent, zero, false or empty take no room.
 *
 * @param prefix bytes to leave free before the message, for a frame header.
 */
export function encode(message: Message, value: Value, prefix = 0): Buffer {
  const writer = new Writer()
  writer.skip(prefix)
  writeMessage(writer, message, value)
  return writer.finish(0)
}

function writeMessage(writer: Writer, message: Message, value: Value): void {
  const record = value as { readonly [name: string]: unknown }
  for (const field of message.fields) {
    const content = record[field.name]
    if (content === undefined || content === null) continue
    if (field.repeated) for (const item of content as readonly unknown[]) writeField(writer, field, item, true)
    else writeField(writer, field, content, false)
  }
}

function writeField(writer: Writer, field: Field, value: unknown, keepZero: boolean): void {
  const { type, number } = field
  if (typeof type === 'string') {
    writeScalar(writer, number, type, value, keepZero)
  } else if ('names' in type) {
    const index = numberOf(type, value as string)
    if (index === 0 && !keepZero) return
    writer.varint(number << 3)
    writer.varint(index)
  } else {
    writer.varint((number << 3) | wireType.bytes)
    writer.delimited(() => writeMessage(writer, type, value as Value))
  }
}

function numberOf(type: Enumeration, name: string): number {
  const index = type.names.indexOf(name)
  if (index < 0) throw new TypeError(`encode enumeration: no such name ${JSON.stringify(name)}`)
  return index
}

function writeScalar(writer: Writer, number: number, kind: FieldKind, value: unknown, keepZero: boolean): void {
  switch (kind) {
    case 'string':
      if (value === '' && !keepZero) return
      writer.varint((number << 3) | wireType.bytes)
      writer.string(value as string)
      return
    case 'bytes':
      if ((value as Uint8Array).length === 0 && !keepZero) return
      writer.varint((number << 3) | wireType.bytes)
      writer.bytes(value as Uint8Array)
      return
    case 'bool':
      if (value === false && !keepZero) return
      writer.varint(number << 3)
      writer.varint(value === true ? 1 : 0)
      return
    case 'int':
      if (value === 0 && !keepZero) return
      writer.varint(number << 3)
      writer.varint(value as number)
      return
    case 'nanos':
      if (value === 0 && !keepZero) return
      writer.varint(number << 3)
      writer.varint(Math.round((value as number) * 1_000_000))
      return
    case 'double':
      writer.varint((number << 3) | wireType.fixed64)
      writer.double(value as number)
      return
    case 'fixed32':
      if (value === 0 && !keepZero) return
      writer.varint((number << 3) | wireType.fixed32)
      writer.fixed32(value as number)
      return
    case 'fixed64':
      if (value === 0n && !keepZero) return
      writer.varint((number << 3) | wireType.fixed64)
      writer.fixed64(value as bigint)
      return
    case 'wrapped':
      writer.varint((number << 3) | wireType.bytes)
      writer.delimited(() => writeScalar(writer, 1, 'int', value, false))
      return
    case 'map':
      for (const [key, text] of Object.entries(value as { readonly [key: string]: string })) {
        writer.varint((number << 3) | wireType.bytes)
        writer.delimited(() => {
          writeScalar(writer, 1, 'string', key, false)
          writeScalar(writer, 2, 'string', text, false)
        })
      }
  }
}
