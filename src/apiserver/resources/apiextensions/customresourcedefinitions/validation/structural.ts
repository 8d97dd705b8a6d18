import { errorBody, fieldForbidden, invalidValue, plainJson, required } from '#machinery'
import type { FieldError } from '#machinery'
import { itemsOf } from '../../../../customresources/schema/schema.ts'
import type { Schema } from '../../../../customresources/schema/schema.ts'
import { compileRegex } from '../../../../customresources/validation/regex.ts'
import { completenessErrors } from './completeness.ts'

type Level = 'root' | 'item' | 'field'

const intOrString = JSON.stringify([{ type: 'integer' }, { type: 'string' }])

/**
 * What keeps a schema from being structural (documentation of CustomResourceDefinitions, "Specifying a structural
 * schema"), in order of text.
 */
export function structuralErrors(schema: Schema, path: string): FieldError[] {
  const errors = [...invariants(schema, 'root', path), ...completenessErrors(schema, path)]
  const text = (error: FieldError): string => `${error.field}: ${errorBody(error)}`
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

function invariants(schema: Schema | undefined, level: Level, path: string): FieldError[] {
  if (!schema) return []
  const errors: FieldError[] = []
  const items = itemsOf(schema)
  if (schema.type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'))
  errors.push(...invariants(items, 'item', `${path}.items`))
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...invariants(property, 'field', `${path}.properties[${name}]`))
  const { additionalProperties } = schema
  if (additionalProperties !== undefined) {
    if (level === 'root') errors.push(fieldForbidden(`${path}.additionalProperties`, 'must not be used at the root'))
    if (typeof additionalProperties === 'object')
      errors.push(...invariants(additionalProperties, 'field', `${path}.additionalProperties`))
  }
  return [...errors, ...extensionErrors(schema, path), ...valueErrors(schema, path), ...typeErrors(schema, level, path)]
}

function extensionErrors(schema: Schema, path: string): FieldError[] {
  if (schema['x-kubernetes-int-or-string'] !== true) return []
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((extension) => schema[extension] === true)
    .map((extension) =>
      invalidValue(`${path}.${extension}`, true, 'must be false if x-kubernetes-int-or-string is true'),
    )
}

function typeErrors(schema: Schema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = []
  const type = schema.type ?? ''
  const embedded = schema['x-kubernetes-embedded-resource'] === true
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true
  const places = { root: 'at the root', item: 'for specified array items', field: 'for specified object fields' }
  if (embedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(type === '' ? required(`${path}.type`, detail) : invalidValue(`${path}.type`, type, detail))
  } else if (type === '' && schema['x-kubernetes-int-or-string'] !== true && !open)
    errors.push(required(`${path}.type`, `must not be empty ${places[level]}`))
  if (embedded && schema.additionalProperties !== undefined) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set'
    errors.push(fieldForbidden(`${path}.additionalProperties`, detail))
  }
  if (level === 'root' && type !== '' && type !== 'object')
    errors.push(invalidValue(`${path}.type`, type, 'must be object at the root'))
  errors.push(...metadataErrors(schema, level, path))
  if (embedded && !open && Object.keys(schema.properties ?? {}).length === 0) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(required(`${path}.properties`, detail))
  }
  return errors
}

/** What every resource has may be narrowed by name alone. */
function metadataErrors(schema: Schema, level: Level, path: string): FieldError[] {
  const checked = level === 'root' || schema['x-kubernetes-embedded-resource'] === true
  const errors: FieldError[] = []
  for (const name of ['kind', 'apiVersion']) {
    const property = schema.properties?.[name]
    if (checked && property && property.type !== 'string')
      errors.push(invalidValue(`${path}.properties[${name}].type`, property.type ?? '', 'must be string'))
  }
  const metadata = schema.properties?.['metadata']
  if (!metadata) return errors
  const at = `${path}.properties[metadata]`
  if (checked && metadata.type !== 'object')
    errors.push(invalidValue(`${at}.type`, metadata.type ?? '', 'must be object'))
  if (level !== 'root') return errors
  const { type: _, default: __, properties = {}, ...others } = metadata
  const foreign = Object.keys(properties).some((name) => name !== 'name' && name !== 'generateName')
  if (foreign || Object.keys(others).length > 0) {
    const detail = 'must not specify anything other than name and generateName, but metadata is implicitly specified'
    errors.push(fieldForbidden(at, detail))
  }
  return errors
}

function valueErrors(schema: Schema, path: string): FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema
  const errors: FieldError[] = []
  if (plainJson(anyOf) !== intOrString)
    anyOf.forEach((one, index) => errors.push(...nestedErrors(one, `${path}.anyOf[${index}]`, false)))
  allOf.forEach((one, index) => {
    const exempt = index === 0 && plainJson(one.anyOf ?? null) === intOrString
    errors.push(...nestedErrors(one, `${path}.allOf[${index}]`, exempt))
  })
  oneOf.forEach((one, index) => errors.push(...nestedErrors(one, `${path}.oneOf[${index}]`, false)))
  if (not) errors.push(...nestedErrors(not, `${path}.not`, false))
  return [...errors, ...patternErrors(pattern, path)]
}

function patternErrors(pattern: string | undefined, path: string): FieldError[] {
  if (pattern === undefined || pattern === '') return []
  const regex = compileRegex(pattern)
  if (!(regex instanceof Error)) return []
  const detail = `must be a valid regular expression, but isn't: ${regex.message}`
  return [invalidValue(`${path}.pattern`, pattern, detail)]
}

const nestedRules: readonly (readonly [field: keyof Schema, detail: string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
]

/** Schemas within combinations may check values, not say what there is. */
function nestedErrors(schema: Schema, path: string, exemptAnyOf: boolean): FieldError[] {
  const { anyOf: _, ...others } = schema
  const errors = valueErrors(exemptAnyOf ? others : schema, path)
  const items = itemsOf(schema)
  if (items) errors.push(...nestedErrors(items, `${path}.items`, false))
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...nestedErrors(property, `${path}.properties[${name}]`, false))
  for (const [field, detail] of nestedRules) {
    const value = schema[field]
    const empty = value === undefined || value === false || value === '' || (Array.isArray(value) && value.length === 0)
    const set = field === 'additionalProperties' ? value !== undefined : !empty
    if (set) errors.push(fieldForbidden(`${path}.${field}`, detail))
  }
  if (schema.properties?.['metadata'])
    errors.push(fieldForbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'))
  return errors
}
