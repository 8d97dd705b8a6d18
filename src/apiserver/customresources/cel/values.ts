import {
  bytesOfBase64,
  CelDuration,
  CelError,
  DurationError,
  parseDuration,
  parseTime,
  TimeError,
  Timestamp,
  escapeFieldName,
  isReservedName,
} from '#machinery'
import type { CelValue, ListValue, MapValue } from '#machinery'
import { isList, isObject, itemsOf } from '../schema/schema.ts'
import type { Schema, Value } from '../schema/schema.ts'

import { seenSchema } from './types.ts'

/** A value as expressions see it. What lies within it is looked at when they ask for it. */
export function celValueOf(value: Value, given: Schema | undefined): CelValue {
  if (value === null) return value
  const schema = given && seenSchema(given)
  if (schema) requireType(value, schema)
  if (typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'number') return numberOf(value, schema)
  if (typeof value === 'string') return textOf(value, schema)
  if (isList(value)) return listValue(value, schema)
  return mapValue(value as { readonly [key: string]: Value }, schema)
}

/** Of each scalar type what stands for it, and what expressions call it. */
const scalarTypes: { readonly [type: string]: readonly [name: string, is: (value: Value) => boolean] } = {
  string: ['string', (value) => typeof value === 'string'],
  integer: ['int', (value) => typeof value === 'bigint' || Number.isInteger(value)],
  number: ['float', (value) => typeof value === 'bigint' || typeof value === 'number'],
  boolean: ['bool', (value) => typeof value === 'boolean'],
}

/**
 * What was stored before its schema changed may be of another type, which no expression can use.
 * @throws CelError
 */
function requireType(value: Value, schema: Schema): void {
  if (schema.type === 'object' && !isObject(value)) throw unlike('a map', 'object')
  if (schema.type === 'array' && !isList(value)) throw unlike('an array', 'array')
  const scalar = schema['x-kubernetes-int-or-string'] === true ? undefined : scalarTypes[schema.type ?? '']
  if (!scalar || scalar[1](value)) return
  throw new CelError(`invalid data, expected ${scalar[0]}, got ${goType(value)}`)
}

const unlike = (what: string, type: string): CelError =>
  new CelError(`invalid data, expected ${what} for the provided schema with type=${type}`)

function goType(value: Value): string {
  if (isList(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'map[string]interface {}'
}

function numberOf(value: number, schema: Schema | undefined): CelValue {
  if (schema?.type === 'number') return value
  return Number.isInteger(value) ? BigInt(value) : value
}

function textOf(text: string, schema: Schema | undefined): CelValue {
  if (schema?.type !== 'string') return text
  try {
    switch (schema.format) {
      case 'byte':
        return bytesOfBase64(text)
      case 'duration':
        return new CelDuration(parseDuration(text))
      case 'date':
        return timestampOf(`${text}T00:00:00Z`)
      case 'date-time':
        return timestampOf(text)
      default:
        return text
    }
  } catch (error) {
    if (error instanceof DurationError || error instanceof TimeError) throw new CelError(error.message)
    throw error
  }
}

function timestampOf(text: string): Timestamp {
  const { seconds, nanos } = parseTime(text)
  return new Timestamp(BigInt(seconds) * 1_000_000_000n + BigInt(nanos))
}

function listValue(values: readonly Value[], schema: Schema | undefined): ListValue {
  const items = itemsOf(schema)
  return { list: true, size: values.length, at: (index) => celValueOf(values[index] ?? null, items) }
}

/**
 * Objects have their properties, under names that expressions can write; maps whatever they have. What costs time in
 * proportion to their size is found out when it is asked for, and once: expressions come by the same map again and again.
 */
function mapValue(object: { readonly [key: string]: Value }, schema: Schema | undefined): MapValue {
  const { properties, additionalProperties } = schema ?? {}
  const child = childrenOf(object)
  if (typeof additionalProperties === 'object' || !properties) {
    const inner = typeof additionalProperties === 'object' ? additionalProperties : undefined
    let size: number | undefined
    return {
      map: true,
      get size() {
        return (size ??= Object.keys(object).length)
      },
      get: (key) => (typeof key === 'string' && Object.hasOwn(object, key) ? child(key, inner) : undefined),
      keys: () => Object.keys(object),
    }
  }
  let names: Map<string, string> | undefined
  const known = (): Map<string, string> => {
    names ??= new Map(
      Object.keys(object).flatMap((name) => {
        const escaped = Object.hasOwn(properties, name) ? escapeFieldName(name) : undefined
        if (escaped === undefined) return []
        return isReservedName(name) ? [[escaped, name] as const, [name, name] as const] : [[escaped, name] as const]
      }),
    )
    return names
  }
  return {
    map: true,
    get size() {
      return known().size
    },
    get(key) {
      const name = typeof key === 'string' ? known().get(key) : undefined
      return name === undefined ? undefined : child(name, properties[name])
    },
    keys: () => known().keys(),
  }
}

/** Reads what lies in an object. Lists and maps are made once. */
function childrenOf(object: { readonly [key: string]: Value }): (name: string, schema: Schema | undefined) => CelValue {
  let made: Map<string, CelValue> | undefined
  return (name, schema) => {
    const value = object[name] as Value
    if (typeof value !== 'object' || value === null) return celValueOf(value, schema)
    const before = made?.get(name)
    if (before !== undefined) return before
    const child = celValueOf(value, schema)
    made ??= new Map()
    made.set(name, child)
    return child
  }
}
