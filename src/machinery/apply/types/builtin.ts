import { publishedDefault } from '#api'
import type { Field, ListType, ScalarName, StructType, Type } from '#api'
import { deduced, untypedAtomic } from './deduced.ts'
import { listMerge, listType, mapType, scalarType, structMerge } from './merge-type.ts'
import type { ItemIdentity, ListKey, MergeType } from './merge-type.ts'

const structTypes = new WeakMap<StructType, MergeType>()
const objectTypes = new WeakMap<StructType, MergeType>()
const metadataTypes = new WeakMap<StructType, MergeType>()

const text = scalarType('string', true)
const number = scalarType('numeric', true)
const boolean = scalarType('boolean', true)
const untyped = scalarType('untyped', true)
const freeForm = mapType(
  { atomic: false, fields: undefined, rest: deduced, unstructured: true, shapes: undefined },
  true,
)

/** The type of the objects of a kind, from the API data. Made once for each. */
export function mergeTypeOf(kind: StructType): MergeType {
  let type = objectTypes.get(kind)
  if (type === undefined) {
    type = kind.hasTypeMeta ? ofKind(kind) : ofStruct(kind)
    objectTypes.set(kind, type)
  }
  return type
}

/** The type of the metadata of an object, in which `managedFields` is not for comparing. */
export function metadataType(objectMeta: StructType): MergeType {
  let type = metadataTypes.get(objectMeta)
  if (type === undefined) {
    type = withFields(objectMeta, [], (name) => fieldType(objectMeta, name), 'managedFields')
    metadataTypes.set(objectMeta, type)
  }
  return type
}

function ofKind(kind: StructType): MergeType {
  return withFields(kind, ['apiVersion', 'kind'], (name) => {
    if (name === 'apiVersion' || name === 'kind') return text
    const field = kind.byName.get(name)?.type
    const isMetadata = name === 'metadata' && field?.kind === 'struct' && field.byName.has('managedFields')
    return isMetadata ? metadataType(field) : fieldType(kind, name)
  })
}

function ofStruct(struct: StructType): MergeType {
  const known = structTypes.get(struct)
  if (known !== undefined) return known
  if (struct.data.customJSON) return deduced
  if (struct.fields.length === 0) return freeForm
  return withFields(struct, [], (name) => fieldType(struct, name), undefined, structTypes)
}

function withFields(
  struct: StructType,
  more: readonly string[],
  typeOf: (name: string) => MergeType,
  ignored = '',
  known?: WeakMap<StructType, MergeType>,
): MergeType {
  const names = [...struct.byName.keys(), ...more]
  const { fill, ...map } = structMerge(names, typeOf, { atomic: struct.data.mapType === 'atomic', ignored })
  const type = mapType(map, true)
  known?.set(struct, type)
  fill()
  return type
}

function fieldType(struct: StructType, name: string): MergeType {
  const field = struct.byName.get(name)
  return field === undefined ? deduced : ofField(field)
}

function ofField(field: Field): MergeType {
  const { type, data } = field
  if (type.kind === 'list') return ofList(type, field)
  const plain = ofType(type)
  if (data.mapType === undefined || plain.map === undefined) return plain
  return { ...plain, map: { ...plain.map, atomic: data.mapType === 'atomic' } }
}

function ofType(type: Type): MergeType {
  switch (type.kind) {
    case 'scalar':
      return ofScalar(type.scalar)
    case 'struct':
      return type.hasTypeMeta ? mergeTypeOf(type) : ofStruct(type)
    case 'list':
      return ofList(type, undefined)
    case 'map': {
      const rest = ofType(type.value)
      return mapType({ atomic: false, fields: undefined, rest, unstructured: false, shapes: undefined }, true)
    }
  }
}

function ofScalar(name: ScalarName): MergeType {
  switch (name) {
    case 'string':
    case 'bytes':
    case 'duration':
      return text
    case 'int32':
    case 'int64':
    case 'double':
      return number
    case 'bool':
      return boolean
    case 'quantity':
    case 'time':
    case 'microTime':
      return untyped
    case 'rawExtension':
      return untypedAtomic
    case 'fieldsV1':
      return freeForm
    case 'intOrString':
    case 'json':
    case 'any':
      return deduced
  }
}

function ofList(type: ListType, field: Field | undefined): MergeType {
  return listType(listMerge(identityOf(type, field), ofType(type.element)), true)
}

/** Whether a field is a list that is owned as a whole. */
export function isAtomicList(field: Field): boolean {
  return field.type.kind === 'list' && identityOf(field.type, field) === 'atomic'
}

/** What tells items apart. Where the list type isn't declared, the strategy of strategic merge patch decides. */
function identityOf(type: ListType, field: Field | undefined): ItemIdentity {
  const { listType, keys = [], patch, mergeKey } = field?.data ?? {}
  const keysOf = (names: readonly string[]): readonly ListKey[] => names.map((name) => listKey(type.element, name))
  if (listType === 'map') return keysOf(keys)
  if (listType !== undefined) return listType
  if (patch !== 'merge' && patch !== 'merge,retainKeys') return 'atomic'
  return mergeKey === undefined ? 'set' : keysOf([mergeKey])
}

function listKey(element: Type, name: string): ListKey {
  const field = element.kind === 'struct' ? element.byName.get(name) : undefined
  return { name, default: field === undefined ? undefined : publishedDefault(field) }
}
