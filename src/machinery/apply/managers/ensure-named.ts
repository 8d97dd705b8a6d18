import { self } from '../fields/element.ts'
import { asMember, hasChildren, isEmptySet } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { isScalar, typeOfKey } from '../types/merge-type.ts'
import type { MergeType } from '../types/merge-type.ts'

/**
 * The set, and in it every declared field on the way to a path of it. A configuration that mentions `spec.replicas` does
 * not own `spec`, but when it no longer mentions anything in `spec`, then `spec` has to go as well.
 */
export function ensureNamed(type: MergeType | undefined, set: FieldSet): FieldSet {
  if (hasOnlyScalars(type)) return set
  const out: { [element: string]: FieldSet } = {}
  for (const element in set) {
    const node = set[element] as FieldSet
    if (element === self || isEmptySet(node)) {
      out[element] = node
      continue
    }
    const below = ensureNamed(typeBelow(type, element), node)
    const named = element.startsWith('f:') && type?.map?.fields?.has(element.slice(2)) === true && hasChildren(node)
    out[element] = named ? asMember(below) : below
  }
  return out
}

/** Below a map of scalars nothing is declared. */
const hasOnlyScalars = (type: MergeType | undefined): boolean =>
  type?.map !== undefined && type.map.fields === undefined && type.map.rest !== undefined && isScalar(type.map.rest)

function typeBelow(type: MergeType | undefined, element: string): MergeType | undefined {
  if (element.startsWith('f:')) return type?.map === undefined ? undefined : typeOfKey(type.map, element.slice(2))
  return element.startsWith('k:') ? type?.list?.element : undefined
}
