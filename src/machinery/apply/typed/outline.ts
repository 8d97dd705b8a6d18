import type { Json } from '#api'
import type { PathElement } from '../fields/element.ts'
import { kindOf, mapBit, scalarBit } from '../types/merge-type.ts'
import type { ListMerge, MapMerge, MergeType } from '../types/merge-type.ts'
import { elementOf, itemProblem } from './items.ts'
import { asItems, asMembers, equalValues, isEmptyMembers, member } from './value.ts'
import type { Members } from './value.ts'

/**
 * What decides which fields of a value are told from one in which nothing is set: which it has, what tells the items of its
 * lists apart, and which of its values are zero or empty. Other values don't count, so that many objects fit one outline.
 */
export interface Outline {
  /** Whether a value, which is right by the type of the outline, has this outline. Never true by mistake. */
  fits(value: Json | undefined): boolean
}

/**
 * The outline of a value that is right by its type; `undefined` where it has none.
 *
 * @param zero what stands at the place of the value where nothing is set
 */
export function outlineOf(type: MergeType, zero: Json | undefined, value: Json | undefined): Outline | undefined {
  if (value === undefined) return undefined
  const kind = kindOf(type, value)
  if (kind & mapBit) {
    const map = type.map as MapMerge
    const members = asMembers(value)
    if (!map.atomic && members !== undefined) return outlineOfMap(type, kind, map, zero, members)
  } else if (!(kind & scalarBit)) {
    const list = type.list as ListMerge
    const items = asItems(value)
    if (!list.atomic && items !== undefined) return outlineOfList(type, kind, list, zero, items)
  }
  if (hidesAll(value)) return undefined
  return new Leaf(type, kind, zero, value)
}

function outlineOfMap(
  type: MergeType,
  kind: number,
  map: MapMerge,
  zero: Json | undefined,
  members: Members,
): Outline | undefined {
  const unset = asMembers(zero)
  if (zero !== undefined && zero !== null && unset === undefined) return undefined
  const keys: string[] = []
  const parts: Outline[] = []
  for (const key in members) {
    const field = map.fields?.get(key)
    const partType = field?.type ?? map.rest
    const part =
      partType === undefined || field?.ignored === true
        ? anything
        : outlineOf(partType, unset && member(unset, key), member(members, key))
    if (part === undefined) return undefined
    keys.push(key)
    parts.push(part)
  }
  return new OfMap(type, kind, keys, parts)
}

function outlineOfList(
  type: MergeType,
  kind: number,
  list: ListMerge,
  zero: Json | undefined,
  items: readonly Json[],
): Outline | undefined {
  if (zero !== undefined && zero !== null) return undefined
  const elements: PathElement[] = []
  const parts: Outline[] = []
  for (const item of items) {
    const part = itemProblem(list, item) === undefined ? outlineOf(list.element, undefined, item) : undefined
    if (part === undefined) return undefined
    elements.push(elementOf(list, item))
    parts.push(part)
  }
  return new OfList(type, kind, list, elements, parts)
}

/** What nobody owns: whatever stands there will do. */
const anything: Outline = { fits: (value) => value !== undefined }

/** A value without parts that could be owned. Where it is empty, JSON may not show it. */
class Leaf implements Outline {
  readonly #type: MergeType
  readonly #kind: number
  readonly #zero: Json | undefined
  readonly #isZero: boolean
  readonly #isEmpty: boolean
  readonly #isNull: boolean

  constructor(type: MergeType, kind: number, zero: Json | undefined, value: Json) {
    this.#type = type
    this.#kind = kind
    this.#zero = zero
    this.#isZero = equalValues(zero, value)
    this.#isEmpty = isEmpty(value)
    this.#isNull = value === null
  }

  fits(value: Json | undefined): boolean {
    if (
      value === undefined ||
      (value === null) !== this.#isNull ||
      isEmpty(value) !== this.#isEmpty ||
      kindOf(this.#type, value) !== this.#kind ||
      hidesAll(value)
    )
      return false
    return this.#zero === undefined || equalValues(this.#zero, value) === this.#isZero
  }
}

/** Null, or a list or map in which nothing is. */
function isEmpty(value: Json): boolean {
  if (typeof value !== 'object') return false
  return value === null || (asItems(value)?.length ?? (isEmptyMembers(asMembers(value)) ? 0 : 1)) === 0
}

/** A map in which something is, but nothing that JSON would show: what is set in such a value depends on its type. */
function hidesAll(value: Json): boolean {
  const members = asMembers(value)
  if (members === undefined || isEmptyMembers(members)) return false
  for (const key in members) {
    const one = member(members, key)
    if (one !== undefined && !isEmpty(one) && !hidesAll(one)) return false
  }
  return true
}

class OfMap implements Outline {
  readonly #type: MergeType
  readonly #kind: number
  readonly #keys: readonly string[]
  readonly #parts: readonly Outline[]

  constructor(type: MergeType, kind: number, keys: readonly string[], parts: readonly Outline[]) {
    this.#type = type
    this.#kind = kind
    this.#keys = keys
    this.#parts = parts
  }

  fits(value: Json | undefined): boolean {
    const members = asMembers(value)
    if (members === undefined || kindOf(this.#type, members) !== this.#kind) return false
    const keys = this.#keys
    let at = 0
    for (const key in members) {
      if (key !== keys[at] || this.#parts[at]?.fits(member(members, key)) !== true) return false
      at++
    }
    return at === keys.length
  }
}

class OfList implements Outline {
  readonly #type: MergeType
  readonly #kind: number
  readonly #list: ListMerge
  readonly #elements: readonly PathElement[]
  readonly #parts: readonly Outline[]

  constructor(
    type: MergeType,
    kind: number,
    list: ListMerge,
    elements: readonly PathElement[],
    parts: readonly Outline[],
  ) {
    this.#type = type
    this.#kind = kind
    this.#list = list
    this.#elements = elements
    this.#parts = parts
  }

  fits(value: Json | undefined): boolean {
    const items = asItems(value)
    const list = this.#list
    if (items === undefined || items.length !== this.#parts.length) return false
    if (kindOf(this.#type, items) !== this.#kind) return false
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as Json
      if (this.#parts[i]?.fits(item) !== true || itemProblem(list, item) !== undefined) return false
      if (elementOf(list, item) !== this.#elements[i]) return false
    }
    return true
  }
}
