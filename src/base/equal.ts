import { isEmptyMap } from './empty-map.ts'

/** Equality of JSON-like values. Order of keys does not matter; a key that is `undefined` equals an absent one. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a !== a && b !== b
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => deepEqual(item, b[index]))
  }
  if (Array.isArray(b)) return false
  const left = a as { readonly [key: string]: unknown }
  const right = b as { readonly [key: string]: unknown }
  let matched = 0
  for (const key in left) {
    if (left[key] === undefined) continue
    if (!deepEqual(left[key], right[key])) return false
    matched++
  }
  for (const key in right) if (right[key] !== undefined) matched--
  return matched === 0
}

/**
 * {@link deepEqual} for objects of known types, where an empty list or map means as much as none. Of an empty object that
 * is no marked map, and so a struct, it makes a difference whether it is there.
 */
export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === undefined || a === null) return b === undefined || b === null ? false : isNothing(b)
  if (b === undefined || b === null) return isNothing(a)
  if (typeof a !== 'object' || typeof b !== 'object') return a !== a && b !== b
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => semanticEqual(item, b[index]))
  }
  if (Array.isArray(b)) return false
  const left = a as { readonly [key: string]: unknown }
  const right = b as { readonly [key: string]: unknown }
  for (const key in left) if (!semanticEqual(left[key], right[key])) return false
  for (const key in right) if (left[key] === undefined && !semanticEqual(undefined, right[key])) return false
  return true
}

const isNothing = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : isEmptyMap(value))
