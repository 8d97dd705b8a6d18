import { isForbiddenNull } from './defaults.ts'
import { isList, isObject, itemsOf, metaFields, propertyOf } from './schema.ts'
import type { Schema, Value } from './schema.ts'

/** What reading does with a value, beside removing nulls. */
export interface Reading {
  /** Fields that the schema does not have are removed. */
  readonly prunes: boolean
  /** Fields that are absent get their defaults. */
  readonly defaults: boolean
}

/**
 * Whether reading a whole object by a schema leaves it as it is, so that it need not be copied: nothing would be pruned, no
 * null removed and no default put in. Metadata is not looked at. A schema with embedded resources must not be asked.
 */
export function conforms(object: { readonly [field: string]: Value }, schema: Schema, reading: Reading): boolean {
  for (const field of Object.keys(object)) {
    if (!metaFields.has(field) && !propertyConforms(object[field] as Value, field, schema, reading)) return false
  }
  return !reading.defaults || defaulted(schema).every((field) => metaFields.has(field) || Object.hasOwn(object, field))
}

function valueConforms(value: Value, schema: Schema | undefined, reading: Reading): boolean {
  if (isList(value)) return listConforms(value, schema, reading)
  if (!isObject(value)) return true
  for (const key of Object.keys(value)) {
    if (!propertyConforms(value[key] as Value, key, schema, reading)) return false
  }
  return !reading.defaults || schema === undefined || defaulted(schema).every((key) => Object.hasOwn(value, key))
}

function listConforms(list: readonly Value[], schema: Schema | undefined, reading: Reading): boolean {
  const items = itemsOf(schema)
  if (items === undefined && (!reading.prunes || isOpen(schema))) return true
  const isReplaced = (element: Value): boolean =>
    reading.defaults && items?.default !== undefined && isForbiddenNull(element, items)
  return list.every((element) => !isReplaced(element) && valueConforms(element, items, reading))
}

function propertyConforms(value: Value, key: string, schema: Schema | undefined, reading: Reading): boolean {
  const property = schema && propertyOf(schema, key)
  if (property === undefined) return !reading.prunes || isOpen(schema)
  return !isForbiddenNull(value, property) && valueConforms(value, property, reading)
}

const withDefaults = new WeakMap<Schema, readonly string[]>()

/** Names of the properties that have a default; looked for once. */
function defaulted(schema: Schema): readonly string[] {
  let names = withDefaults.get(schema)
  if (!names) {
    const { properties = {} } = schema
    names = Object.keys(properties).filter((name) => properties[name]?.default !== undefined)
    withDefaults.set(schema, names)
  }
  return names
}

const isOpen = (schema: Schema | undefined): boolean => schema?.['x-kubernetes-preserve-unknown-fields'] === true
