import { copyJson } from '#base'
import { anything, asObject, isList, itemsOf, propertyOf } from './schema.ts'
import type { Schema, Value } from './schema.ts'

/** Removes nulls where the schema allows none and has no default to put in their place. */
export function removeNulls(value: Value, schema: Schema | undefined): void {
  if (isList(value)) {
    const items = itemsOf(schema)
    for (const element of value) removeNulls(element, items)
    return
  }
  const object = asObject(value)
  if (object) {
    for (const key of Object.keys(object)) {
      const property = schema && propertyOf(schema, key)
      const inner = object[key] as Value
      if (isForbiddenNull(inner, property) && property?.default === undefined) delete object[key]
      else removeNulls(inner, property)
    }
  }
}

/** Puts in the defaults of fields that are absent, or null where they must not be, in place. */
export function applySchemaDefaults(value: Value, schema: Schema | undefined): void {
  if (!schema) return
  if (isList(value)) {
    const items = itemsOf(schema)
    if (!items) return
    for (let index = 0; index < value.length; index++) {
      if (isForbiddenNull(value[index] as Value, items)) value[index] = defaultOf(items)
      applySchemaDefaults(value[index] as Value, items)
    }
    return
  }
  const object = asObject(value)
  if (!object) return
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined) continue
    if (!Object.hasOwn(object, name) || isForbiddenNull(object[name] as Value, property))
      object[name] = defaultOf(property)
  }
  for (const key of Object.keys(object)) {
    const property = propertyOf(schema, key)
    if (!property) continue
    if (isForbiddenNull(object[key] as Value, property) && property.default !== undefined)
      object[key] = defaultOf(property)
    applySchemaDefaults(object[key] as Value, property)
  }
}

function defaultOf(schema: Schema): Value {
  return schema.default === undefined ? null : copyJson(schema.default)
}

/** Whether a null is none of the values that a schema allows. */
export function isForbiddenNull(value: Value, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && schema !== anything && schema.nullable !== true
}
