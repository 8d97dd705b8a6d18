import { copyJson } from '#base'
import { invalidValue, JsonError } from '#machinery'
import type { FieldError } from '#machinery'
import { evaluateDefault } from '../../../../customresources/cel/rules.ts'
import { sortedText } from '../../../../customresources/schema/list-types.ts'
import { coerceMetadata } from '../../../../customresources/schema/object-meta.ts'
import { prune } from '../../../../customresources/schema/prune.ts'
import { asObject, itemsOf, metaFields } from '../../../../customresources/schema/schema.ts'
import type { Schema } from '../../../../customresources/schema/schema.ts'
import { validateEmbedded } from '../../../../customresources/validation/embedded.ts'
import { validateValue } from '../../../../customresources/validation/value.ts'

/** Defaults must be what their own schema and its rules allow, and hold no field that would be pruned. */
export function defaultErrors(schema: Schema, path: string, requirePruned: boolean): FieldError[] {
  // The object itself is a resource, whatever its schema says.
  return visit({ ...schema, 'x-kubernetes-embedded-resource': true }, path, requirePruned)
}

function visit(schema: Schema, path: string, requirePruned: boolean): FieldError[] {
  const errors = schema.default === undefined ? [] : ownErrors(schema, path, requirePruned)
  const items = itemsOf(schema)
  if (items) errors.push(...visit(items, `${path}.items`, requirePruned))
  const resource = schema['x-kubernetes-embedded-resource'] === true
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    // Metadata has rules of its own, wherever it is.
    if (resource && metaFields.has(name)) continue
    errors.push(...visit(property, `${path}.properties[${name}]`, requirePruned))
  }
  return errors
}

function ownErrors(schema: Schema, path: string, requirePruned: boolean): FieldError[] {
  const at = `${path}.default`
  const value = schema.default ?? null
  const errors: FieldError[] = []
  if (requirePruned && isPruned(schema)) errors.push(invalidValue(at, value, 'must not have unknown fields'))
  const embedded = schema['x-kubernetes-embedded-resource'] === true ? asObject(copyJson(value)) : undefined
  try {
    if (embedded) coerceMetadata(embedded, schema)
  } catch (error) {
    if (error instanceof JsonError) return [...errors, invalidValue(at, value, error.message)]
    throw error
  }
  const checks = [validateEmbedded, validateValue, evaluateDefault]
  for (const check of checks) {
    const found = check(value, schema, at)
    if (found.length > 0) return [...errors, ...found]
  }
  return errors
}

function isPruned(schema: Schema): boolean {
  const wrapped = { default: copyJson(schema.default ?? null) }
  const before = sortedText(wrapped)
  prune(wrapped, { properties: { default: schema } })
  return sortedText(wrapped) !== before
}

/** Whether any default has fields that are not in the schema. */
export function hasUnprunedDefaults(schema: Schema): boolean {
  if (schema.default !== undefined && isPruned(schema)) return true
  const items = itemsOf(schema)
  if (items && hasUnprunedDefaults(items)) return true
  return Object.values(schema.properties ?? {}).some(hasUnprunedDefaults)
}
