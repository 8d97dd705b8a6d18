import type { StructType } from '#api'
import { decodeJson, encodeJson, encodeText, JsonError, parseJson, shownForm, sortKeys } from '#machinery'
import type { Decoded } from '#machinery'
import { builtinStruct } from '../../resource/builtin-types.ts'
import { asObject, isList, isObject, itemsOf, propertyOf } from './schema.ts'
import type { ObjectValue, Schema, Value } from './schema.ts'

/**
 * Brings metadata into canonical form: that of the object, and of the resources embedded in it. Returns the paths of fields
 * that metadata does not have.
 *
 * @throws JsonError when kind, apiVersion or metadata are of the wrong type.
 */
export function coerceMetadata(object: ObjectValue, schema: Schema | undefined): string[] {
  const unknown: string[] = []
  coerceResource(object, '', unknown)
  if (schema && hasEmbedded(schema)) coerceFields(object, schema, '', unknown)
  return unknown.sort()
}

const embedding = new WeakMap<Schema, boolean>()

/** Whether anything within the schema is a resource; looked at once. */
export function hasEmbedded(schema: Schema): boolean {
  let found = embedding.get(schema)
  if (found === undefined) {
    const { additionalProperties } = schema
    const inner = [...Object.values(schema.properties ?? {}), itemsOf(schema)]
    if (typeof additionalProperties === 'object') inner.push(additionalProperties)
    found = inner.some((one) => one && (one['x-kubernetes-embedded-resource'] === true || hasEmbedded(one)))
    embedding.set(schema, found)
  }
  return found
}

function coerceFields(value: Value, schema: Schema, path: string, unknown: string[]): void {
  if (isList(value)) {
    const items = itemsOf(schema)
    if (items) value.forEach((element, index) => coerce(element, items, `${path}[${index}]`, unknown))
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      const property = propertyOf(schema, key)
      if (property) coerce(value[key] as Value, property, path === '' ? key : `${path}.${key}`, unknown)
    }
  }
}

function coerce(value: Value, schema: Schema, path: string, unknown: string[]): void {
  const object = schema['x-kubernetes-embedded-resource'] === true ? asObject(value) : undefined
  if (object) coerceResource(object, path, unknown)
  coerceFields(value, schema, path, unknown)
}

function coerceResource(object: ObjectValue, path: string, unknown: string[]): void {
  const at = (field: string): string => (path === '' ? field : `${path}.${field}`)
  const refuse = (field: string, value: Value, why: string): Error =>
    new JsonError(`${at(field)}: Invalid value: ${encodeJson(sortKeys(value))}: ${why}`)
  for (const field of ['apiVersion', 'kind']) {
    const value = object[field]
    if (value !== undefined && typeof value !== 'string') throw refuse(field, value, 'must be a string')
  }
  const { metadata } = object
  if (metadata === undefined) return
  if (metadata === null) {
    delete object['metadata']
    return
  }
  const struct = builtinStruct('meta/v1', 'ObjectMeta')
  const decoded = decodeMetadata(struct, metadata, (why) =>
    path === '' ? why : refuse('metadata', metadata, why.message),
  )
  object['metadata'] = shownForm(struct, decoded.value) as Value
  const prefix = at('metadata')
  for (const error of decoded.strictErrors) {
    const field = /^unknown field "(.*)"$/.exec(error)?.[1]
    if (field !== undefined) unknown.push(`${prefix}.${field}`)
  }
}

/** The fields of an object's own metadata that can be read: what is applied may have others. */
export function readableMetadata(metadata: object): object {
  const struct = builtinStruct('meta/v1', 'ObjectMeta')
  const fields = Object.entries(metadata) as [string, Value][]
  return Object.fromEntries(
    fields.filter(([field, value]) => {
      try {
        decodeMetadata(struct, { [field]: value }, (why) => why)
        return true
      } catch (error) {
        if (error instanceof JsonError) return false
        throw error
      }
    }),
  )
}

function decodeMetadata(struct: StructType, metadata: Value, refusal: (why: JsonError) => Error): Decoded {
  try {
    return decodeJson(struct, parseJson(encodeText(encodeJson(metadata))))
  } catch (error) {
    throw error instanceof JsonError ? refusal(error) : error
  }
}
