import { fieldForbidden, invalidValue, notSupportedText, required } from '#machinery'
import type { FieldError } from '#machinery'
import { itemsOf } from '../../../../customresources/schema/schema.ts'
import type { Schema } from '../../../../customresources/schema/schema.ts'

/** Rules of `x-kubernetes-list-type` and its keys. */
export function listTypeErrors(schema: Schema, path: string, requireAtomicSets: boolean): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const { type = '' } = schema
  const at = `${path}.x-kubernetes-list-type`
  const errors: FieldError[] = []
  if (listType !== undefined && type !== 'array') {
    const detail = 'must be array if x-kubernetes-list-type is specified'
    errors.push(type === '' ? required(`${path}.type`, detail) : invalidValue(`${path}.type`, type, detail))
  } else if (requireAtomicSets && listType === 'set') errors.push(...setErrors(schema, path))
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType))
    errors.push(notSupportedText(at, listType, ['atomic', 'set', 'map']))
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty'
    errors.push(listType === undefined ? required(at, detail) : invalidValue(at, listType, detail))
  }
  return listType === 'map' ? [...errors, ...mapErrors(schema, path, keys)] : errors
}

/** Elements of sets are compared as a whole. */
function setErrors(schema: Schema, path: string): FieldError[] {
  const items = itemsOf(schema)
  if (!items || !isSplit(items)) return []
  const field = items.type === 'array' ? 'x-kubernetes-list-type' : 'x-kubernetes-map-type'
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  return [invalidValue(`${path}.items.${field}`, items['x-kubernetes-list-type'] ?? null, detail)]
}

/** Whether a value of the schema is merged in parts. */
export function isSplit(schema: Schema): boolean {
  if (schema.type === 'array') return (schema['x-kubernetes-list-type'] ?? 'atomic') !== 'atomic'
  return schema.type === 'object' && schema['x-kubernetes-map-type'] !== 'atomic'
}

function mapErrors(schema: Schema, path: string, keys: readonly string[]): FieldError[] {
  const at = `${path}.x-kubernetes-list-map-keys`
  const errors: FieldError[] = []
  if (keys.length === 0) errors.push(required(at, 'must not be empty if x-kubernetes-list-type is map'))
  if (schema.items === undefined) {
    errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'))
    return errors
  }
  const items = itemsOf(schema)
  if (!items) return errors
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map"
    return [...errors, invalidValue(`${path}.items.type`, items.type ?? '', detail)]
  }
  const seen = new Set<string>()
  for (const key of keys) {
    const property = items.properties?.[key]
    if (!property) errors.push(invalidValue(at, keys, 'entries must all be names of item properties'))
    else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      errors.push(invalidValue(`${path}.items.properties[${key}].type`, items.type, detail))
    }
    if (seen.has(key)) errors.push(invalidValue(at, keys, 'must not contain duplicate entries'))
    seen.add(key)
  }
  return errors
}

/** Elements that are told apart must be there, and so must their keys. */
export function mapKeyErrors(schema: Schema, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const items = itemsOf(schema)
  if (!items || (listType !== 'set' && listType !== 'map')) return []
  const errors: FieldError[] = []
  if (items.nullable === true)
    errors.push(
      fieldForbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`),
    )
  if (listType === 'set') return errors
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = items.properties?.[key]
    if (!property) continue
    const at = `${path}.items.properties[${key}]`
    const what = 'this property is in x-kubernetes-list-map-keys, so it'
    if (!items.required?.includes(key) && property.default === undefined)
      errors.push(required(`${at}.default`, `${what} must have a default or be a required property`))
    if (property.nullable === true) errors.push(fieldForbidden(`${at}.nullable`, `${what} cannot be nullable`))
  }
  return errors
}
