import type { Field, ScalarName, StructType, Type } from '#api'
import { listReader, mapReader } from './containers.ts'
import { unfit } from './reader.ts'
import type { Reader } from './reader.ts'
import { scalarReaders } from './scalars.ts'
import { structReader } from './struct.ts'
import type { FieldPlan } from './struct.ts'

const readers = new WeakMap<StructType, Reader>()

/** The reader of a struct; made once. */
export function readerOfStruct(type: StructType): Reader {
  const known = readers.get(type)
  if (known !== undefined) return known
  let compiled: Reader | undefined
  const reader: Reader = (value, tally) => {
    compiled ??= type.data.customJSON === true ? wrapperReader(type) : structReader(plansOf(type))
    return compiled(value, tally)
  }
  readers.set(type, reader)
  return reader
}

function readerOf(type: Type): Reader {
  switch (type.kind) {
    case 'scalar':
      return scalarReaders[type.scalar]
    case 'list':
      return listReader(
        isNumber(type.element) ? listed(readerOf(type.element)) : readerOf(type.element),
        nilElement(type.element),
      )
    case 'map':
      return mapReader(readerOf(type.value), nilElement(type.value))
    case 'struct':
      return readerOfStruct(type)
  }
}

const isNumber = (type: Type): boolean => type.kind === 'scalar' && /^(?:int|double)/.test(type.scalar)

/** Reads numbers of a list; see `Tally.listed`. */
function listed(read: Reader): Reader {
  return (value, tally) => {
    tally.listed = true
    return read(value, tally)
  }
}

const zeros: { readonly [scalar in ScalarName]: unknown } = {
  string: '',
  int32: 0,
  int64: 0,
  bool: false,
  double: 0,
  bytes: null,
  quantity: '0',
  intOrString: 0,
  time: null,
  microTime: null,
  duration: '0s',
  rawExtension: null,
  fieldsV1: null,
  json: null,
  any: null,
}

/** Zero value as JSON shows it. */
function zeroOf(type: Type): unknown {
  if (type.kind === 'scalar') return zeros[type.scalar]
  return type.kind === 'struct' ? zeroStruct(type) : null
}

/** What JSON shows for a null element of a list or map: bytes are empty rather than nil once they were stored. */
function nilElement(type: Type): unknown {
  return type.kind === 'scalar' && type.scalar === 'bytes' ? '' : zeroOf(type)
}

const zeroStructs = new WeakMap<StructType, { readonly [field: string]: unknown }>()

/** The struct of which no field is set; shared and frozen. */
function zeroStruct(type: StructType): { readonly [field: string]: unknown } {
  const known = zeroStructs.get(type)
  if (known !== undefined) return known
  const zero: { [field: string]: unknown } = {}
  for (const field of type.fields) {
    const absent = absentOf(field)
    if (absent !== undefined) zero[field.name] = absent
  }
  zeroStructs.set(type, Object.freeze(zero))
  return zero
}

/** Scalars that Go holds in a struct: `omitempty` never leaves them out. */
const structScalars: ReadonlySet<ScalarName> = new Set([
  'quantity',
  'intOrString',
  'time',
  'microTime',
  'duration',
  'rawExtension',
  'fieldsV1',
  'json',
])

const isGoStruct = (type: Type): boolean =>
  type.kind === 'struct' || (type.kind === 'scalar' && structScalars.has(type.scalar))

/** What JSON carries for a field that is not set; `undefined` when it leaves the field out. */
export function absentOf(field: Field): unknown {
  if (field.pointer) return field.emit === 'always' ? null : undefined
  if (field.emit === 'always' || (field.emit === 'nonEmpty' && isGoStruct(field.type))) return zeroOf(field.type)
  return undefined
}

const typeMeta = ['kind', 'apiVersion']

function plansOf(type: StructType): readonly FieldPlan[] {
  const text = leavingOut('', scalarReaders.string)
  const meta = type.hasTypeMeta
    ? typeMeta.map((name, position) => ({ name, position, read: text, absent: undefined }))
    : []
  const fields = type.fields.map((field, position) => ({
    name: field.name,
    position: position + meta.length,
    read: fieldReader(field),
    absent: absentOf(field),
  }))
  return [...meta, ...fields]
}

function fieldReader(field: Field): Reader {
  const { type } = field
  if (type.kind === 'list' && field.elementPointer) return listReader(readerOf(type.element), null)
  const read = readerOf(type)
  if (field.pointer || !mayLeaveOut(field)) return read
  const leavesOutValue = leavesOut(field)
  return (value, tally) => {
    const result = read(value, tally)
    return leavesOutValue(result) ? undefined : result
  }
}

/** Whether there are values of a field, other than nil, that JSON leaves out. */
function mayLeaveOut({ pointer, emit, type }: Field): boolean {
  if (pointer || emit === 'always' || type.kind === 'list' || type.kind === 'map') return false
  return emit === 'nonZero' || !isGoStruct(type)
}

/** Whether JSON leaves out a value of a field for being zero. */
export function leavesOut(field: Field): (value: unknown) => boolean {
  const { type } = field
  if (!mayLeaveOut(field)) return () => false
  if (type.kind === 'struct') {
    const zero = zeroStruct(type)
    return (value) => sameJson(value, zero)
  }
  const zero = type.kind !== 'scalar' ? null : type.scalar === 'bytes' ? '' : zeros[type.scalar]
  return (value) => value === zero
}

function leavingOut(zero: unknown, read: Reader): Reader {
  return (value, tally) => {
    const result = read(value, tally)
    return result === zero ? undefined : result
  }
}

function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  const right = b as { readonly [key: string]: unknown }
  return keys.length === Object.keys(b).length && keys.every((key) => sameJson(Reflect.get(a, key), right[key]))
}

/**
 * The schema wrappers of apiextensions: `OrBool`, `OrArray` and `OrStringArray` are a schema, or the other thing. `OrArray`
 * and `OrStringArray` take everything else for nothing.
 */
function wrapperReader(type: StructType): Reader {
  const schemaType = type.fields.find((field) => field.type.kind === 'struct')?.type
  const other = type.fields.find((field) => field.type.kind !== 'struct')?.type
  if (schemaType === undefined || other === undefined) throw new Error(`${type.name} wraps no schema`)
  const readSchema = readerOf(schemaType)
  const readOther = readerOf(other)
  const readList: Reader = (value, tally) => (Array.isArray(value) && value.length > 0 ? readOther(value, tally) : null)
  const readRest: Reader = other.kind === 'list' ? readList : (value, tally) => readOther(value, tally)
  return (value, tally) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return readSchema(value, tally)
    return value === null ? unfit() : readRest(value, tally)
  }
}
