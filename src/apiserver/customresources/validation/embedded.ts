import { invalidValue, isDNS1035Label, nameIsPathSegment, Path, required, validateObjectMeta } from '#machinery'
import type { FieldError, ObjectMeta } from '#machinery'
import { childPath, isList, isObject, itemsOf, propertyOf } from '../schema/schema.ts'
import type { Schema, Value } from '../schema/schema.ts'

/** Resources embedded in an object must name their kind, and have valid metadata. */
export function validateEmbedded(value: Value, schema: Schema, path = ''): FieldError[] {
  if (isList(value)) {
    const items = itemsOf(schema)
    return items ? value.flatMap((one, index) => validateEmbedded(one, items, `${path}[${index}]`)) : []
  }
  if (!isObject(value)) return []
  const own = schema['x-kubernetes-embedded-resource'] === true && path !== '' ? resourceErrors(value, path) : []
  const inner = Object.keys(value).flatMap((key) => {
    const property = propertyOf(schema, key)
    if (!property) return []
    const named = schema.properties !== undefined && Object.hasOwn(schema.properties, key)
    return validateEmbedded(value[key] as Value, property, named ? childPath(path, key) : `${path}[${key}]`)
  })
  return [...own, ...inner]
}

function resourceErrors(object: { readonly [field: string]: Value }, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { apiVersion, kind, metadata } = object
  if (apiVersion === undefined) errors.push(required(`${path}.apiVersion`))
  else if (apiVersion === '') errors.push(invalidValue(`${path}.apiVersion`, apiVersion, 'must not be empty'))
  else if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2)
    errors.push(invalidValue(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`))
  if (kind === undefined) errors.push(required(`${path}.kind`))
  else if (kind === '') errors.push(invalidValue(`${path}.kind`, kind, 'must not be empty'))
  else if (typeof kind === 'string') {
    const problems = isDNS1035Label(kind.toLowerCase())
    const detail = `may have mixed case, but should otherwise match: ${problems.join(',')}`
    if (problems.length > 0) errors.push(invalidValue(`${path}.kind`, kind, detail))
  }
  if (isObject(metadata)) {
    const meta = { ...metadata, name: metadata['name'] || 'fakename' } as ObjectMeta
    const rules = { namespaced: (meta.namespace ?? '') !== '', name: nameIsPathSegment }
    errors.push(...validateObjectMeta(meta, rules, Path.of(`${path}.metadata`)))
  }
  return errors
}
