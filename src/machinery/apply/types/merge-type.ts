import type { Json } from '#api'
import { fieldElement } from '../fields/element.ts'
import type { PathElement } from '../fields/element.ts'
import { compareText } from '../fields/text.ts'
import { nullNumber } from '../typed/null-number.ts'
import { ElementTable } from './element-table.ts'
import { Shapes } from './shape.ts'

/**
 * How values of one place are merged and owned: what they may be, and what of them may be owned apart. A place may take
 * several kinds of values; which one counts is decided by the value.
 */
export interface MergeType {
  /** What of the three may stand here, as bits. */
  readonly kinds: number
  readonly scalar: ScalarKind | undefined
  readonly list: ListMerge | undefined
  readonly map: MapMerge | undefined
  /** The type comes from the API data: values that the server has decoded are of the right kinds throughout. */
  readonly builtin: boolean
}

export type ScalarKind = 'string' | 'numeric' | 'boolean' | 'untyped'

/** A struct, a map, or a struct that also takes fields it doesn't know. */
export interface MapMerge {
  /** Owned as a whole. */
  readonly atomic: boolean
  /** Declared fields; `undefined` for maps. */
  readonly fields: ReadonlyMap<string, FieldMerge> | undefined
  /** Type of the values of keys that are not declared; `undefined` refuses them. */
  readonly rest: MergeType | undefined
  /** A map of what has no schema: its sets are left as they are when a schema changes. */
  readonly unstructured: boolean
  /** Nodes of the values; `undefined` for maps. */
  readonly shapes: Shapes | undefined
}

export interface FieldMerge {
  readonly name: string
  readonly element: PathElement
  /** Position among the declared fields, in the order of sets. */
  readonly order: number
  readonly type: MergeType
  /** The field manager's own: comparisons pass over it. */
  readonly ignored: boolean
}

export interface ListMerge {
  /** Owned as a whole. Other lists are sets of scalars, or maps when they have keys. */
  readonly atomic: boolean
  readonly element: MergeType
  /** Fields that tell items apart, as declared; `undefined` for lists that are no maps. */
  readonly keys: readonly ListKey[] | undefined
  /** {@link keys} by name, as path elements have them. */
  readonly sortedKeys: readonly ListKey[]
  /** Path elements of items. */
  readonly elements: ElementTable
}

export interface ListKey {
  readonly name: string
  /** What an item without the field stands for. */
  readonly default: Json | undefined
}

/** Kinds of values a type may hold, as bits. */
export const scalarBit = 1
export const listBit = 2
export const mapBit = 4

/** The part of a type that applies to a value, as bits: all of it when the value decides nothing (null, a wrong kind). */
export function kindOf(type: MergeType, value: Json): number {
  const { kinds } = type
  // With one kind there is nothing to decide.
  if ((kinds & (kinds - 1)) === 0) return kinds
  const isNull = value === null || value === nullNumber
  const kind = typeof value !== 'object' ? scalarBit : isNull ? 0 : Array.isArray(value) ? listBit : mapBit
  return (kinds & kind) === 0 ? kinds : kind
}

/** Nothing but a scalar may stand here. */
export const isScalar = ({ kinds }: MergeType): boolean => kinds === scalarBit

/** The type of a field or key of a map, `undefined` when the map doesn't take it. */
export function typeOfKey(map: MapMerge, key: string): MergeType | undefined {
  return map.fields?.get(key)?.type ?? map.rest
}

export function scalarType(scalar: ScalarKind, builtin: boolean): MergeType {
  return { kinds: scalarBit, scalar, list: undefined, map: undefined, builtin }
}

export function listType(list: ListMerge, builtin: boolean): MergeType {
  return { kinds: listBit, scalar: undefined, list, map: undefined, builtin }
}

export function mapType(map: MapMerge, builtin: boolean): MergeType {
  return { kinds: mapBit, scalar: undefined, list: undefined, map, builtin }
}

/** What tells the items of a list apart: nothing, their values, or fields of theirs. */
export type ItemIdentity = 'atomic' | 'set' | readonly ListKey[]

export function listMerge(identity: ItemIdentity, element: MergeType): ListMerge {
  const keys = typeof identity === 'string' ? undefined : identity
  const sortedKeys = keys?.toSorted((a, b) => compareText(a.name, b.name)) ?? []
  return { atomic: identity === 'atomic', element, keys, sortedKeys, elements: new ElementTable() }
}

/** A struct. Its fields are looked for one by one, because types may hold themselves. */
export function structMerge(
  names: readonly string[],
  typeOf: (name: string) => MergeType,
  options: { readonly atomic: boolean; readonly rest?: MergeType | undefined; readonly ignored?: string },
): MapMerge & { readonly fill: () => void } {
  const fields = new Map<string, FieldMerge>()
  const fill = (): void => {
    const sorted = names.toSorted(compareText)
    sorted.forEach((name, order) => {
      const ignored = name === options.ignored
      fields.set(name, { name, element: fieldElement(name), order, type: typeOf(name), ignored })
    })
  }
  return { atomic: options.atomic, fields, rest: options.rest, unstructured: false, shapes: new Shapes(), fill }
}
