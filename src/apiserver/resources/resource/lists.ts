import { duplicate, tooMany } from '#machinery'
import type { FieldError, Path } from '#machinery'

type Check<T> = (item: T, at: Path) => readonly FieldError[]

/** Items that are right each, and not too many; below 0, `max` is no limit. */
export function validateList<T>(
  items: readonly T[] | null | undefined,
  max: number,
  check: Check<T>,
  at: Path,
): readonly FieldError[] {
  const list = items ?? []
  if (max >= 0 && list.length > max) return [tooMany(at, list.length, max)]
  return list.flatMap((item, index) => check(item, at.index(index)))
}

/** The same, with every key once. */
export function validateSet<T>(
  items: readonly T[] | null | undefined,
  max: number,
  check: Check<T>,
  keyOf: (item: T) => unknown,
  at: Path,
): readonly FieldError[] {
  const list = items ?? []
  const errors = validateList(list, max, check, at)
  if (max >= 0 && list.length > max) return errors
  const seen = new Set<string>()
  const duplicates: FieldError[] = []
  for (const [index, item] of list.entries()) {
    const key = keyOf(item)
    const text = JSON.stringify(key) ?? ''
    if (seen.has(text)) duplicates.push(duplicate(at.index(index), key))
    seen.add(text)
  }
  return [...errors, ...duplicates]
}

/** A key that stands for itself. */
export const itself = (item: string): string => item

const shortest = 16
const ellipsis = '...'

/** The values of a map and its keys; errors name long keys by their ends. */
export function validateMap<T>(
  map: { readonly [key: string]: T } | null | undefined,
  limits: { readonly max: number; readonly keyLength: number },
  checkKey: Check<string>,
  check: Check<T>,
  at: Path,
): readonly FieldError[] {
  const entries = Object.entries(map ?? {})
  if (limits.max >= 0 && entries.length > limits.max) return [tooMany(at, entries.length, limits.max)]
  return entries.flatMap(([key, value]) => [
    ...checkKey(key, at),
    ...check(value, at.key(shortened(key, Math.max(limits.keyLength, shortest)))),
  ])
}

function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  const rest = max - ellipsis.length
  return text.slice(0, Math.floor((rest + 1) / 2)) + ellipsis + text.slice(text.length - Math.floor(rest / 2))
}
