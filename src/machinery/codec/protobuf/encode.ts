import type { Field, ListType, MapType, ScalarName, StructType, Type, WireField } from '#api'
import { parseDuration } from '../../duration/duration.ts'
import { parseMicroTime, parseTime } from '../../time/parse.ts'
import { plainJson } from '../json/encode.ts'
import { keptJson } from '../json/kept-text.ts'
import { Writer } from './writer.ts'
import { lengthDelimited, varint, wireTypeOf } from './wire-types.ts'

type Struct = { readonly [field: string]: unknown }

/** Writes a field, given the values of its struct by position: its value with a tag in front, or nothing. */
type WriteField = (writer: Writer, slots: readonly unknown[]) => void
/** Writes a value, with its length where it has one. */
type Write = (writer: Writer, value: unknown) => void

interface Compiled {
  /** Last to first. */
  readonly fields: readonly WriteField[]
  readonly positions: ReadonlyMap<string, number>
  readonly empty: readonly unknown[]
}

const shared = new Writer()
let busy = false

/** What is written, with the shared writer, or one of its own where that is in use. */
export function written(write: (writer: Writer) => void): Uint8Array<ArrayBuffer> {
  return using((writer) => {
    write(writer)
    return writer.take()
  })
}

/** Bytes of what would be written. */
export function measured(write: (writer: Writer) => void): number {
  return using((writer) => {
    write(writer)
    return writer.size
  })
}

function using<T>(work: (writer: Writer) => T): T {
  const writer = busy ? new Writer() : shared
  const outermost = !busy
  busy = true
  try {
    writer.reset()
    return work(writer)
  } finally {
    if (outermost) busy = false
  }
}

/** The protobuf message of an object in canonical form, as the API server writes it; kind and version are not in it. */
export function encodeMessage(type: StructType, object: unknown): Uint8Array<ArrayBuffer> {
  return written((writer) => writeStruct(writer, type, object as Struct))
}

const structs = new WeakMap<StructType, Compiled>()

function compiled(type: StructType): Compiled {
  let known = structs.get(type)
  if (known === undefined) {
    const positions = new Map(type.fields.map((field, position) => [field.name, position]))
    const fields = type.wireFields.map((wire) => compile(wire, positions)).toReversed()
    known = { fields, positions, empty: type.fields.map(() => undefined) }
    structs.set(type, known)
  }
  return known
}

/** Writes the fields of a struct. */
export function writeStruct(writer: Writer, type: StructType, object: Struct): void {
  writeCompiled(writer, compiled(type), object)
}

function writeCompiled(writer: Writer, { fields, positions, empty }: Compiled, object: Struct): void {
  const slots = empty.slice()
  for (const key in object) {
    const position = positions.get(key)
    if (position !== undefined) slots[position] = object[key]
  }
  for (const field of fields) field(writer, slots)
}

const zeros = new WeakMap<StructType, Uint8Array>()

/** The message of a struct of which no field is set. */
function zeroMessage(type: StructType): Uint8Array {
  let zero = zeros.get(type)
  if (zero === undefined) {
    zero = encodeMessage(type, {})
    zeros.set(type, zero)
  }
  return zero
}

const tagOf = (id: number, wireType: number): number => (id << 3) | wireType

function compile(wire: WireField, positions: ReadonlyMap<string, number>): WriteField {
  if ('field' in wire) return compileField(wire.field, wire.id, positions.get(wire.field.name) ?? 0)
  const fields = wire.inlined.wireFields.map((inner) => compile(inner, positions)).toReversed()
  const tag = tagOf(wire.id, lengthDelimited)
  return (writer, slots) => {
    const before = writer.size
    for (const field of fields) field(writer, slots)
    writer.varint(writer.size - before)
    writer.varint(tag)
  }
}

function compileField(field: Field, id: number, position: number): WriteField {
  const { type } = field
  if (type.kind === 'map') return mapField(position, type, id)
  if (type.kind === 'list' && type.alias === undefined) return listField(position, type, id)
  const tag = tagOf(id, wireTypeOf(type))
  const write = writeOf(type)
  const optional = field.pointer || type.kind === 'list' || (type.kind === 'scalar' && type.scalar === 'bytes')
  if (optional) {
    return (writer, slots) => {
      const value = slots[position]
      if (value === undefined || value === null) return
      write(writer, value)
      writer.varint(tag)
    }
  }
  return (writer, slots) => {
    write(writer, slots[position])
    writer.varint(tag)
  }
}

function listField(position: number, { element }: ListType, id: number): WriteField {
  const tag = tagOf(id, wireTypeOf(element))
  const write = writeOf(element)
  return (writer, slots) => {
    const list = slots[position]
    if (!Array.isArray(list)) return
    for (let i = list.length - 1; i >= 0; i--) {
      write(writer, list[i])
      writer.varint(tag)
    }
  }
}

/** Maps are lists of entries, in the order of their keys; an entry is a message of a key and a value. */
function mapField(position: number, { value: type }: MapType, id: number): WriteField {
  const tag = tagOf(id, lengthDelimited)
  const keyTag = tagOf(1, lengthDelimited)
  const valueTag = tagOf(2, wireTypeOf(type))
  const write = writeOf(type)
  return (writer, slots) => {
    const map = slots[position]
    if (typeof map !== 'object' || map === null) return
    const keys = Object.keys(map).sort()
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i] ?? ''
      const before = writer.size
      write(writer, (map as Struct)[key])
      writer.varint(valueTag)
      writer.text(key)
      writer.varint(keyTag)
      writer.varint(writer.size - before)
      writer.varint(tag)
    }
  }
}

function writeOf(type: Type): Write {
  switch (type.kind) {
    case 'scalar':
      return scalarWrites[type.scalar]
    case 'struct':
      return type.data.customJSON === true ? wrapperWrite(type) : structWrite(type)
    case 'list':
      return aliasWrite(type)
    case 'map':
      throw new Error('maps are not nested on the wire')
  }
}

/** Whatever is written gets its length in front. */
function sized(write: Write): Write {
  return (writer, value) => {
    const before = writer.size
    write(writer, value)
    writer.varint(writer.size - before)
  }
}

function structWrite(type: StructType): Write {
  let known: Compiled | undefined
  return (writer, value) => {
    if (typeof value !== 'object' || value === null) {
      writer.bytes(zeroMessage(type))
      return
    }
    known ??= compiled(type)
    const before = writer.size
    writeCompiled(writer, known, value as Struct)
    writer.varint(writer.size - before)
  }
}

/** A named list type is a message whose field 1 repeats the element. */
function aliasWrite(type: ListType): Write {
  const write = listField(0, { kind: 'list', element: type.element }, 1)
  return sized((writer, value) => write(writer, [value]))
}

/** A schema, or a bool or list in its place. */
function wrapperWrite(type: StructType): Write {
  const names = type.fields.map((field) => field.name)
  return sized((writer, value) => {
    const isSchema = typeof value === 'object' && value !== null && !Array.isArray(value)
    const struct = Object.fromEntries(
      names.map((name) => [
        name,
        name === 'Schema' ? (isSchema ? value : undefined) : isSchema ? name === 'Allows' : value,
      ]),
    )
    writeStruct(writer, type, struct)
  })
}

const textTag = tagOf(1, lengthDelimited)

/** A message of one text or bytes in field 1. */
const rawMessage = sized((writer, value) => {
  if (value === undefined || value === null) return
  writer.text(typeof value === 'object' ? keptJson(value) : plainJson(value))
  writer.varint(textTag)
})

const quantity = sized((writer, value) => {
  writer.text(typeof value === 'string' ? value : '0')
  writer.varint(textTag)
})

/** Field 1 tells whether it is a text, field 2 is the number, field 3 the text. */
const intOrString = sized((writer, value) => {
  const isText = typeof value === 'string'
  writer.text(isText ? value : '')
  writer.varint(tagOf(3, lengthDelimited))
  writer.int64(typeof value === 'number' ? value : 0)
  writer.varint(tagOf(2, varint))
  writer.varint(isText ? 1 : 0)
  writer.varint(tagOf(1, varint))
})

/** Field 1 is seconds, field 2 nanoseconds; the zero time is an empty message. */
function timestamp(seconds: (text: string) => readonly [number, number]): Write {
  return sized((writer, value) => {
    if (typeof value !== 'string') return
    const [whole, nanos] = seconds(value)
    writer.varint(nanos)
    writer.varint(tagOf(2, varint))
    writer.int64(whole)
    writer.varint(tagOf(1, varint))
  })
}

const duration = sized((writer, value) => {
  writer.int64(typeof value === 'string' ? parseDuration(value) : 0)
  writer.varint(tagOf(1, varint))
})

const integer: Write = (writer, value) =>
  writer.int64(typeof value === 'number' || typeof value === 'bigint' ? value : 0)

const scalarWrites: { readonly [scalar in ScalarName]: Write } = {
  string: (writer, value) => writer.text(typeof value === 'string' ? value : ''),
  int32: integer,
  int64: integer,
  bool: (writer, value) => writer.byte(value === true ? 1 : 0),
  double: (writer, value) => writer.double(typeof value === 'number' ? value : 0),
  bytes: (writer, value) => writer.base64(typeof value === 'string' ? value : ''),
  quantity,
  intOrString,
  time: timestamp((text) => [parseTime(text).seconds, 0]),
  microTime: timestamp((text) => {
    const { seconds, nanos } = parseMicroTime(text)
    return [seconds, nanos]
  }),
  duration,
  rawExtension: rawMessage,
  fieldsV1: rawMessage,
  json: rawMessage,
  any: rawMessage,
}
