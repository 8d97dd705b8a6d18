import type { Draft } from '#api'
import { copyJson } from '#base'
import { decodeUntyped, JsonError, mergeTypeOfSchema } from '#machinery'
import type { JsonBody, KubeObject, MergeSchema, MergeType } from '#machinery'
import { builtinStruct } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { DecodedObject, ObjectType } from '../resource/object-type.ts'
import { applySchemaDefaults, removeNulls } from './schema/defaults.ts'
import { conforms } from './schema/conforms.ts'
import { coerceMetadata, readableMetadata, hasEmbedded } from './schema/object-meta.ts'
import { prune } from './schema/prune.ts'
import type { ObjectValue, Schema, Value } from './schema/schema.ts'

/** What the definition says of one version, as far as reading objects goes. */
export interface CustomTypeOptions {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly schema: Schema | undefined
  /** Nothing is pruned (`spec.preserveUnknownFields` of old definitions). */
  readonly preserveUnknownFields: boolean
}

/** The type of custom objects at one version: metadata is canonical, the rest is as the schema has it. */
export class CustomType implements ObjectType {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly #schema: Schema
  readonly #hasSchema: boolean
  readonly #preserve: boolean
  #mergeType: MergeType | undefined

  constructor({ group, version, kind, schema, preserveUnknownFields }: CustomTypeOptions) {
    this.group = group
    this.version = version
    this.kind = kind
    this.#schema = schema ?? {}
    this.#hasSchema = schema !== undefined
    this.#preserve = preserveUnknownFields
  }

  get mergeType(): MergeType {
    this.#mergeType ??= mergeTypeOfSchema(this.#hasSchema ? (this.#schema as MergeSchema) : undefined, {
      objectMeta: builtinStruct('meta/v1', 'ObjectMeta'),
      preserveUnknownFields: this.#preserve,
    })
    return this.#mergeType
  }

  decode(body: JsonBody): DecodedObject {
    const { value, strictErrors } = decodeUntyped(body)
    const decoded = this.normalize(value)
    return { object: decoded.object, strictErrors: [...strictErrors, ...decoded.strictErrors] }
  }

  normalize(value: unknown): DecodedObject {
    const decoded = this.#read(value)
    const { kind: _, apiVersion: __, metadata: ___, ...rest }: ObjectValue = decoded.object
    if (!this.#hasSchema) return decoded
    // Schemas may speak of metadata, but have no say in its values.
    removeNulls(rest, this.#schema)
    const target: ObjectValue = decoded.object
    for (const field of Object.keys(target)) {
      if (!['kind', 'apiVersion', 'metadata'].includes(field) && !Object.hasOwn(rest, field)) delete target[field]
    }
    return decoded
  }

  /** Whether reading an object that was stored, with or without defaults, leaves it as it is: its metadata is canonical. */
  keeps(object: KubeObject, { defaults }: { readonly defaults: boolean }): boolean {
    if (!this.#hasSchema || hasEmbedded(this.#schema)) return false
    const fields = object as unknown as { readonly [field: string]: Value }
    return conforms(fields, this.#schema, { prunes: !this.#preserve, defaults })
  }

  assembled(merged: KubeObject): Draft<KubeObject> {
    try {
      return this.#read(merged).object
    } catch (error) {
      if (!(error instanceof JsonError)) throw error
      return this.#read({ ...merged, metadata: readableMetadata(merged.metadata) }).object
    }
  }

  #read(value: unknown): DecodedObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new JsonError('json: cannot unmarshal value into Go value of type map[string]interface {}')
    const object = copyJson(value) as ObjectValue
    const inMetadata = coerceMetadata(object, this.#schema)
    const pruned = this.#preserve ? [] : prune(object, this.#schema)
    // Told in the order in which the API comes upon them: the object's own metadata, fields, metadata of what is embedded.
    const own = inMetadata.filter((at) => at.startsWith('metadata.'))
    const embedded = inMetadata.filter((at) => !at.startsWith('metadata.'))
    const unknown = [...own, ...pruned, ...embedded]
    const { kind = this.kind, apiVersion = groupVersionOf(this), metadata = {}, ...rest } = object
    const ordered = { kind, apiVersion, metadata, ...rest } as Draft<KubeObject>
    return { object: ordered, strictErrors: unknown.map((path) => `unknown field ${JSON.stringify(path)}`) }
  }

  /** Objects of no Go type keep every list and map they were sent. */
  shown<T extends KubeObject>(object: T): T {
    return object
  }

  compared<T extends KubeObject>(object: T): T {
    return object
  }

  stored<T extends KubeObject>(object: T): T {
    return object
  }

  applyDefaults(draft: Draft<KubeObject>): Draft<KubeObject> {
    const { kind: _, apiVersion: __, metadata: ___, ...rest }: ObjectValue = draft
    if (!this.#hasSchema) return draft
    applySchemaDefaults(rest, withoutMeta(this.#schema))
    return Object.assign(draft, rest)
  }
}

const withoutMetadata = new WeakMap<Schema, Schema>()

function withoutMeta(schema: Schema): Schema {
  let found = withoutMetadata.get(schema)
  if (!found) {
    const { kind: _, apiVersion: __, metadata: ___, ...properties } = schema.properties ?? {}
    found = { ...schema, properties }
    withoutMetadata.set(schema, found)
  }
  return found
}
