import { listMerge, listBit, mapBit, scalarBit } from './merge-type.ts'
import type { MapMerge, MergeType } from './merge-type.ts'

/** A type that refers to itself is put together in steps. */
type Mutable<T> = { -readonly [key in keyof T]: T[key] }

function untyped(atomicMaps: boolean, items: MergeType | undefined): MergeType {
  const kinds = scalarBit | listBit | mapBit
  const type: Mutable<MergeType> = { kinds, scalar: 'untyped', list: undefined, map: undefined, builtin: false }
  const map: MapMerge = {
    atomic: atomicMaps,
    fields: undefined,
    rest: type,
    unstructured: !atomicMaps,
    shapes: undefined,
  }
  type.list = listMerge('atomic', items ?? type)
  type.map = map
  return type
}

/** Anything, owned as a whole. */
export const untypedAtomic: MergeType = untyped(true, undefined)

/** Anything: scalars and lists are owned as a whole, keys of maps apart. For objects without a schema. */
export const deduced: MergeType = untyped(false, untypedAtomic)
