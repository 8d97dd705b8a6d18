import { wireType } from './encode.ts'
import type { Field, FieldKind, Message } from './message.ts'

/** Milliseconds of a nanosecond count that came as two 32-bit halves. */
const highNanosInMs = 4_294_967_296 / 1_000_000

interface Reader {
  readonly bytes: Buffer
  at: number
}

/** Low and high half of the varint read last: it may have 64 bits. */
let low = 0
let high = 0

function readVarint(reader: Reader): void {
  low = 0
  high = 0
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = reader.bytes[reader.at++]
    if (byte === undefined) throw new RangeError('decode message: it ends within a number')
    const bits = byte & 127
    if (shift < 28) low |= bits << shift
    else if (shift === 28) {
      low |= bits << 28
      high |= bits >> 4
    } else if (shift < 64) high |= bits << (shift - 32)
    if (byte < 128) break
  }
  low >>>= 0
}

function readInt(reader: Reader): number {
  readVarint(reader)
  return high * 4_294_967_296 + low
}

/** Decodes a message into a record. Absent fields stay absent, except lists and maps, which are then empty. */
export function decode(message: Message, bytes: Buffer): unknown {
  return readMessage({ bytes, at: 0 }, message, bytes.length)
}

interface Draft {
  [name: string]: unknown
}

const fieldsByNumber = new WeakMap<Message, readonly (Field | undefined)[]>()

function tableOf(message: Message): readonly (Field | undefined)[] {
  let table = fieldsByNumber.get(message)
  if (!table) {
    const made: (Field | undefined)[] = []
    for (const field of message.fields) made[field.number] = field
    table = made
    fieldsByNumber.set(message, table)
  }
  return table
}

function readMessage(reader: Reader, message: Message, end: number): Draft {
  const draft: Draft = {}
  for (const field of message.fields) draft[field.name] = zeroOf(field)
  const table = tableOf(message)
  while (reader.at < end) {
    const tag = readInt(reader)
    const field = table[tag >>> 3]
    if (!field) skip(reader, tag & 7)
    else readField(reader, field, draft, tag & 7)
  }
  if (reader.at > end) throw new RangeError('decode message: a field reaches beyond its end')
  return draft
}

function zeroOf(field: Field): unknown {
  if (field.repeated) return []
  if (typeof field.type !== 'string') return 'names' in field.type ? field.type.names[0] : undefined
  switch (field.type) {
    case 'string':
      return ''
    case 'int':
    case 'nanos':
    case 'double':
    case 'fixed32':
      return 0
    case 'fixed64':
      return 0n
    case 'bool':
      return false
    case 'bytes':
      return Buffer.alloc(0)
    case 'map':
      return {}
    case 'wrapped':
      return undefined
  }
}

function readField(reader: Reader, field: Field, draft: Draft, wire: number): void {
  if (field.repeated && wire === wireType.bytes && isNumeric(field)) {
    const end = readInt(reader) + reader.at
    while (reader.at < end) (draft[field.name] as unknown[]).push(readValue(reader, field, draft))
    return
  }
  const value = readValue(reader, field, draft)
  if (field.repeated) (draft[field.name] as unknown[]).push(value)
  else draft[field.name] = value
}

function isNumeric(field: Field): boolean {
  return typeof field.type === 'string'
    ? ['int', 'bool', 'nanos', 'double', 'fixed32', 'fixed64'].includes(field.type)
    : 'names' in field.type
}

function readValue(reader: Reader, field: Field, draft: Draft): unknown {
  const { type } = field
  if (typeof type === 'string') return readScalar(reader, type, draft[field.name])
  if ('names' in type) return type.names[readInt(reader)] ?? type.names[0]
  const end = readInt(reader) + reader.at
  return readMessage(reader, type, end)
}

function readScalar(reader: Reader, kind: FieldKind, before: unknown): unknown {
  switch (kind) {
    case 'int':
      readVarint(reader)
      return high | 0 ? (high | 0) * 4_294_967_296 + low : low
    case 'nanos':
      readVarint(reader)
      return (high | 0) * highNanosInMs + low / 1_000_000
    case 'bool':
      return readInt(reader) !== 0
    case 'double':
      reader.at += 8
      return reader.bytes.readDoubleLE(reader.at - 8)
    case 'fixed32':
      reader.at += 4
      return reader.bytes.readUInt32LE(reader.at - 4)
    case 'fixed64':
      reader.at += 8
      return reader.bytes.readBigUInt64LE(reader.at - 8)
    case 'string':
      return readBytes(reader).toString('utf8')
    case 'bytes':
      return readBytes(reader)
    case 'wrapped': {
      const inner = readMessage(reader, wrapper, readInt(reader) + reader.at)
      return inner['value']
    }
    case 'map': {
      const entry = readMessage(reader, mapEntry, readInt(reader) + reader.at)
      ;(before as { [key: string]: string })[String(entry['key'])] = String(entry['value'])
      return before
    }
  }
}

const wrapper: Message = { fields: [{ name: 'value', number: 1, type: 'int', repeated: false }] }
const mapEntry: Message = {
  fields: [
    { name: 'key', number: 1, type: 'string', repeated: false },
    { name: 'value', number: 2, type: 'string', repeated: false },
  ],
}

function readBytes(reader: Reader): Buffer {
  const length = readInt(reader)
  const start = reader.at
  reader.at += length
  if (reader.at > reader.bytes.length) throw new RangeError('decode message: a field reaches beyond its end')
  return reader.bytes.subarray(start, reader.at)
}

function skip(reader: Reader, wire: number): void {
  switch (wire) {
    case wireType.varint:
      readVarint(reader)
      return
    case wireType.fixed64:
      reader.at += 8
      return
    case wireType.bytes: {
      const length = readInt(reader)
      reader.at += length
      return
    }
    case wireType.fixed32:
      reader.at += 4
      return
    default:
      throw new RangeError(`decode message: wire type ${wire} is none we know`)
  }
}
