import { NumberLiteral } from '../../codec/json/literal.ts'
import { setOwn } from '../../codec/json/normalize/reader.ts'

type Doc = { readonly [key: string]: unknown }

function isDoc(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberLiteral)
}

/**
 * Merges a JSON merge patch (RFC 7386) into a value. Neither is changed; what the patch does not touch is shared with the
 * result, what it touches has its keys in order.
 */
export function mergePatch(value: unknown, patch: unknown): unknown {
  return isDoc(patch) ? merge(value, patch) : withoutNulls(patch)
}

function merge(value: unknown, patch: unknown): unknown {
  if (!isDoc(patch)) return isDoc(value) ? patch : withoutNulls(patch)
  if (!isDoc(value)) return withoutNulls(patch)
  const merged = new Map<string, unknown>(Object.entries(value))
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) merged.delete(key)
    else {
      const current = merged.get(key)
      merged.set(key, current === undefined || current === null ? withoutNulls(change) : merge(current, change))
    }
  }
  return docOf(merged)
}

/** A value without the nulls of its objects; those of lists stay. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isDoc(value)) return value
  return docOf(
    new Map(Object.entries(value).flatMap(([key, field]) => (field === null ? [] : [[key, withoutNulls(field)]]))),
  )
}

function docOf(fields: ReadonlyMap<string, unknown>): Doc {
  const doc: { [key: string]: unknown } = {}
  for (const key of [...fields.keys()].sort()) setOwn(doc, key, fields.get(key))
  return doc
}
