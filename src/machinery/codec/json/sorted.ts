import { setOwn } from './normalize/reader.ts'

/**
 * A value with the keys of all its objects in order, as the API writes objects of no known type; what is in order already
 * is returned as it is.
 */
export function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return sortedList(value)
  const record = value as { readonly [key: string]: unknown }
  let same = true
  let previous = ''
  const results: unknown[] = []
  for (const key in record) {
    const item = record[key]
    const result = sortKeys(item)
    if (result !== item || key < previous) same = false
    previous = key
    results.push(result)
  }
  if (same) return record
  const keys = Object.keys(record)
  const order = keys.map((_, i) => i).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1))
  const out: { [key: string]: unknown } = {}
  for (const i of order) setOwn(out, keys[i] ?? '', results[i])
  return out
}

function sortedList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined
  list.forEach((item, i) => {
    const result = sortKeys(item)
    if (result === item) return
    copy ??= list.slice()
    copy[i] = result
  })
  return copy ?? list
}
