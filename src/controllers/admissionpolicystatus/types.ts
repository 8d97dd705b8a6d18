import { celTypes, escapeFieldName } from '#machinery'
import type { CelType } from '#machinery'

/** What of an OpenAPI v3 schema tells a type. */
export interface TypeSchema {
  readonly $ref?: string
  readonly allOf?: readonly TypeSchema[]
  readonly type?: string
  readonly format?: string
  readonly items?: TypeSchema
  readonly properties?: { readonly [name: string]: TypeSchema }
  readonly additionalProperties?: TypeSchema | boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[]
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** An OpenAPI v3 document of one group version. */
export interface TypeDocument {
  readonly components?: { readonly schemas?: { readonly [name: string]: TypeSchema } }
}

/** The type that objects of a kind have in expressions; `undefined` when the document does not have it. */
export function typeOfKind(document: TypeDocument, kind: GroupVersionKind): CelType | undefined {
  const schemas = document.components?.schemas ?? {}
  const found = Object.values(schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (one) => one.group === kind.group && one.version === kind.version && one.kind === kind.kind,
    ),
  )
  return found && typeOf(found, kind.kind, schemas)
}

type Schemas = NonNullable<NonNullable<TypeDocument['components']>['schemas']>

/** A reference may stand in a list of its own, for its description. */
function resolved(schema: TypeSchema, schemas: Schemas): TypeSchema | undefined {
  const reference = schema.$ref ?? schema.allOf?.find(({ $ref }) => $ref !== undefined)?.$ref
  return reference === undefined ? schema : schemas[reference.slice(reference.lastIndexOf('/') + 1)]
}

function typeOf(given: TypeSchema, name: string, schemas: Schemas): CelType | undefined {
  const schema = resolved(given, schemas)
  if (!schema) return undefined
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') return celTypes.dyn
  switch (schema.type) {
    case 'array': {
      const element = schema.items && typeOf(schema.items, `${name}.@idx`, schemas)
      return element && celTypes.listType(element)
    }
    case 'object': {
      const { additionalProperties } = schema
      if (typeof additionalProperties !== 'object') return objectOf(schema, name, schemas)
      const value = typeOf(additionalProperties, `${name}.@elem`, schemas)
      return value && celTypes.mapType(celTypes.string, value)
    }
    case 'string':
      return texts[schema.format ?? ''] ?? celTypes.string
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

const texts: { readonly [format: string]: CelType } = {
  byte: celTypes.bytes,
  duration: celTypes.duration,
  date: celTypes.timestamp,
  'date-time': celTypes.timestamp,
}

/** Fields' types are found out when they are asked for: schemas can hold themselves. */
function objectOf({ properties = {} }: TypeSchema, name: string, schemas: Schemas): CelType {
  const fields = new Map<string, TypeSchema>()
  for (const [property, schema] of Object.entries(properties)) {
    const escaped = escapeFieldName(property)
    if (escaped !== undefined) fields.set(escaped, schema)
  }
  const known = new Map<string, CelType | undefined>()
  return {
    kind: 'object',
    name,
    field(field) {
      const schema = fields.get(field)
      if (schema && !known.has(field)) known.set(field, typeOf(schema, `${name}.${field}`, schemas))
      return known.get(field)
    },
  }
}
