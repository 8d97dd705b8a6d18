import { celEqual, CelError, escapeFieldName, isCelMap, unescapeFieldName } from '#machinery'
import type { CelValue, MapValue } from '#machinery'
import { sortedText } from '../schema/list-types.ts'
import { isList, isObject, itemsOf } from '../schema/schema.ts'
import type { Schema, Value } from '../schema/schema.ts'
import { childrenOf } from './children.ts'
import { elementOf, Foreign, goType, standsFor } from './elements.ts'
import type { Element } from './elements.ts'
import { typedList } from './lists.ts'
import { formattedText } from './texts.ts'
import { seenSchema } from './types.ts'

/**
 * A value as expressions see it (KEP-2876). What lies within it is looked at when they ask for it.
 *
 * @throws CelError for what its schema does not describe: it may have been stored before the schema changed
 */
export function celValueOf(value: Element, given: Schema): CelValue {
  const schema = seenSchema(given)
  if (value === null) {
    if (schema.nullable === true) return null
    throw new CelError('invalid data, got null for schema with nullable=false')
  }
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString(value)
  switch (schema.type) {
    case 'object':
      if (value instanceof Foreign || !isObject(value)) throw unlike('a map', 'object')
      return mapValue(value, schema)
    case 'array':
      if (!isList(value)) throw unlike('an array', 'array')
      return listValue(value, schema)
    case 'string':
      if (typeof value !== 'string') throw unexpected('string', value)
      return formattedText(value, schema.format)
    case 'number':
      return double(value)
    case 'integer':
      return integer(value) ?? refuse('int', value)
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse('bool', value)
    default:
      return unknown(value)
  }
}

const unlike = (what: string, type: string): CelError =>
  new CelError(`invalid data, expected ${what} for the provided schema with type=${type}`)

const unexpected = (type: string, value: Element): CelError =>
  new CelError(`invalid data, expected ${type}, got ${goType(value)}`)

function refuse(type: string, value: Element): never {
  throw unexpected(type, value)
}

function integer(value: Element): bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined
}

function double(value: Element): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  return value instanceof Foreign && typeof value.value === 'number' ? value.value : refuse('float', value)
}

function intOrString(value: Element): CelValue {
  const found = typeof value === 'string' ? value : integer(value)
  if (found !== undefined) return found
  throw new CelError('invalid data, expected XIntOrString value to be either a string or integer')
}

/** What nobody describes can but be compared with its like. */
function unknown(value: Element): CelValue {
  const own = {
    opaque: 'unknown',
    equals(other: Exclude<CelValue, null | boolean | bigint | number | string>) {
      const theirs = elementOf(other)
      return !(theirs instanceof Foreign) && sortedText(theirs as Value) === sortedText(value as Value)
    },
  }
  return value instanceof Foreign ? own : standsFor(own, value)
}

function listValue(values: readonly Element[], schema: Schema): CelValue {
  const items = itemsOf(schema)
  if (!items) throw new CelError('invalid array type, expected Items with a non-empty Schema')
  return typedList(values, schema, (element) => celValueOf(element, items))
}

/**
 * Objects have their properties, under names that expressions can write, but for those that are null; maps whatever they
 * have; both are as large as what stands in them. What costs time in proportion to their size is found out when it is
 * asked for, and once.
 */
function mapValue(object: { readonly [key: string]: Value }, schema: Schema): MapValue {
  const { properties, additionalProperties } = schema
  const rest = !properties && typeof additionalProperties === 'object' ? additionalProperties : undefined
  const schemaOf = (name: string): Schema | undefined =>
    properties ? (Object.hasOwn(properties, name) ? properties[name] : undefined) : rest
  const child = childrenOf(object, (value, name) => celValueOf(value, schemaOf(name) ?? schema))
  let size: number | undefined
  const map: MapValue = {
    map: true,
    get size() {
      return (size ??= Object.keys(object).length)
    },
    get(key) {
      if (typeof key !== 'string') throw new CelError('no such overload')
      const name = properties ? unescapeFieldName(key) : key
      if (name === undefined || !Object.hasOwn(object, name) || !schemaOf(name)) return undefined
      return properties && object[name] === null ? undefined : child(name)
    },
    *keys() {
      for (const name of Object.keys(object))
        if (schemaOf(name)) yield properties ? (escapeFieldName(name) ?? name) : name
    },
    equals(other) {
      if (!isCelMap(other)) throw new CelError('no such overload')
      return map.size === other.size && Object.keys(object).every((name) => sameIn(other, name))
    },
  }
  /** What nobody describes is compared as it stands, if the other has it too. */
  const sameIn = (other: MapValue, name: string): boolean => {
    if (schemaOf(name)) {
      const [own, theirs] = [map.get(name), other.get(name)]
      return own === undefined || theirs === undefined ? own === theirs : celEqual(own, theirs)
    }
    const raw = elementOf(other)
    if (raw instanceof Foreign || !isObject(raw)) throw new CelError('no such overload')
    return !Object.hasOwn(raw, name) || sortedText(raw[name] ?? null) === sortedText(object[name] ?? null)
  }
  return standsFor(map, object)
}
