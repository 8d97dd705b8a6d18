import { self } from '../fields/element.ts'
import type { PathElement } from '../fields/element.ts'
import { emptySet, isEmptySet } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { isScalar, typeOfKey } from '../types/merge-type.ts'
import type { MergeType } from '../types/merge-type.ts'

/** Sets that are in keeping with a type. */
const kept = new WeakMap<FieldSet, MergeType>()

/**
 * Brings a set in keeping with its type as it is now: who owned parts of what has become atomic owns it as a whole. The
 * other way round nothing is done. Returns the set itself where it is in keeping.
 */
export function reconcile(type: MergeType, set: FieldSet): FieldSet {
  if (kept.get(set) === type) return set
  const reconciled = type.map?.atomic === true ? set : below(type, set)
  kept.set(reconciled, type)
  return reconciled
}

function below(type: MergeType, node: FieldSet): FieldSet {
  const { map, list } = type
  if (map !== undefined) {
    if (map.unstructured) return node
    if (map.atomic) return emptySet
    // What is no part of a scalar has become none.
    if (map.fields === undefined && map.rest !== undefined && isScalar(map.rest)) return node
    return eachBelow(node, (element) => (element.startsWith('f:') ? typeOfKey(map, element.slice(2)) : map.rest))
  }
  if (type.scalar !== undefined || list === undefined) return node
  return list.atomic ? emptySet : eachBelow(node, () => list.element)
}

function eachBelow(node: FieldSet, typeOf: (element: PathElement) => MergeType | undefined): FieldSet {
  let out: { [element: PathElement]: FieldSet } | undefined
  for (const element in node) {
    const child = node[element] as FieldSet
    if (element === self || isEmptySet(child)) continue
    const type = typeOf(element)
    const now = type === undefined ? child : below(type, child)
    if (now !== child) (out ??= { ...node })[element] = now
  }
  return out ?? node
}
