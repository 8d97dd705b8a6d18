import { celTypes } from '#machinery'
import type { CelType } from '#machinery'
import { itemsOf } from '../schema/schema.ts'
import type { Schema } from '../schema/schema.ts'
import { escapeName, isReserved } from './names.ts'

const known = new WeakMap<Schema, { readonly type: CelType | undefined }>()
const knownRoots = new WeakMap<Schema, Schema>()

/** What every resource has, whatever its schema says. */
export function resourceSchema(schema: Schema): Schema {
  let found = knownRoots.get(schema)
  if (!found) {
    const text: Schema = { type: 'string' }
    const metadata: Schema = { type: 'object', properties: { name: text, generateName: text } }
    found = {
      ...schema,
      type: 'object',
      properties: { ...schema.properties, kind: text, apiVersion: text, metadata },
    }
    knownRoots.set(schema, found)
  }
  return found
}

/** The schema as expressions see it: resources within objects have what every resource has. */
export function seenSchema(schema: Schema): Schema {
  return schema['x-kubernetes-embedded-resource'] === true ? resourceSchema(schema) : schema
}

/** The type that values of a schema have in expressions; `undefined` for what they can't look at. */
export function celTypeOf(schema: Schema): CelType | undefined {
  let found = known.get(schema)
  if (!found) {
    found = { type: typeOf(seenSchema(schema)) }
    known.set(schema, found)
  }
  return found.type
}

function typeOf(schema: Schema): CelType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return celTypes.dyn
  switch (schema.type) {
    case 'array': {
      const items = itemsOf(schema)
      const element = items && celTypeOf(items)
      return element && celTypes.listType(element)
    }
    case 'object': {
      const { additionalProperties } = schema
      if (typeof additionalProperties === 'object') {
        const value = celTypeOf(additionalProperties)
        return value && celTypes.mapType(celTypes.string, value)
      }
      return objectType(schema)
    }
    case 'string':
      return textType(schema.format)
    case 'boolean':
      return celTypes.bool
    case 'number':
      return celTypes.double
    case 'integer':
      return celTypes.int
    default:
      return undefined
  }
}

function objectType(schema: Schema): CelType {
  let fields: Map<string, Schema> | undefined
  return {
    kind: 'object',
    name: 'object',
    field(name) {
      fields ??= fieldsOf(schema)
      const property = fields.get(name)
      return property && celTypeOf(property)
    },
  }
}

/** Properties by the names that expressions have for them. */
export function fieldsOf({ properties = {} }: Schema): Map<string, Schema> {
  const fields = new Map<string, Schema>()
  for (const [name, property] of Object.entries(properties)) {
    const escaped = escapeName(name)
    if (escaped !== undefined) fields.set(escaped, property)
    if (isReserved(name)) fields.set(name, property)
  }
  return fields
}

function textType(format: string | undefined): CelType {
  switch (format) {
    case 'byte':
      return celTypes.bytes
    case 'duration':
      return celTypes.duration
    case 'date':
    case 'date-time':
      return celTypes.timestamp
    default:
      return celTypes.string
  }
}
