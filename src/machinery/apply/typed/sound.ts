import type { Json } from '#api'
import type { ListMerge, MergeType } from '../types/merge-type.ts'

const sound = new WeakMap<MergeType, boolean>()

/**
 * Whether decoded values of a built-in type can't be wrong: where a list is a map, every item has a key, or a default
 * for one.
 */
export function isSound(type: MergeType): boolean {
  let known = sound.get(type)
  if (known === undefined) {
    known = type.builtin && typesBelow(type).every(({ list }) => list === undefined || itemsHaveKeys(list))
    sound.set(type, known)
  }
  return known
}

function itemsHaveKeys(list: ListMerge): boolean {
  return list.keys === undefined || list.keys.some((key) => key.default !== undefined)
}

/** The built-in types that values of a type may hold, itself included. */
function typesBelow(type: MergeType): readonly MergeType[] {
  const found = new Set<MergeType>([type])
  for (const { map, list } of found) {
    const below = [list?.element, map?.rest, ...(map?.fields?.values() ?? [])]
    for (const part of below) {
      const next = part === undefined || 'kinds' in part ? part : part.type
      if (next?.builtin === true) found.add(next)
    }
  }
  return [...found]
}

/** Parts of decoded objects that were found right, with the type they were right by. */
const right = new WeakMap<object, MergeType>()

/** The part was found right before: parts of objects never change. */
export function isKnownRight(type: MergeType, part: Json): boolean {
  return typeof part === 'object' && part !== null && right.get(part) === type
}

export function rememberRight(type: MergeType, part: Json): void {
  if (typeof part === 'object' && part !== null) right.set(part, type)
}
