import type { Json } from '#api'
import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import type { CustomDefinition } from '../resource/resource.ts'
import type { CustomVersion } from './custom-resource.ts'
import { isObject } from './schema/schema.ts'
import type { Schema } from './schema/schema.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const roots = { v2: '#/definitions/', v3: '#/components/schemas/' }

/** How OpenAPI describes a version of a custom resource: its schema, with what every object has besides. */
export function customDefinition(
  { spec }: CustomResourceDefinition,
  { schema, type }: CustomVersion,
): CustomDefinition {
  const { kind, listKind = `${kind}List` } = spec.names
  const prefix = `${spec.group.split('.').reverse().join('.')}.${type.version}`
  const name = `${prefix}.${kind}`
  const listName = `${prefix}.${listKind}`
  const reference = (to: string, dialect: 'v2' | 'v3'): Json =>
    dialect === 'v3' ? { allOf: [{ $ref: roots.v3 + to }] } : { $ref: roots.v2 + to }
  const kindOf = (own: string): Json => [{ group: spec.group, kind: own, version: type.version }]
  return {
    name,
    listName,
    schemas: (dialect) => ({
      [name]: {
        ...described(schema, dialect),
        properties: {
          ...(described(schema, dialect)['properties'] as { readonly [property: string]: Json } | undefined),
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          metadata: reference(`${meta}.ObjectMeta`, dialect),
        },
        'x-kubernetes-group-version-kind': kindOf(kind),
      },
      [listName]: {
        type: 'object',
        required: ['items'],
        properties: {
          apiVersion: { type: 'string' },
          items: { type: 'array', items: { $ref: roots[dialect] + name } },
          kind: { type: 'string' },
          metadata: reference(`${meta}.ListMeta`, dialect),
        },
        'x-kubernetes-group-version-kind': kindOf(listKind),
      },
    }),
  }
}

function described(schema: Schema | undefined, dialect: 'v2' | 'v3'): { readonly [key: string]: Json } {
  if (!schema) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const value = schema as unknown as { readonly [key: string]: Json }
  return dialect === 'v3' ? value : (reduced(value) as { readonly [key: string]: Json })
}

/** What OpenAPI 2 has no words for. */
const beyondV2 = new Set(['nullable', 'anyOf', 'oneOf', 'not', 'allOf', 'default', 'x-kubernetes-validations'])

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
