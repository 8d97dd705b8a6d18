import { copyJson, markEmptyMap } from '#base'
import { setOwn, unfit } from './reader.ts'
import type { Reader } from './reader.ts'

/**
 * Reads lists.
 *
 * @param read reads an element
 * @param nil what stands for an element that is null, or a time that is zero
 */
export function listReader(read: Reader, nil: unknown): Reader {
  return (value, tally) => {
    if (!Array.isArray(value)) return unfit()
    const list: readonly unknown[] = value
    const { length } = list
    let copy: unknown[] | undefined
    for (let i = 0; i < length; i++) {
      const item = list[i]
      const result = item === null || item === undefined ? copyJson(nil) : (read(item, tally) ?? nil)
      if (copy !== undefined) copy[i] = result
      else if (result !== item) {
        copy = list.slice()
        copy[i] = result
      }
    }
    return copy ?? list
  }
}

/** Reads maps; the result has its keys in order. */
export function mapReader(read: Reader, nil: unknown): Reader {
  return (value, tally) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return unfit()
    const map = value as { readonly [key: string]: unknown }
    let count = 0
    let same = true
    let previous = ''
    let results: unknown[] | undefined
    for (const key in map) {
      const item = map[key]
      const result = item === null || item === undefined ? copyJson(nil) : (read(item, tally) ?? nil)
      if (results !== undefined) results.push(result)
      else if (result !== item) {
        same = false
        results = valuesBefore(map, count)
        results.push(result)
      }
      if (key < previous) same = false
      previous = key
      count++
    }
    tally.keys += count
    if (count === 0) return markEmptyMap(map)
    return same ? map : sorted(map, results)
  }
}

function valuesBefore(map: { readonly [key: string]: unknown }, count: number): unknown[] {
  return Object.values(map).slice(0, count)
}

function sorted(map: { readonly [key: string]: unknown }, results: readonly unknown[] | undefined): unknown {
  const keys = Object.keys(map)
  const order = keys.map((_, i) => i).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1))
  const out: { [key: string]: unknown } = {}
  for (const i of order) {
    const key = keys[i] ?? ''
    setOwn(out, key, results === undefined ? map[key] : results[i])
  }
  return out
}
