import type { Json } from '#api'
import { fieldElement, self } from '../fields/element.ts'
import type { PathElement } from '../fields/element.ts'
import { emptySet, hasChildren, NodeBuilder } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { kindOf, mapBit, scalarBit } from '../types/merge-type.ts'
import type { ListMerge, MapMerge, MergeType } from '../types/merge-type.ts'
import type { Shape } from '../types/shape.ts'
import { elementOf } from './items.ts'
import { asItems, asMembers, isEmptyMembers } from './value.ts'

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

/** Nodes of structs whose fields have only leaves and such nodes below them are the shared ones of their shape. */
abstract class Walk {
  /** The shape of the node that was last returned, where it has one. */
  protected shape: Shape | undefined = undefined

  /** `undefined` for none. */
  abstract node(type: MergeType, value: Json): FieldSet | undefined

  /** The node of a declared field, `undefined` for none. */
  protected abstract field(type: MergeType, value: Json): FieldSet | undefined

  /** The node of a key of a map, or of an item of a list. */
  protected abstract part(type: MergeType, value: Json): FieldSet

  /** The shape of a struct; for what has none, what has been gathered of it, `undefined` if nothing. */
  protected members(map: MapMerge, members: { readonly [key: string]: Json }): Shape | NodeBuilder | undefined {
    const { fields, shapes } = map
    let shape = shapes?.start
    let builder: NodeBuilder | undefined
    for (const key in members) {
      const value = members[key] as Json
      const field = fields?.get(key)
      if (field === undefined) {
        if (map.rest === undefined) continue
        builder ??= shape?.builder() ?? new NodeBuilder()
        builder.add(fieldElement(key), this.part(map.rest, value))
        continue
      }
      if (field.ignored) continue
      this.shape = undefined
      const node = this.field(field.type, value)
      if (node === undefined) continue
      if (builder === undefined && shapes !== undefined && shape !== undefined) {
        if (node === emptySet || this.shape !== undefined) {
          shape = shapes.next(shape, field, node)
          continue
        }
        builder = shape.builder()
      }
      builder?.add(field.element, node, field.order)
    }
    return builder ?? shape
  }

  /** Nodes of the items; what stands several times is owned as a whole, under its one element. */
  protected items(list: ListMerge, items: readonly Json[]): NodeBuilder {
    const builder = new NodeBuilder()
    if (items.length === 1) {
      const item = items[0] as Json
      builder.add(elementOf(list, item), this.part(list.element, item))
      return builder
    }
    const elements = items.map((item) => elementOf(list, item))
    const several = duplicatesIn(elements)
    for (let i = 0; i < items.length; i++) {
      const element = elements[i] as PathElement
      if (several?.has(element) !== true) builder.add(element, this.part(list.element, items[i] as Json))
    }
    for (const element of several ?? []) builder.add(element, emptySet)
    return builder
  }
}

function duplicatesIn(elements: readonly PathElement[]): Set<PathElement> | undefined {
  const seen = new Set<PathElement>(elements)
  if (seen.size === elements.length) return undefined
  const several = new Set<PathElement>()
  for (const element of elements) if (!seen.delete(element)) several.add(element)
  return several
}

class Whole extends Walk {
  override node(type: MergeType, value: Json): FieldSet {
    const kind = kindOf(type, value)
    this.shape = undefined
    if (kind & mapBit) return this.#map(type.map as MapMerge, value)
    if (kind & scalarBit) return emptySet
    const list = type.list as ListMerge
    const items = asItems(value)
    if (list.atomic || items === undefined || items.length === 0) return emptySet
    const builder = this.items(list, items)
    this.shape = undefined
    return builder.build(true)
  }

  #map(map: MapMerge, value: Json): FieldSet {
    const members = asMembers(value)
    if (map.atomic || members === undefined) return emptySet
    const found = this.members(map, members)
    this.shape = undefined
    if (found === undefined) return emptySet
    if (found instanceof NodeBuilder) return found.build(true)
    this.shape = found
    return found.whole
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
    if (kind & mapBit) return this.#map(type.map as MapMerge, value)
    if (kind & scalarBit) return emptySet
    const list = type.list as ListMerge
    if (list.atomic) return emptySet
    const items = asItems(value)
    if (items === undefined || items.length === 0) return undefined
    const builder = this.items(list, items)
    this.shape = undefined
    return builder.build(false)
  }

  #map(map: MapMerge, value: Json): FieldSet | undefined {
    if (map.atomic) return emptySet
    const members = asMembers(value)
    const found = members === undefined ? undefined : this.members(map, members)
    this.shape = undefined
    if (found === undefined) return undefined
    if (found instanceof NodeBuilder) return found.build(false)
    if (found.isEmpty) return undefined
    this.shape = found
    return found.bare
  }

  protected override field(type: MergeType, value: Json): FieldSet | undefined {
    return value === null || isEmptyMap(value) ? emptySet : this.node(type, value)
  }

  protected override part(type: MergeType, value: Json): FieldSet {
    const node = this.node(type, value)
    if (this.shape !== undefined) return this.shape.whole
    if (node === undefined || !hasChildren(node)) return emptySet
    return node[self] === undefined ? { [self]: emptySet, ...node } : node
  }
}

function isEmptyMap(value: Json): boolean {
  const members = asMembers(value)
  return members !== undefined && isEmptyMembers(members)
}

const mentions = new Mentions()
const whole = new Whole()
