import { CelError, kindOfCel } from '#machinery'
import type { CelValue } from '#machinery'
import { isList } from '../schema/schema.ts'
import type { Value } from '../schema/schema.ts'

/** A value that an expression made and put among those of an object. A schema can describe but few of them. */
export class Foreign {
  readonly value: CelValue

  constructor(value: CelValue) {
    this.value = value
  }
}

/** What a list may hold: what stands in the object, and what an expression has added. */
export type Element = Value | bigint | Foreign | readonly Element[]

const stored = new WeakMap<object, Element>()

/** Remembers what a value of expressions stands for. */
export function standsFor<T extends object>(value: T, raw: Element): T {
  stored.set(value, raw)
  return value
}

/** What stands in the object for a value; whatever else there is stays foreign. */
export function elementOf(value: CelValue): Element {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value
  const raw = typeof value === 'object' && value !== null ? stored.get(value) : undefined
  return raw ?? new Foreign(value)
}

const foreignTypes: { readonly [kind: string]: string } = {
  null: 'structpb.NullValue',
  double: 'float64',
  uint: 'uint64',
  bytes: '[]uint8',
  timestamp: 'time.Time',
  duration: 'time.Duration',
  list: '[]ref.Val',
  map: 'map[ref.Val]ref.Val',
}

/** What the API calls the type of an element. */
export function goType(element: Element): string {
  if (element instanceof Foreign) return foreignTypes[kindOfCel(element.value)] ?? kindOfCel(element.value)
  if (element === null) return '<nil>'
  if (isList(element)) return '[]interface {}'
  switch (typeof element) {
    case 'bigint':
      return 'int64'
    case 'number':
      return Number.isInteger(element) ? 'int64' : 'float64'
    case 'boolean':
      return 'bool'
    case 'string':
      return 'string'
    default:
      return 'map[string]interface {}'
  }
}

const unhashable = new Set(['[]interface {}', 'map[string]interface {}', '[]uint8', '[]ref.Val', 'map[ref.Val]ref.Val'])

/**
 * What tells elements of a set apart: values of one type that are written alike.
 *
 * @throws CelError for what has no such key
 */
export function hashKey(element: Element): string {
  const type = goType(element)
  if (unhashable.has(type)) throw new CelError(`internal error: runtime error: hash of unhashable type ${type}`)
  const value = element instanceof Foreign ? element.value : element
  return typeof value === 'object' ? type : `${type} ${String(value)}`
}
