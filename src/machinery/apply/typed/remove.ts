import type { Json } from '#api'
import { elementOfKeyAt, fieldElement } from '../fields/element.ts'
import { hasChildren, isMember } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { kindOf, mapBit, scalarBit, typeOfKey } from '../types/merge-type.ts'
import type { ListMerge, MapMerge, MergeType } from '../types/merge-type.ts'
import { elementOf } from './items.ts'
import { asItems, asMembers, isEmptyMembers, setMember } from './value.ts'

/**
 * The value without the fields, keys and items of the set. What held them stays, empty if need be. Atomic values can't
 * lose a part: they become empty. `null` when the value was empty already.
 */
export function removeItems(type: MergeType, value: Json, set: FieldSet): Json {
  return remove(type, value, set)
}

/** Only the fields, keys and items of the set, with what they lie in. `null` when nothing of it is there. */
export function extractItems(type: MergeType, value: Json, set: FieldSet): Json {
  return extract(type, value, set)
}

function remove(type: MergeType | undefined, value: Json, set: FieldSet): Json {
  if (type === undefined) return null
  const kind = kindOf(type, value)
  if (kind & mapBit) return removeMembers(type.map as MapMerge, value, set)
  if (kind & scalarBit) return value
  return removeFromList(type.list as ListMerge, value, set)
}

function removeBelow(type: MergeType | undefined, value: Json, set: FieldSet): Json {
  const left = remove(type, value, set)
  if (left !== null) return left
  if (asMembers(value) !== undefined) return {}
  return Array.isArray(value) ? [] : null
}

function removeMembers(map: MapMerge, value: Json, set: FieldSet): Json {
  const members = asMembers(value)
  if (members === undefined || map.atomic) return null
  const out: { [name: string]: Json } = {}
  let left = 0
  let same = true
  let matched = false
  let keys = 0
  for (const key in members) {
    const was = members[key] as Json
    const node = set[elementOfKeyAt(key, keys++)]
    if (node !== undefined && isMember(node)) {
      same = false
      continue
    }
    let now = was
    if (node !== undefined) {
      matched = true
      now = removeBelow(typeOfKey(map, key), was, node)
      if (now !== was) same = false
    }
    setMember(out, key, now)
    left++
  }
  if (keys === 0) return null
  if (same) return value
  return left > 0 || matched ? out : null
}

function removeFromList(list: ListMerge, value: Json, set: FieldSet): Json {
  const items = asItems(value)
  if (items === undefined || list.atomic || items.length === 0) return null
  const out: Json[] = []
  let same = true
  let matched = false
  for (const item of items) {
    const node = set[elementOf(list, item)]
    if (node !== undefined && isMember(node)) {
      same = false
      continue
    }
    let now = item
    if (node !== undefined) {
      matched = true
      now = removeBelow(list.element, item, node)
      if (now !== item) same = false
    }
    out.push(now)
  }
  if (same) return value
  return out.length > 0 || matched ? out : null
}

function extract(type: MergeType | undefined, value: Json, set: FieldSet): Json {
  if (type === undefined) return null
  const kind = kindOf(type, value)
  if (kind & mapBit) return extractMembers(type.map as MapMerge, value, set)
  if (kind & scalarBit) return value
  return extractFromList(type.list as ListMerge, value, set)
}

function extractMembers(map: MapMerge, value: Json, set: FieldSet): Json {
  const members = asMembers(value)
  if (members === undefined) return null
  if (map.atomic || isEmptyMembers(members)) return value
  const out: { [name: string]: Json } = {}
  for (const key in members) {
    const node = set[fieldElement(key)]
    if (node === undefined) continue
    // Below a member, what is extracted is looked up from the set that names the member, not from the node below it.
    const from = isMember(node) ? set : node
    setMember(out, key, extract(typeOfKey(map, key), members[key] as Json, from))
  }
  return isEmptyMembers(out) ? null : out
}

function extractFromList(list: ListMerge, value: Json, set: FieldSet): Json {
  const items = asItems(value)
  if (items === undefined) return null
  if (list.atomic || items.length === 0) return value
  const out: Json[] = []
  for (const item of items) {
    const node = set[elementOf(list, item)]
    if (node === undefined) continue
    out.push(hasChildren(node) ? extract(list.element, item, node) : item)
  }
  return out.length > 0 ? out : null
}
