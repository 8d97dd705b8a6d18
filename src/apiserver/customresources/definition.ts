import { kindDescriptions, listDescription } from '#api'
import type { Json } from '#api'
import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import type { CustomDefinition } from '../resource/resource.ts'
import type { CustomVersion } from './custom-resource.ts'
import { isObject } from './schema/schema.ts'
import type { Schema } from './schema/schema.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const roots = { v2: '#/definitions/', v3: '#/components/schemas/' }

type Dialect = 'v2' | 'v3'
type JsonFields = { readonly [key: string]: Json }

/** Fields that every kind has; `metadata` is of one type for objects and of another for lists. */
function typeFields(dialect: Dialect, type = 'ObjectMeta', metadata: string = kindDescriptions.metadata): JsonFields {
  const to = `${meta}.${type}`
  return {
    apiVersion: { description: kindDescriptions.apiVersion, type: 'string' },
    kind: { description: kindDescriptions.kind, type: 'string' },
    metadata: {
      description: metadata,
      ...(dialect === 'v3' ? { allOf: [{ $ref: roots.v3 + to }] } : { $ref: roots.v2 + to }),
    },
  }
}

/** The schema of a resource. What is left open in OpenAPI 2 stays so. */
function ofKind(schema: JsonFields, dialect: Dialect): JsonFields {
  const { 'x-kubernetes-preserve-unknown-fields': open, properties, ...rest } = schema
  if (dialect === 'v2' && open === true) return { ...rest, type: 'object' }
  return { ...schema, properties: { ...(properties as JsonFields | undefined), ...typeFields(dialect) } }
}

/** How OpenAPI describes a version of a custom resource: its schema, with what every object has besides. */
export function customDefinition(
  { spec }: CustomResourceDefinition,
  { schema, type, selectable }: CustomVersion,
): CustomDefinition {
  const { kind, listKind = `${kind}List` } = spec.names
  const prefix = `${spec.group.split('.').reverse().join('.')}.${type.version}`
  const name = `${prefix}.${kind}`
  const listName = `${prefix}.${listKind}`
  const kindOf = (own: string): Json => [{ group: spec.group, kind: own, version: type.version }]
  const list = listDescription(kind)
  const fields: { readonly [extension: string]: Json } =
    selectable.length === 0
      ? {}
      : { 'x-kubernetes-selectable-fields': selectable.map(({ label }) => ({ fieldPath: label })) }
  return {
    name,
    listName,
    schemas: (dialect) => ({
      [name]: {
        ...ofKind(described(schema, dialect), dialect),
        'x-kubernetes-group-version-kind': kindOf(kind),
        ...fields,
      },
      [listName]: {
        description: list.text,
        type: 'object',
        required: ['items'],
        properties: {
          ...typeFields(dialect, 'ListMeta', list.fields.metadata),
          items: { description: list.fields.items, type: 'array', items: { $ref: roots[dialect] + name } },
        },
        'x-kubernetes-group-version-kind': kindOf(listKind),
        ...fields,
      },
    }),
  }
}

function described(schema: Schema | undefined, dialect: 'v2' | 'v3'): { readonly [key: string]: Json } {
  if (!schema) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const value = completed(schema, dialect) as JsonFields
  return dialect === 'v3' ? value : (reduced(value) as { readonly [key: string]: Json })
}

/** The schema with what its extensions stand for: numbers or texts, and resources within objects. */
function completed(schema: Json, dialect: Dialect): Json {
  if (!isObject(schema)) return schema
  const result: { [key: string]: Json } = { ...schema }
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'items' || key === 'additionalProperties') result[key] = completed(value, dialect)
    else if (key === 'properties') {
      const properties = Object.entries(value as JsonFields)
      result[key] = Object.fromEntries(properties.map(([name, inner]) => [name, completed(inner, dialect)]))
    }
  }
  if (schema['x-kubernetes-int-or-string'] === true && schema['anyOf'] === undefined && schema['allOf'] === undefined)
    result['anyOf'] = [{ type: 'integer' }, { type: 'string' }]
  const open = dialect === 'v2' && schema['x-kubernetes-preserve-unknown-fields'] === true
  if (schema['x-kubernetes-embedded-resource'] === true && !open) {
    const required = (schema['required'] ?? []) as readonly Json[]
    result['required'] = [...required, ...['kind', 'apiVersion'].filter((field) => !required.includes(field))]
    result['properties'] = { ...(result['properties'] as JsonFields | undefined), ...typeFields(dialect) }
  }
  return result
}

/** What OpenAPI 2 has no words for. */
const beyondV2 = new Set(['nullable', 'anyOf', 'oneOf', 'not', 'allOf', 'default'])

/**
 * A schema in the words of OpenAPI 2. Where values may be null or of several types, clients must not check them: the type
 * is left out. Objects that keep unknown fields are left open.
 */
function reduced(schema: Json): Json {
  if (!isObject(schema)) return schema
  const result: { [key: string]: Json } = {}
  const anyType = schema['nullable'] === true || schema['x-kubernetes-int-or-string'] === true
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true
  for (const [key, value] of Object.entries(schema)) {
    if (beyondV2.has(key)) continue
    if (key === 'type' && (anyType || (open && value === 'object'))) continue
    if ((open || anyType) && ['properties', 'items', 'required', 'additionalProperties'].includes(key)) {
      if (anyType || key !== 'required') continue
    }
    if (key === 'properties') result[key] = mapValues(value)
    else if (key === 'items' || key === 'additionalProperties') result[key] = reduced(value)
    else result[key] = value
  }
  return result
}

function mapValues(value: Json): Json {
  const result: { [key: string]: Json } = {}
  for (const [key, inner] of Object.entries(value as { readonly [key: string]: Json })) result[key] = reduced(inner)
  return result
}
