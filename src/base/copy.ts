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

/** A copy like {@link copyJson}, in which what stands in several places of the value stands in as many as one thing. */
export function copyJsonAsShared<T>(value: T, copies: Map<unknown, unknown> = new Map()): T {
  if (typeof value !== 'object' || value === null) return value
  const known = copies.get(value)
  if (known !== undefined) return known as T
  if (Array.isArray(value)) {
    const items: unknown[] = []
    copies.set(value, items)
    for (const item of value) items.push(copyJsonAsShared(item, copies))
    return items as T
  }
  const copy: { [key: string]: unknown } = {}
  copies.set(value, copy)
  for (const key in value) copy[key] = copyJsonAsShared(value[key], copies)
  return (isEmptyMap(value) ? markEmptyMap(copy) : copy) as T
}
