import type { FieldData, Json, TypeData } from './group-version.ts'

/** Leaves of the API: their JSON form is a string, number, boolean or, for the last three, any JSON. */
export const scalarNames = [
  'string',
  'int32',
  'int64',
  'bool',
  'double',
  'bytes',
  'quantity',
  'intOrString',
  'time',
  'microTime',
  'duration',
  'rawExtension',
  'fieldsV1',
  'json',
  'any',
] as const

export type ScalarName = (typeof scalarNames)[number]

export interface ScalarType {
  readonly kind: 'scalar'
  readonly scalar: ScalarName
}

export interface ListType {
  readonly kind: 'list'
  readonly element: Type
  /** Name of the alias this list is declared under (`authentication/v1.ExtraValue`): a message of its own on the wire. */
  readonly alias?: string
}

export interface MapType {
  readonly kind: 'map'
  readonly value: Type
}

/** A struct with its fields linked to their types. */
export interface StructType {
  readonly kind: 'struct'
  /** Name within its group version. */
  readonly name: string
  /** `<group directory>/<version>`, for instance `core/v1`. */
  readonly place: string
  /** OpenAPI definition name. */
  readonly definition: string
  /** Full name of the protobuf message. */
  readonly message: string
  readonly data: TypeData
  /** The type carries `kind` and `apiVersion`, which are not in `fields`. */
  readonly hasTypeMeta: boolean
  /** Fields as JSON has them, inlined structs spread in declaration order. */
  readonly fields: readonly Field[]
  readonly byName: ReadonlyMap<string, Field>
  /** Fields as the wire has them: inlined structs with a number stay nested messages. In ascending order of number. */
  readonly wireFields: readonly WireField[]
}

export type Type = ScalarType | ListType | MapType | StructType

export interface Field {
  readonly name: string
  readonly type: Type
  /** Absent and zero differ. */
  readonly pointer: boolean
  /** List elements may be null. */
  readonly elementPointer: boolean
  /** When JSON carries the field. */
  readonly emit: 'always' | 'nonEmpty' | 'nonZero'
  readonly data: FieldData
}

export type WireField =
  | { readonly id: number; readonly field: Field }
  | { readonly id: number; readonly inlined: StructType }

/**
 * Default of a field that is absent, `undefined` if there is none. Besides declared defaults, OpenAPI publishes the zero
 * value of non-pointer structs and of non-pointer scalars that are always serialised.
 */
export function publishedDefault(field: Field): Json | undefined {
  if (field.data.default !== undefined) return field.data.default
  if (field.pointer) return undefined
  if (field.type.kind === 'struct') return {}
  if (field.type.kind !== 'scalar' || !alwaysSerialised(field)) return undefined
  return zeroOf(field.type.scalar)
}

function alwaysSerialised(field: Field): boolean {
  return field.emit === 'always'
}

function zeroOf(scalar: ScalarName): Json | undefined {
  switch (scalar) {
    case 'string':
      return ''
    case 'int32':
    case 'int64':
    case 'double':
      return 0
    case 'bool':
      return false
    default:
      return undefined
  }
}
