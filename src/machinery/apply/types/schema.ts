import type { Json, StructType } from '#api'
import { mergeTypeOf, metadataType } from './builtin.ts'
import { deduced, untypedAtomic } from './deduced.ts'
import { listBit, listMerge, listType, mapBit, mapType, scalarBit, scalarType, structMerge } from './merge-type.ts'
import type { ItemIdentity, ListMerge, MapMerge, MergeType, ScalarKind } from './merge-type.ts'

/** The parts of a structural OpenAPI schema that say how values merge. */
export interface MergeSchema {
  readonly type?: string
  readonly format?: string
  readonly properties?: { readonly [name: string]: MergeSchema }
  readonly additionalProperties?: MergeSchema | boolean
  readonly items?: MergeSchema
  readonly default?: Json
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  /** A place for any kind of value, as far as merging goes: it has no type. */
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
}

export interface SchemaOptions {
  /** meta/v1.ObjectMeta. */
  readonly objectMeta: StructType
  /** Unknown fields are kept everywhere (`spec.preserveUnknownFields` of old definitions). */
  readonly preserveUnknownFields?: boolean
}

/**
 * The type of the objects of a custom resource, from the schema of one version of its definition. Without a structural
 * schema, objects are taken as they come. It is worth keeping: nothing is remembered from call to call.
 */
export function mergeTypeOfSchema(schema: MergeSchema | undefined, options: SchemaOptions): MergeType {
  if (schema === undefined) return mapType(openMap(deduced), false)
  const root = { ...schema, 'x-kubernetes-embedded-resource': true }
  const open = options.preserveUnknownFields === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  const reader = new SchemaReader(options.objectMeta)
  return mapType(reader.map(root, open, metadataType(options.objectMeta)), false)
}

const text = scalarType('string', false)

const openMap = (rest: MergeType | undefined): MapMerge => ({
  atomic: false,
  fields: undefined,
  rest,
  unstructured: rest?.scalar === 'untyped',
  shapes: undefined,
})

class SchemaReader {
  readonly #metadata: MergeType

  constructor(objectMeta: StructType) {
    this.#metadata = mergeTypeOf(objectMeta)
  }

  /** `open`: a schema above lets unknown fields pass. */
  #read(schema: MergeSchema, open: boolean): MergeType {
    const openHere = open || schema['x-kubernetes-preserve-unknown-fields'] === true
    switch (schema.type ?? '') {
      case '': {
        const [list, map] = [this.#list(schema, openHere), this.map(schema, openHere, this.#metadata)]
        return { kinds: scalarBit | listBit | mapBit, scalar: 'untyped', list, map, builtin: false }
      }
      case 'object':
        return mapType(this.map(schema, openHere, this.#metadata), false)
      case 'array':
        return listType(this.#list(schema, openHere), false)
      default:
        return scalarType(scalarOf(schema), false)
    }
  }

  map(schema: MergeSchema, open: boolean, metadata: MergeType): MapMerge {
    const embedded = schema['x-kubernetes-embedded-resource'] === true
    const types = new Map<string, MergeType>()
    for (const [name, property] of Object.entries(schema.properties ?? {})) types.set(name, this.#read(property, open))
    if (embedded) types.set('apiVersion', text).set('kind', text).set('metadata', metadata)
    const rest = this.#rest(schema, open, types.size === 0)
    const atomic = schema['x-kubernetes-map-type'] === 'atomic'
    if (types.size === 0) return { ...openMap(rest), atomic }
    const { fill, ...map } = structMerge([...types.keys()], (name) => types.get(name) ?? deduced, { atomic, rest })
    fill()
    return map
  }

  #rest(schema: MergeSchema, open: boolean, bare: boolean): MergeType | undefined {
    const additional = schema.additionalProperties
    if (additional === undefined) return open || bare ? deduced : undefined
    if (typeof additional === 'boolean') return additional ? deduced : undefined
    return this.#read(additional, open)
  }

  #list(schema: MergeSchema, open: boolean): ListMerge {
    const { items } = schema
    return listMerge(identityOf(schema), items === undefined ? untypedAtomic : this.#read(items, open))
  }
}

function identityOf(schema: MergeSchema): ItemIdentity {
  const listType = schema['x-kubernetes-list-type']
  if (listType === 'set') return 'set'
  if (listType !== 'map') return 'atomic'
  const names = schema['x-kubernetes-list-map-keys'] ?? []
  return names.map((name) => ({ name, default: schema.items?.properties?.[name]?.default }))
}

function scalarOf(schema: MergeSchema): ScalarKind {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'numeric'
    case 'boolean':
      return 'boolean'
    case 'string':
      return schema.format === undefined || schema.format === '' || schema.format === 'byte' ? 'string' : 'untyped'
    default:
      return 'untyped'
  }
}
