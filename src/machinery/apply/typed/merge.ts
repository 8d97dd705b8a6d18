import type { Json } from '#api'
import type { PathElement } from '../fields/element.ts'
import { kindOf, listBit, mapBit, typeOfKey } from '../types/merge-type.ts'
import type { ListMerge, MapMerge, MergeType } from '../types/merge-type.ts'
import { elementOf, sameElement } from './items.ts'
import { asItems, asMembers, copyMembers, equalValues, isEmptyMembers, member, setMember } from './value.ts'

/**
 * Lays a configuration over a value: leaves of the configuration win, nothing is removed. Lists keep the value's order
 * as far as the configuration's order allows. Both are right by the type; the value, not the configuration, may hold
 * several items of one key, which stay as they are. Returns `value` itself, or parts of it, where nothing changes.
 */
export function merge(type: MergeType, value: Json, configuration: Json): Json {
  if (value === configuration) return value
  const kind = kindOf(type, configuration)
  if (kind & mapBit) return mergeMaps(type.map as MapMerge, value, configuration)
  if (kind === listBit) return mergeLists(type.list as ListMerge, value, configuration)
  return leaf(value, configuration)
}

function leaf(value: Json, configuration: Json): Json {
  return equalValues(value, configuration) ? value : configuration
}

function mergeMaps(map: MapMerge, value: Json, configuration: Json): Json {
  const left = asMembers(value)
  const right = asMembers(configuration)
  if (map.atomic) return leaf(value, configuration)
  if (left === undefined) return isEmptyMembers(right) ? leaf(value, configuration) : configuration
  let out: { [name: string]: Json } | undefined
  let keys = 0
  for (const key in right) {
    keys++
    const theirs = right[key] as Json
    const ours = member(left, key)
    if (ours === theirs) continue
    const type = typeOfKey(map, key)
    const merged = ours === undefined || type === undefined ? theirs : merge(type, ours, theirs)
    if (merged !== ours) setMember((out ??= copyMembers(left)), key, merged)
  }
  if (keys === 0 && isEmptyMembers(left)) return leaf(value, configuration)
  return out ?? left
}

function mergeLists(list: ListMerge, value: Json, configuration: Json): Json {
  const left = asItems(value) ?? []
  const right = asItems(configuration) ?? []
  if (list.atomic || (left.length === 0 && right.length === 0)) return leaf(value, configuration)
  const merged = mergeInPlace(list, left, right) ?? new ListMerger(list, left, right).merge()
  const same = merged.length === left.length && merged.every((item, index) => item === left[index])
  return same && Array.isArray(value) ? value : merged
}

/** Lists with the same items in the same places, `undefined` for others. */
function mergeInPlace(list: ListMerge, left: readonly Json[], right: readonly Json[]): readonly Json[] | undefined {
  if (left.length !== right.length) return undefined
  for (let i = 0; i < left.length; i++) if (!sameElement(list, left[i] as Json, right[i] as Json)) return undefined
  return left.map((item, index) => merge(list.element, item, right[index] as Json))
}

class ListMerger {
  readonly #list: ListMerge
  readonly #left: readonly Json[]
  readonly #leftElements: readonly PathElement[]
  readonly #rightElements: readonly PathElement[]
  /** Items of the left list; `null` where several share an element: none of them merges. */
  readonly #ours = new Map<PathElement, Json>()
  readonly #theirs = new Map<PathElement, Json>()
  readonly #out: Json[] = []
  readonly #taken = new Set<PathElement>()

  constructor(list: ListMerge, left: readonly Json[], right: readonly Json[]) {
    this.#list = list
    this.#left = left
    this.#leftElements = left.map((item) => elementOf(list, item))
    this.#rightElements = right.map((item) => elementOf(list, item))
    left.forEach((item, index) => {
      const element = this.#leftElements[index] as PathElement
      this.#ours.set(element, this.#ours.has(element) ? null : item)
    })
    right.forEach((item, index) => this.#theirs.set(this.#rightElements[index] as PathElement, item))
  }

  /**
   * Walks both lists at once. Items that only the left list has are taken where they stand; those of the right list are
   * taken in its order, and shared items wait on the left until it is their turn on the right.
   */
  merge(): readonly Json[] {
    const left = this.#leftElements
    const right = this.#rightElements
    const shared = right.filter((element) => this.#ours.has(element))
    let nextShared = 0
    let l = 0
    let r = 0
    while (l < left.length || r < right.length) {
      const ours = left[l]
      const theirs = right[r]
      if (ours !== undefined && theirs !== undefined) {
        if (ours === theirs) {
          this.#takeShared(theirs)
          l++
          r++
          nextShared++
          continue
        }
        const waitedFor = shared[nextShared]
        if (this.#theirs.has(ours) && waitedFor !== undefined && waitedFor !== ours) {
          l++
          continue
        }
      }
      if (ours !== undefined) {
        if (!this.#theirs.has(ours)) {
          this.#out.push(this.#left[l] as Json)
          l++
          continue
        }
        if (this.#taken.has(ours)) l++
      }
      if (theirs !== undefined) {
        this.#takeShared(theirs)
        r++
        if (shared[nextShared] === theirs) nextShared++
      }
    }
    return this.#out
  }

  #takeShared(element: PathElement): void {
    this.#taken.add(element)
    const ours = this.#ours.get(element)
    const theirs = this.#theirs.get(element) as Json
    this.#out.push(ours === undefined ? theirs : merge(this.#list.element, ours, theirs))
  }
}
