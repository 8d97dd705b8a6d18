import { escapeFieldName } from '#machinery'
import { itemsOf } from '../schema/schema.ts'
import type { Schema } from '../schema/schema.ts'

import { seenSchema } from './types.ts'

/** How large a value of a schema can get. */
export interface SchemaSize {
  /** Characters, elements or entries at most; zero for what has none. */
  readonly most: number
  /** Bytes that it takes at least, as JSON. */
  readonly least: number
  readonly element?: SchemaSize
  readonly isMap?: boolean
  readonly fields?: ReadonlyMap<string, SchemaSize>
}

/** Largest request that there can be, in bytes. */
const requestSize = 3 * 1024 * 1024
const text = requestSize - 2

/** Sizes of values that expressions can look at; `undefined` for those they can't. */
export function sizeOfSchema(given: Schema): SchemaSize | undefined {
  const schema = seenSchema(given)
  if (schema['x-kubernetes-int-or-string'] === true) return { most: lengthOf(schema) ?? text, least: 1 }
  switch (schema.type) {
    case 'array':
      return arraySize(schema)
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? mapSize(schema, schema.additionalProperties)
        : objectSize(schema)
    case 'string':
      return textSize(schema)
    case 'boolean':
      return { most: 0, least: 4 }
    case 'number':
    case 'integer':
      return { most: 0, least: 1 }
    default:
      return undefined
  }
}

/** Characters can take four bytes each. */
const lengthOf = ({ maxLength }: Schema): number | undefined =>
  maxLength === undefined ? undefined : Math.max(maxLength, 0) * 4

function arraySize(schema: Schema): SchemaSize | undefined {
  const items = itemsOf(schema)
  const element = items && sizeOfSchema(items)
  if (!element) return undefined
  const { maxItems } = schema
  const most = maxItems === undefined ? Math.floor((requestSize - 2) / (element.least + 1)) : Math.max(maxItems, 0)
  return { most, least: 2, element }
}

function mapSize({ maxProperties }: Schema, values: Schema): SchemaSize | undefined {
  const element = sizeOfSchema(values)
  if (!element) return undefined
  const most =
    maxProperties === undefined ? Math.floor((requestSize - 2) / (element.least + 6)) : Math.max(maxProperties, 0)
  return { most, least: 2, element, isMap: true }
}

function objectSize({ properties = {}, required = [] }: Schema): SchemaSize {
  const fields = new Map<string, SchemaSize>()
  let least = 2
  for (const [name, property] of Object.entries(properties)) {
    const size = sizeOfSchema(property)
    if (!size) continue
    const escaped = escapeFieldName(name)
    if (escaped !== undefined) fields.set(escaped, size)
    if (required.includes(name) && property.default === undefined) least += name.length + size.least + 4
  }
  return { most: 0, least, fields }
}

function textSize(schema: Schema): SchemaSize {
  switch (schema.format) {
    case 'byte':
      return { most: schema.maxLength === undefined ? text : Math.max(schema.maxLength, 0), least: 2 }
    case 'duration':
      return { most: 32, least: 3 }
    case 'date':
      return { most: 12, least: 12 }
    case 'date-time':
      return { most: 32, least: 21 }
    default:
      return { most: lengthOf(schema) ?? longestOf(schema) ?? text, least: 2 }
  }
}

function longestOf({ enum: values = [] }: Schema): number | undefined {
  if (values.length === 0) return undefined
  return Math.max(0, ...values.map((value) => (typeof value === 'string' ? new TextEncoder().encode(value).length : 0)))
}

/** The most that a value has that a path from `self` leads to. */
export function mostAt(root: SchemaSize, path: readonly string[]): number | undefined {
  let size: SchemaSize | undefined = root
  for (const name of path.slice(1)) {
    if (name === '@items' || name === '@values') size = size.element
    else if (name === '@keys') size = size.isMap === true ? { most: 0, least: 2 } : undefined
    else size = size.fields?.get(name)
    if (!size) return undefined
  }
  return size.most
}

/** How many values of the schema there can be in one request. */
export function mostValues(schema: Schema): number {
  return Math.floor(requestSize / ((sizeOfSchema(schema)?.least ?? 0) + 1))
}
