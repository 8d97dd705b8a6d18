import { asObject, isList, itemsOf, metaFields, propertyOf } from './schema.ts'
import type { Schema, Value } from './schema.ts'

/**
 * Removes the fields that the schema does not have, in place, and returns their paths in order. `apiVersion`, `kind` and
 * `metadata` of the object itself stay whatever the schema says.
 */
export function prune(value: Value, schema: Schema): string[] {
  const unknown: string[] = []
  pruneValue(value, { ...schema, 'x-kubernetes-embedded-resource': true }, '', unknown)
  return unknown.sort()
}

function pruneValue(value: Value, schema: Schema | undefined, path: string, unknown: string[]): void {
  if (isList(value)) {
    const items = itemsOf(schema)
    const open = schema?.['x-kubernetes-preserve-unknown-fields'] === true
    if (open && !items) return
    value.forEach((element, index) => pruneValue(element, items, `${path}[${index}]`, unknown))
    return
  }
  const object = asObject(value)
  if (!object) return
  const open = schema?.['x-kubernetes-preserve-unknown-fields'] === true
  const embedded = schema?.['x-kubernetes-embedded-resource'] === true
  for (const key of Object.keys(object)) {
    if (embedded && metaFields.has(key)) continue
    const at = path === '' ? key : `${path}.${key}`
    const property = schema && propertyOf(schema, key)
    if (property) pruneValue(object[key] as Value, property, at, unknown)
    else if (!open) {
      unknown.push(at)
      delete object[key]
    }
  }
}
