import { describedType, groupVersions, kindDescriptions, publishedDefault } from '#api'
import type { Field, Json, ScalarName, StructType, Type } from '#api'
import { leafDefinition } from './definitions.ts'
import type { Dialect } from './definitions.ts'
import { sortedObject } from './json.ts'
import type { JsonObject } from './json.ts'

const roots: { readonly [dialect in Dialect]: string } = { v2: '#/definitions/', v3: '#/components/schemas/' }

/** A reference to a definition. */
export function reference(definition: string, dialect: Dialect): JsonObject {
  return { $ref: roots[dialect] + definition }
}

const plain: { readonly [scalar in ScalarName]?: JsonObject } = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
}

/** A group version that speaks of itself in a definition that all of them share. */
export interface Place {
  readonly group: string
  readonly version: string
}

/**
 * The schema of a struct. Types that every group version has (DeleteOptions, WatchEvent) name the kinds of `places`.
 */
export function structSchema(struct: StructType, dialect: Dialect, places: readonly Place[]): JsonObject {
  const schema: JsonObject = {}
  const described = describedType(struct)
  if (described) schema['description'] = described.text
  if (struct.data.customJSON) return schema
  schema['type'] = 'object'
  const required = struct.fields.filter(({ data }) => data.required === true).map(({ name }) => name)
  if (required.length > 0) schema['required'] = required
  const properties: [string, Json][] = struct.fields.map((field) => {
    const standard = field.name === 'metadata' && struct.hasTypeMeta ? kindDescriptions.metadata : undefined
    const description = described?.fields[field.name] ?? standard
    const own = fieldSchema(field, dialect)
    return [field.name, description === undefined ? own : { description, ...own }]
  })
  if (struct.hasTypeMeta && struct.name !== 'WatchEvent') {
    const { apiVersion, kind } = kindDescriptions
    properties.push(
      ['apiVersion', { description: apiVersion, type: 'string' }],
      ['kind', { description: kind, type: 'string' }],
    )
  }
  if (properties.length > 0) schema['properties'] = sortedObject(properties)
  if (struct.hasTypeMeta) schema['x-kubernetes-group-version-kind'] = kindsOf(struct, places)
  if (struct.data.mapType !== undefined) schema['x-kubernetes-map-type'] = struct.data.mapType
  if (struct.data.unions) {
    schema['x-kubernetes-unions'] = struct.data.unions.map(({ discriminator, members }) => ({
      ...(discriminator === undefined ? {} : { discriminator }),
      'fields-to-discriminateBy': members,
    }))
  }
  return schema
}

function kindsOf(struct: StructType, places: readonly Place[]): Json {
  const data = groupVersions.get(struct.place)
  const own = { group: data?.group ?? '', version: data?.version ?? '' }
  // Types of the meta group belong to the core group on the wire.
  const named = own.group === 'meta.k8s.io' ? { group: '', version: 'v1' } : own
  const all = struct.data.everyGroup ? places : [named]
  return all.map(({ group, version }) => ({ group, kind: struct.name, version }))
}

function fieldSchema(field: Field, dialect: Dialect): JsonObject {
  const { data } = field
  const schema = typeSchema(field.type, dialect)
  const referring = '$ref' in schema
  const result: JsonObject = referring && dialect === 'v3' ? {} : schema
  const value = publishedDefault(field)
  if (value !== undefined && dialect === 'v3') result['default'] = value
  if (data.enum) innermost(field.type, result)['enum'] = [...data.enum].sort()
  if (data.nullable && dialect === 'v3') result['nullable'] = true
  if (referring && dialect === 'v3') result['allOf'] = [schema]
  if (data.keys) result['x-kubernetes-list-map-keys'] = data.keys
  if (data.listType) result['x-kubernetes-list-type'] = data.listType
  if (data.mapType) result['x-kubernetes-map-type'] = data.mapType
  if (data.mergeKey !== undefined) result['x-kubernetes-patch-merge-key'] = data.mergeKey
  if (data.patch !== undefined) result['x-kubernetes-patch-strategy'] = data.patch
  return result
}

/** What a field says of its values holds for the elements of lists and maps. */
function innermost(type: Type, schema: JsonObject): JsonObject {
  if (type.kind === 'list') return innermost(type.element, schema['items'] as JsonObject)
  return type.kind === 'map' ? innermost(type.value, schema['additionalProperties'] as JsonObject) : schema
}

function typeSchema(type: Type, dialect: Dialect): JsonObject {
  switch (type.kind) {
    case 'struct':
      return reference(type.definition, dialect)
    case 'list':
      return { type: 'array', items: typeSchema(type.element, dialect) }
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.value, dialect) }
    case 'scalar': {
      const definition = leafDefinition(type.scalar)
      return definition === undefined ? { ...plain[type.scalar] } : reference(definition, dialect)
    }
  }
}
