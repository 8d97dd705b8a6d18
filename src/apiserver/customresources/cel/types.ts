import { celTypes, escapeFieldName, isReservedName } from '#machinery'
import type { CelType } from '#machinery'
import { itemsOf } from '../schema/schema.ts'
import type { Schema } from '../schema/schema.ts'

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
export function celTypeOf(given: Schema, name: string): CelType | undefined {
  const schema = seenSchema(given)
  if (schema['x-kubernetes-int-or-string'] === true) return celTypes.dyn
  switch (schema.type) {
    case 'array': {
      const items = itemsOf(schema)
      const element = items && celTypeOf(items, `${name}.@idx`)
      return element && celTypes.listType(element)
    }
    case 'object': {
      const { additionalProperties } = schema
      if (typeof additionalProperties === 'object') {
        const value = celTypeOf(additionalProperties, `${name}.@elem`)
        return value && celTypes.mapType(celTypes.string, value)
      }
      return objectType(schema, name)
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

/** Types of fields are found out when they are asked for. */
function objectType(schema: Schema, name: string): CelType {
  let fields: Map<string, Schema> | undefined
  const known = new Map<string, CelType | undefined>()
  return {
    kind: 'object',
    name,
    field(field) {
      fields ??= fieldsOf(schema)
      const property = fields.get(field)
      if (property && !known.has(field)) known.set(field, celTypeOf(property, `${name}.${field}`))
      return known.get(field)
    },
  }
}

/** Properties by the names that expressions have for them. */
function fieldsOf({ properties = {} }: Schema): Map<string, Schema> {
  const fields = new Map<string, Schema>()
  for (const [name, property] of Object.entries(properties)) {
    const escaped = escapeFieldName(name)
    if (escaped !== undefined) fields.set(escaped, property)
    if (isReservedName(name)) fields.set(name, property)
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
