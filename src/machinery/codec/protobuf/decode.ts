import { copyJson, messageOf } from '#base'
import type { Field, ListType, MapType, ScalarName, StructType, Type } from '#api'
import { formatDuration } from '../../duration/duration.ts'
import { canonicalQuantity } from '../../quantity/quantity.ts'
import { formatMicroTime, formatTime, isZeroTime, zeroSeconds } from '../../time/time.ts'
import { absentOf, leavesOut } from '../json/normalize/compile.ts'
import { setOwn } from '../json/normalize/reader.ts'
import { parseJsonText } from '../json/parse.ts'
import { maxDepth } from '../json/syntax.ts'
import { encodeBase64 } from './base64.ts'
import { Reader, refuse } from './reader.ts'
import { lengthDelimited, wireTypeOf } from './wire-types.ts'

/** Reads a value; `undefined` is nil, or the zero time. */
type Read = (reader: Reader) => unknown
/** Reads one occurrence of a field into the slots of its struct. */
type ReadField = (reader: Reader, wireType: number, slots: unknown[]) => void

interface Struct {
  readonly name: string
  /** By field number. */
  readonly fields: readonly (ReadField | undefined)[]
  readonly names: readonly string[]
  /** What stands for fields that are not there. */
  readonly absent: readonly unknown[]
  readonly empty: readonly unknown[]
}

/**
 * The object of a protobuf message, in canonical form; see `decodeJson`. Kind and version, which are not in the message,
 * come from `meta`.
 *
 * @throws ProtobufError with the API's message.
 */
export function decodeMessage(
  type: StructType,
  bytes: Uint8Array,
  meta: { readonly kind?: string; readonly apiVersion?: string } = {},
): { readonly [field: string]: unknown } {
  const out: { [field: string]: unknown } = {}
  if (meta.kind) out['kind'] = meta.kind
  if (meta.apiVersion) out['apiVersion'] = meta.apiVersion
  return readStruct(structOf(type), new Reader(bytes), out)
}

const structs = new WeakMap<StructType, Struct>()

function structOf(type: StructType): Struct {
  let struct = structs.get(type)
  if (struct === undefined) {
    struct = compile(type)
    structs.set(type, struct)
  }
  return struct
}

function compile(type: StructType): Struct {
  const fields: (ReadField | undefined)[] = []
  const struct: Struct = {
    name: type.name,
    fields,
    names: type.fields.map((field) => field.name),
    absent: type.fields.map(absentOf),
    empty: type.fields.map(() => undefined),
  }
  // Known before its fields are compiled, because types may contain themselves.
  structs.set(type, struct)
  addFields(type, fields, new Map(struct.names.map((name, position) => [name, position])))
  return struct
}

function addFields(type: StructType, fields: (ReadField | undefined)[], positions: ReadonlyMap<string, number>): void {
  for (const wire of type.wireFields) {
    if ('field' in wire) fields[wire.id] = readField(wire.field, positions.get(wire.field.name) ?? 0)
    else fields[wire.id] = readInlined(wire.inlined, positions)
  }
}

/** An inlined struct is a message of its own whose fields belong to the outer one. */
function readInlined(type: StructType, positions: ReadonlyMap<string, number>): ReadField {
  const fields: (ReadField | undefined)[] = []
  addFields(type, fields, positions)
  return (reader, wireType, slots) => {
    requireType(wireType, lengthDelimited, type.name)
    within(reader, () => readFields(type.name, fields, reader, slots))
  }
}

function readStruct(
  struct: Struct,
  reader: Reader,
  out: { [field: string]: unknown } = {},
): { readonly [field: string]: unknown } {
  const slots = struct.empty.slice()
  readFields(struct.name, struct.fields, reader, slots)
  const { names, absent } = struct
  for (let i = 0; i < names.length; i++) {
    const value = slots[i] ?? copyJson(absent[i])
    if (value !== undefined) out[names[i] ?? ''] = value
  }
  return out
}

function readFields(name: string, fields: readonly (ReadField | undefined)[], reader: Reader, slots: unknown[]): void {
  while (reader.at < reader.end) {
    const tag = reader.varint()
    const wireType = tag & 7
    const id = tag >>> 3
    if (wireType === 4) refuse(`proto: ${name}: wiretype end group for non-group`)
    if (id === 0) refuse(`proto: ${name}: illegal tag ${id} (wire type ${tag})`)
    const read = fields[id]
    if (read === undefined) reader.skip(wireType)
    else read(reader, wireType, slots)
  }
}

/** Reads what has a length in front. */
function within<T>(reader: Reader, read: () => T): T {
  const limit = reader.limit()
  const outer = reader.end
  reader.end = limit
  if (++reader.depth > maxDepth) refuse('proto: exceeded max depth')
  const result = read()
  reader.depth--
  reader.end = outer
  return result
}

function requireType(actual: number, wanted: number, field: string): void {
  if (actual !== wanted) refuse(`proto: wrong wireType = ${actual} for field ${field}`)
}

/** Field names of Go begin with a capital. */
function goName(field: Field): string {
  if (field.name === 'metadata' && field.type.kind === 'struct') return field.type.name
  return field.name.charAt(0).toUpperCase() + field.name.slice(1)
}

function readField(field: Field, position: number): ReadField {
  const { type } = field
  if (type.kind === 'map') return readMap(field, type, position)
  if (type.kind === 'list' && type.alias === undefined) return readList(field, type, position)
  const wanted = wireTypeOf(type)
  const read = readOf(type)
  const name = goName(field)
  if (type.kind === 'struct' && field.emit === 'nonZero') {
    const leavesOutValue = leavesOut(field)
    return (reader, wireType, slots) => {
      requireType(wireType, wanted, name)
      const value = read(reader)
      slots[position] = leavesOutValue(value) ? undefined : value
    }
  }
  const zero = zeroLeftOut(field)
  return (reader, wireType, slots) => {
    if (wireType !== wanted) requireType(wireType, wanted, name)
    const value = read(reader)
    slots[position] = value === zero ? undefined : value
  }
}

/** The value of a scalar field that JSON leaves out, `undefined` when there is none. */
function zeroLeftOut(field: Field): unknown {
  const leavesOutValue = leavesOut(field)
  return ['', 0, false, '0', '0s'].find(leavesOutValue)
}

function readList(field: Field, { element }: ListType, position: number): ReadField {
  const wanted = wireTypeOf(element)
  const read = readOf(element)
  const nil = element.kind === 'scalar' ? null : undefined
  const name = goName(field)
  return (reader, wireType, slots) => {
    const list = (slots[position] ??= []) as unknown[]
    if (wireType === wanted) list.push(read(reader) ?? nil)
    else if (wireType === lengthDelimited && wanted !== lengthDelimited) {
      // Numbers may be packed.
      within(reader, () => {
        while (reader.at < reader.end) list.push(read(reader))
      })
    } else requireType(wireType, wanted, name)
  }
}

/** Entries are messages of a key and a value; the last of a key counts. Keys of the result are in order. */
function readMap(field: Field, { value: type }: MapType, position: number): ReadField {
  const read = readOf(type)
  const zero = zeroEntry(type)
  const name = goName(field)
  const entries = new Ordered()
  return (reader, wireType, slots) => {
    requireType(wireType, lengthDelimited, name)
    let key = ''
    let value = zero
    within(reader, () => {
      while (reader.at < reader.end) {
        const tag = reader.varint()
        if (tag >>> 3 === 1) key = reader.text()
        else if (tag >>> 3 === 2) value = read(reader) ?? zero
        else reader.skip(tag & 7)
      }
    })
    slots[position] = entries.add(slots[position] as Entries | undefined, key, value)
  }
}

type Entries = { [key: string]: unknown }

/** Puts entries into maps so that keys are in order, which they mostly are already. */
class Ordered {
  #map: Entries | undefined
  #last = ''

  add(map: Entries | undefined, key: string, value: unknown): Entries {
    if (map === undefined) return this.#append({}, key, value)
    if (map !== this.#map) this.#last = Object.keys(map).at(-1) ?? ''
    if (key > this.#last) return this.#append(map, key, value)
    const sorted: Entries = {}
    const all = new Map(Object.entries(map)).set(key, value)
    for (const known of [...all.keys()].sort()) this.#append(sorted, known, all.get(known))
    return sorted
  }

  #append(map: Entries, key: string, value: unknown): Entries {
    setOwn(map, key, value)
    this.#map = map
    this.#last = key
    return map
  }
}

function zeroEntry(type: Type): unknown {
  if (type.kind === 'struct') return readStruct(structOf(type), new Reader(new Uint8Array(0)))
  if (type.kind !== 'scalar') return []
  return zeros[type.scalar]
}

const zeros: { readonly [scalar in ScalarName]?: unknown } = {
  string: '',
  int32: 0,
  int64: 0,
  bool: false,
  double: 0,
  bytes: '',
  quantity: '0',
  intOrString: 0,
}

function readOf(type: Type): Read {
  switch (type.kind) {
    case 'scalar':
      return scalarReads[type.scalar]
    case 'struct': {
      if (type.data.customJSON === true) return readWrapper(type)
      let struct: Struct | undefined
      return (reader) => {
        struct ??= structOf(type)
        const limit = reader.limit()
        const outer = reader.end
        reader.end = limit
        const value = readStruct(struct, reader)
        reader.end = outer
        return value
      }
    }
    case 'list':
      return readAlias(type)
    case 'map':
      throw new Error('maps are not nested on the wire')
  }
}

/** A named list type is a message whose field 1 repeats the element. */
function readAlias({ element }: ListType): Read {
  const read = readOf(element)
  return (reader) =>
    within(reader, () => {
      const list: unknown[] = []
      while (reader.at < reader.end) {
        const tag = reader.varint()
        if (tag >>> 3 === 1) list.push(read(reader))
        else reader.skip(tag & 7)
      }
      return list
    })
}

/** A schema, or a bool or list in its place. */
function readWrapper(type: StructType): Read {
  let struct: Struct | undefined
  return (reader) => {
    struct ??= structOf({ ...type, data: {} })
    const known = struct
    const fields = within(reader, () => readStruct(known, reader))
    const list = fields['JSONSchemas'] ?? fields['Property']
    if (Array.isArray(list) && list.length > 0) return list
    return fields['Schema'] ?? fields['Allows'] ?? null
  }
}

/** The text in field 1 of a message that has no other. */
function readText(reader: Reader): string {
  const limit = reader.limit()
  const outer = reader.end
  reader.end = limit
  let text = ''
  while (reader.at < limit) {
    const tag = reader.varint()
    if (tag === textTag) text = reader.text()
    else reader.skip(tag & 7)
  }
  reader.end = outer
  return text
}

const textTag = 0x0a

/** Integers in fields 1 and 2 of a message, and the text in field 3. */
function readParts(reader: Reader): { readonly first: number; readonly second: number; readonly third: string } {
  const limit = reader.limit()
  const outer = reader.end
  reader.end = limit
  let first = 0
  let second = 0
  let third = ''
  while (reader.at < limit) {
    const tag = reader.varint()
    if (tag === 0x08) first = Number(reader.int64())
    else if (tag === 0x10) second = reader.int32()
    else if (tag === 0x1a) third = reader.text()
    else reader.skip(tag & 7)
  }
  reader.end = outer
  return { first, second, third }
}

/** JSON that lies in bytes; texts that are none are kept as texts. */
function readRaw(reader: Reader): unknown {
  const text = readText(reader)
  if (text === '') return undefined
  try {
    return parseJsonText(text)
  } catch {
    return text
  }
}

function readQuantity(reader: Reader): unknown {
  const text = readText(reader)
  if (text === '') return '0'
  try {
    return canonicalQuantity(text)
  } catch (error) {
    return refuse(messageOf(error))
  }
}

function readIntOrString(reader: Reader): unknown {
  const { first, second, third } = readParts(reader)
  return first === 1 ? third : second
}

function readTime(reader: Reader): unknown {
  if (isEmptyNext(reader)) return undefined
  const { first: seconds } = readParts(reader)
  return seconds === zeroSeconds ? undefined : formatTime(seconds)
}

function readMicroTime(reader: Reader): unknown {
  if (isEmptyNext(reader)) return undefined
  const { first: seconds, second: nanos } = readParts(reader)
  return isZeroTime({ seconds, nanos }) ? undefined : formatMicroTime({ seconds, nanos })
}

/** Passes over an empty message, and tells whether there was one. */
function isEmptyNext(reader: Reader): boolean {
  const from = reader.at
  if (reader.limit() === reader.at) return true
  reader.at = from
  return false
}

const scalarReads: { readonly [scalar in ScalarName]: Read } = {
  string: (reader) => reader.text(),
  int32: (reader) => reader.int32(),
  int64: (reader) => reader.int64(),
  bool: (reader) => reader.bool(),
  double: (reader) => reader.double(),
  bytes: (reader) => encodeBase64(reader.bytes()),
  quantity: readQuantity,
  intOrString: readIntOrString,
  time: readTime,
  microTime: readMicroTime,
  duration: (reader) => formatDuration(readParts(reader).first),
  rawExtension: readRaw,
  fieldsV1: readRaw,
  json: readRaw,
  any: readRaw,
}
