import type { CelValue } from '#machinery'
import { isList } from '../schema/schema.ts'
import type { Value } from '../schema/schema.ts'
import { childrenOf } from './children.ts'

/** A value of no schema as expressions see it. What lies within it is looked at when they ask for it. */
export function plainValueOf(value: Value): CelValue {
  if (value === null) return value
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (typeof value !== 'object') return value
  if (isList(value)) return { list: true, size: value.length, at: (index) => plainValueOf(value[index] ?? null) }
  return plainMap(value as { readonly [key: string]: Value })
}

function plainMap(object: { readonly [key: string]: Value }): CelValue {
  const child = childrenOf(object, plainValueOf)
  let size: number | undefined
  return {
    map: true,
    get size() {
      return (size ??= Object.keys(object).length)
    },
    get: (key) => (typeof key === 'string' && Object.hasOwn(object, key) ? child(key) : undefined),
    keys: () => Object.keys(object),
  }
}
