import { isEmptyMap, markEmptyMap } from './empty-map.ts'

/** A copy of a JSON-like value that shares nothing with it. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyJson) as T
  const copy: { [key: string]: unknown } = {}
  let empty = true
  for (const key in value) {
    copy[key] = copyJson(value[key])
    empty = false
  }
  return (empty && isEmptyMap(value) ? markEmptyMap(copy) : copy) as T
}
