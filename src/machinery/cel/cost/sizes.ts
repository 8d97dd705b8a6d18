import { isList, isMap, Optional } from '../values/values.ts'
import type { Value } from '../values/values.ts'

/** Number of characters of a text. */
export function characterCount(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index)
    // The two halves of a character beyond the first 65,536 count once.
    if (unit >= 0xd800 && unit < 0xdc00) count--
  }
  return count
}

/** Length in UTF-8. */
function byteCount(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    count += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
  }
  return count
}

/** What `size()` says of a value, and one for what has no size. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return characterCount(value)
  if (typeof value !== 'object' || value === null) return 1
  if (value instanceof Uint8Array) return value.length
  if (isList(value) || isMap(value)) return value.size
  return 'opaque' in value && value.size !== undefined ? value.size : 1
}

/** As `sizeOf()`, where what an optional holds counts. */
export function heldSize(value: Value): number {
  return value instanceof Optional && value.value !== undefined ? heldSize(value.value) : sizeOf(value)
}

/** What it costs to go through all of a value. */
export function traversal(value: Value): number {
  if (typeof value === 'string') return Math.floor(byteCount(value) * 0.1)
  if (typeof value !== 'object' || value === null) return 1
  if (value instanceof Uint8Array) return Math.floor(value.length * 0.1)
  let cost = 0
  if (isList(value)) {
    for (let index = 0; index < value.size; index++) cost += traversal(value.at(index))
    return cost
  }
  if (!isMap(value)) return 1
  for (const key of value.keys()) cost += traversal(key) + traversal(value.get(key) ?? null)
  return cost
}
