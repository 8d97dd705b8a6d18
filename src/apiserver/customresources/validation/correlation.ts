import { isList, isObject, itemsOf } from '../schema/schema.ts'
import type { Schema, Value } from '../schema/schema.ts'
import { sortedText } from '../schema/list-types.ts'

/** A value with the one that it replaces, where the two can be told to be the same part of an object. */
export interface Correlation {
  readonly value: Value
  readonly old: Value
  readonly schema: Schema
}

/** The same for a property; `undefined` when it is new, or nobody describes it. */
export function correlatedProperty(parent: Correlation | undefined, name: string): Correlation | undefined {
  if (!parent || !isObject(parent.value) || !isObject(parent.old)) return undefined
  if (!Object.hasOwn(parent.value, name) || !Object.hasOwn(parent.old, name)) return undefined
  const { properties = {}, additionalProperties } = parent.schema
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined
  const schema = Object.hasOwn(properties, name) ? properties[name] : rest
  return schema && { value: parent.value[name] as Value, old: parent.old[name] as Value, schema }
}

/** The same for an element: only those of lists of type `map` can be told apart, by keys that they all have. */
export function correlatedElement(parent: Correlation | undefined, index: number): Correlation | undefined {
  const schema = parent && itemsOf(parent.schema)
  if (!schema || !isKeyed(parent.schema) || !isList(parent.value) || !isList(parent.old)) return undefined
  const keys = parent.schema['x-kubernetes-list-map-keys'] ?? []
  const value = parent.value[index] as Value
  const wanted = keyText(value, keys)
  if (wanted === undefined) return undefined
  const old = parent.old.find((element) => keyText(element, keys) === wanted)
  return old === undefined ? undefined : { value, old, schema }
}

const isKeyed = (schema: Schema): boolean => schema['x-kubernetes-list-type'] === 'map'

function keyText(element: Value, keys: readonly string[]): string | undefined {
  if (!isObject(element) || keys.some((key) => element[key] === undefined)) return undefined
  return sortedText(keys.map((key) => element[key] ?? null))
}

/** Whether nothing changed: elements with keys may stand in another order, and what nobody describes can't be told. */
export function isUnchanged(correlation: Correlation | undefined): boolean {
  if (!correlation) return false
  const { value, old, schema } = correlation
  if (isList(value) && isList(old)) {
    if (!isKeyed(schema)) return sortedText(value) === sortedText(old)
    return value.length === old.length && value.every((_, index) => isUnchanged(correlatedElement(correlation, index)))
  }
  if (isObject(value) && isObject(old)) {
    const names = Object.keys(value)
    return (
      names.length === Object.keys(old).length &&
      names.every((name) => isUnchanged(correlatedProperty(correlation, name)))
    )
  }
  return value === old
}
