import type { Json } from '#api'
import { elementOfKeyAt } from '../fields/element.ts'
import type { PathElement } from '../fields/element.ts'
import { emptySet, NodeBuilder, unionNodes } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { kindOf, mapBit, scalarBit } from '../types/merge-type.ts'
import type { FieldMerge, ListMerge, MapMerge, MergeType } from '../types/merge-type.ts'
import { wholeNode } from './field-set.ts'
import { elementOf, sameElement } from './items.ts'
import { asItems, asMembers, equalItems, equalValues, member } from './value.ts'

/** How one value differs from another. */
export interface Comparison {
  /** Paths that are new or have another value. */
  readonly changed: FieldSet
  /** Paths that are gone. */
  readonly removed: FieldSet
}

export const noChange: Comparison = { changed: emptySet, removed: emptySet }

/**
 * Compares two values of a type, both of them right by it. Parts that are one and the same object are not looked into.
 */
export function compare(type: MergeType, before: Json, after: Json): Comparison {
  if (before === after) return noChange
  const comparer = new Comparer()
  const changed = comparer.values(type, before, after)
  const { removed } = comparer
  if (changed === undefined && removed === undefined) return noChange
  return { changed: changed ?? emptySet, removed: removed ?? emptySet }
}

function elementOfKey(field: FieldMerge | undefined, key: string, position: number): PathElement {
  return field === undefined ? elementOfKeyAt(key, position) : field.element
}

/** Two nodes, either of which may be missing, as one. */
function either(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return a === undefined ? b : b === undefined ? a : unionNodes(a, b)
}

/** Each method returns the changed paths below the place it is about, and leaves the removed ones in `removed`. */
class Comparer {
  removed: FieldSet | undefined = undefined

  values(type: MergeType, before: Json, after: Json): FieldSet | undefined {
    this.removed = undefined
    if (before === after) return undefined
    const kind = kindOf(type, after)
    const previous = kindOf(type, before)
    if (kind === previous) return this.#as(kind, type, before, after)
    const changedAsBefore = this.#as(previous, type, before, after)
    const removedAsBefore = this.removed
    const changed = this.#as(kind, type, before, after)
    this.removed = either(removedAsBefore, this.removed)
    return either(changedAsBefore, changed)
  }

  #as(kind: number, type: MergeType, before: Json, after: Json): FieldSet | undefined {
    if (kind & mapBit) return this.#maps(type.map as MapMerge, before, after)
    if (kind & scalarBit) return this.#leaf(before, after)
    return this.#lists(type.list as ListMerge, before, after)
  }

  #leaf(before: Json, after: Json): FieldSet | undefined {
    this.removed = undefined
    return equalValues(before, after) ? undefined : emptySet
  }

  #maps(map: MapMerge, before: Json, after: Json): FieldSet | undefined {
    const left = asMembers(before)
    const right = asMembers(after)
    if (map.atomic) return this.#leaf(before, after)
    let keys = 0
    let changed: NodeBuilder | undefined
    let removed: NodeBuilder | undefined
    for (const key in right) {
      keys++
      const now = right[key] as Json
      const was = left === undefined ? undefined : member(left, key)
      if (was === now) continue
      const field = map.fields?.get(key)
      const type = field?.type ?? map.rest
      if (type === undefined || field?.ignored === true) continue
      const node = was === undefined ? wholeNode(type, now) : this.values(type, was, now)
      const gone = was === undefined ? undefined : this.removed
      if (node !== undefined) (changed ??= new NodeBuilder()).add(elementOfKey(field, key, keys), node, field?.order)
      if (gone !== undefined) (removed ??= new NodeBuilder()).add(elementOfKey(field, key, keys), gone, field?.order)
    }
    for (const key in left) {
      keys++
      if (right !== undefined && member(right, key) !== undefined) continue
      const field = map.fields?.get(key)
      const type = field?.type ?? map.rest
      if (type === undefined || field?.ignored === true) continue
      const node = wholeNode(type, left[key] as Json)
      ;(removed ??= new NodeBuilder()).add(elementOfKey(field, key, keys), node, field?.order)
    }
    // What is empty on both sides has no parts.
    if (keys === 0) return this.#leaf(before, after)
    this.removed = removed?.build(false)
    return changed?.build(false)
  }

  #lists(list: ListMerge, before: Json, after: Json): FieldSet | undefined {
    const left = asItems(before) ?? []
    const right = asItems(after) ?? []
    if (list.atomic || (left.length === 0 && right.length === 0)) return this.#leaf(before, after)
    if (this.#sameItems(list, left, right)) {
      this.removed = undefined
      return undefined
    }
    return this.#items(list, left, right)
  }

  /** Nothing differs, item by item. */
  #sameItems(list: ListMerge, left: readonly Json[], right: readonly Json[]): boolean {
    if (left.length !== right.length) return false
    for (let i = 0; i < left.length; i++) {
      const was = left[i] as Json
      const now = right[i] as Json
      if (was === now) continue
      if (!sameElement(list, was, now)) return false
      if (this.values(list.element, was, now) !== undefined || this.removed !== undefined) return false
    }
    return true
  }

  #items(list: ListMerge, left: readonly Json[], right: readonly Json[]): FieldSet | undefined {
    const byElement = new Map<PathElement, { readonly was: Json[]; readonly now: Json[] }>()
    const at = (item: Json): { readonly was: Json[]; readonly now: Json[] } => {
      const element = elementOf(list, item)
      let found = byElement.get(element)
      if (found === undefined) byElement.set(element, (found = { was: [], now: [] }))
      return found
    }
    for (const item of left) at(item).was.push(item)
    for (const item of right) at(item).now.push(item)
    let changed: NodeBuilder | undefined
    let removed: NodeBuilder | undefined
    for (const [element, { was, now }] of byElement) {
      const node = this.#item(list, was, now)
      if (node !== undefined) (changed ??= new NodeBuilder()).add(element, node)
      if (this.removed !== undefined) (removed ??= new NodeBuilder()).add(element, this.removed)
    }
    this.removed = removed?.build(false)
    return changed?.build(false)
  }

  /** All items of one element. Where there are several, they count as one thing, which has no parts. */
  #item(list: ListMerge, was: readonly Json[], now: readonly Json[]): FieldSet | undefined {
    this.removed = undefined
    const first = was[0]
    const next = now[0]
    if (was.length <= 1 && now.length <= 1) {
      if (first !== undefined && next !== undefined) return this.values(list.element, first, next)
      if (next !== undefined) return wholeNode(list.element, next)
      if (first !== undefined) this.removed = wholeNode(list.element, first)
      return undefined
    }
    if (was.length >= 2 && now.length >= 2) return equalItems(was, now) ? undefined : emptySet
    if (was.length >= 2) {
      this.removed = emptySet
      return next === undefined ? undefined : wholeNode(list.element, next)
    }
    if (first !== undefined) this.removed = wholeNode(list.element, first)
    return emptySet
  }
}
