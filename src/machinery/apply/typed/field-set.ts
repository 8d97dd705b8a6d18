import type { Json } from '#api'
import { elementOfKeyAt } from '../fields/element.ts'
import type { PathElement } from '../fields/element.ts'
import { emptySet, NodeBuilder } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { kindOf, mapBit, scalarBit } from '../types/merge-type.ts'
import type { ListMerge, MapMerge, MergeType } from '../types/merge-type.ts'
import { fillIn, openNode } from '../types/shape.ts'
import type { OpenField, Shape } from '../types/shape.ts'
import { elementOf } from './items.ts'
import { asItems, asMembers, isEmptyMembers } from './value.ts'
import type { Members } from './value.ts'

/**
 * The paths that a configuration mentions: its leaves, items of lists, keys of maps; not the structs they lie in. The
 * value is right by its type.
 */
export function toFieldSet(type: MergeType, value: Json): FieldSet {
  return mentions.node(type, value) ?? emptySet
}

/**
 * Everything there is in a value that wasn't there before, or no longer is: its leaves, and all that they lie in,
 * including the value itself.
 */
export function wholeNode(type: MergeType, value: Json): FieldSet {
  return whole.node(type, value)
}

/** What was gathered of a struct or map: its shape, or, where not all of its keys are declared, its nodes. */
type Gathered = Shape | NodeBuilder | undefined

/** Nodes of structs whose fields have only leaves and such nodes below them are the shared ones of their shape. */
abstract class Walk {
  /** The shape of the node that was last returned, where it is a shared one. */
  protected shape: Shape | undefined = undefined
  /** The fields of what was last gathered whose nodes are not in its shape. */
  protected open: OpenField[] | undefined = undefined

  /** `undefined` for none. */
  abstract node(type: MergeType, value: Json): FieldSet | undefined

  /** The node of a declared field, `undefined` for none. */
  protected abstract field(type: MergeType, value: Json): FieldSet | undefined

  /** The node of a key of a map, or of an item of a list. */
  protected abstract part(type: MergeType, value: Json): FieldSet

  protected gather(map: MapMerge, members: Members): Gathered {
    const { fields, shapes, rest } = map
    let shape = shapes?.start
    let open: OpenField[] | undefined
    let builder: NodeBuilder | undefined
    let undeclared = 0
    for (const key in members) {
      const value = members[key] as Json
      const field = fields?.get(key)
      if (field === undefined) {
        if (rest === undefined) continue
        builder ??= shape?.builder(open) ?? new NodeBuilder()
        builder.add(elementOfKeyAt(key, undeclared++), this.part(rest, value))
        continue
      }
      if (field.ignored) continue
      this.shape = undefined
      const node = this.field(field.type, value)
      if (node === undefined) continue
      if (builder !== undefined || shapes === undefined || shape === undefined) {
        builder?.add(field.element, node, field.order)
      } else if (node === emptySet || this.shape !== undefined) {
        shape = shapes.next(shape, field, node)
      } else {
        shape = shapes.next(shape, field, openNode)
        ;(open ??= []).push({ field, node })
      }
    }
    this.open = open
    return builder ?? shape
  }

  /** The node of what was gathered just now, with all that it lies in. */
  protected whole(found: Gathered): FieldSet {
    this.shape = undefined
    if (found === undefined) return emptySet
    if (found instanceof NodeBuilder) return found.build(true)
    if (this.open !== undefined) return fillIn(found.whole, this.open)
    this.shape = found
    return found.whole
  }

  /** The node of what was gathered just now, `undefined` when that is nothing. */
  protected bare(found: Gathered): FieldSet | undefined {
    this.shape = undefined
    if (found === undefined) return undefined
    if (found instanceof NodeBuilder) return found.build(false)
    if (this.open !== undefined) return fillIn(found.bare, this.open)
    if (found.isEmpty) return undefined
    this.shape = found
    return found.bare
  }

  /** Nodes of the items; what stands several times is owned as a whole, under its one element. */
  protected items(list: ListMerge, items: readonly Json[], member: boolean): FieldSet {
    const builder = new NodeBuilder()
    if (items.length === 1) {
      const item = items[0] as Json
      builder.add(elementOf(list, item), this.part(list.element, item))
    } else {
      const elements = items.map((item) => elementOf(list, item))
      const several = duplicatesIn(elements)
      for (let i = 0; i < items.length; i++) {
        const element = elements[i] as PathElement
        if (several?.has(element) !== true) builder.add(element, this.part(list.element, items[i] as Json))
      }
      for (const element of several ?? []) builder.add(element, emptySet)
    }
    this.shape = undefined
    return builder.build(member)
  }
}

/** Up to so many items, looking at each pair is quicker than a set. */
const fewItems = 8

function duplicatesIn(elements: readonly PathElement[]): Set<PathElement> | undefined {
  if (elements.length <= fewItems ? !hasPair(elements) : new Set(elements).size === elements.length) return undefined
  const seen = new Set(elements)
  const several = new Set<PathElement>()
  for (const element of elements) if (!seen.delete(element)) several.add(element)
  return several
}

function hasPair(elements: readonly PathElement[]): boolean {
  for (let i = 1; i < elements.length; i++) for (let j = 0; j < i; j++) if (elements[i] === elements[j]) return true
  return false
}

class Whole extends Walk {
  override node(type: MergeType, value: Json): FieldSet {
    const kind = kindOf(type, value)
    this.shape = undefined
    if (kind & mapBit) {
      const map = type.map as MapMerge
      const members = asMembers(value)
      return map.atomic || members === undefined ? emptySet : this.whole(this.gather(map, members))
    }
    if (kind & scalarBit) return emptySet
    const list = type.list as ListMerge
    const items = asItems(value)
    return list.atomic || items === undefined || items.length === 0 ? emptySet : this.items(list, items, true)
  }

  protected override field(type: MergeType, value: Json): FieldSet {
    return this.node(type, value)
  }

  protected override part(type: MergeType, value: Json): FieldSet {
    return this.node(type, value)
  }
}

class Mentions extends Walk {
  override node(type: MergeType, value: Json): FieldSet | undefined {
    const kind = kindOf(type, value)
    this.shape = undefined
    if (kind & mapBit) {
      const map = type.map as MapMerge
      if (map.atomic) return emptySet
      const members = asMembers(value)
      return members === undefined ? undefined : this.bare(this.gather(map, members))
    }
    return kind & scalarBit ? emptySet : this.#list(type.list as ListMerge, value, false)
  }

  #list(list: ListMerge, value: Json, member: boolean): FieldSet | undefined {
    if (list.atomic) return emptySet
    const items = asItems(value)
    return items === undefined || items.length === 0 ? undefined : this.items(list, items, member)
  }

  protected override field(type: MergeType, value: Json): FieldSet | undefined {
    return value === null || isEmptyMap(value) ? emptySet : this.node(type, value)
  }

  protected override part(type: MergeType, value: Json): FieldSet {
    const kind = kindOf(type, value)
    this.shape = undefined
    if (kind & mapBit) {
      const map = type.map as MapMerge
      const members = asMembers(value)
      return map.atomic || members === undefined ? emptySet : this.whole(this.gather(map, members))
    }
    return kind & scalarBit ? emptySet : (this.#list(type.list as ListMerge, value, true) ?? emptySet)
  }
}

function isEmptyMap(value: Json): boolean {
  const members = asMembers(value)
  return members !== undefined && isEmptyMembers(members)
}

const mentions = new Mentions()
const whole = new Whole()
