const marked = new WeakSet<object>()

/**
 * Remembers that an empty object is a map without entries, not a struct of which no field is set; the two look the same,
 * but a map without entries means as much as none.
 */
export function markEmptyMap<T extends object>(map: T): T {
  marked.add(map)
  return map
}

/** Whether a value is a marked map that still has no entries. */
export function isEmptyMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !marked.has(value)) return false
  for (const _ in value) return false
  return true
}
