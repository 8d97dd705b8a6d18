import { isList, isObject } from '../schema/schema.ts'
import type { Schema, Value } from '../schema/schema.ts'
import { sortedText } from '../schema/list-types.ts'

/** A value with the one that it replaces, where the two can be told to be the same part of an object. */
export interface Correlation {
  readonly value: Value
  readonly old: Value
}

/** The same for a property; `undefined` when it is new. */
export function correlatedProperty(parent: Correlation | undefined, name: string): Correlation | undefined {
  if (!parent || !isObject(parent.value) || !isObject(parent.old)) return undefined
  if (!Object.hasOwn(parent.value, name) || !Object.hasOwn(parent.old, name)) return undefined
  return { value: parent.value[name] as Value, old: parent.old[name] as Value }
}

/** The same for an element: only those of lists of type `map` can be told apart. */
export function correlatedElement(
  parent: Correlation | undefined,
  schema: Schema,
  index: number,
): Correlation | undefined {
  if (!parent || schema['x-kubernetes-list-type'] !== 'map' || !isList(parent.value) || !isList(parent.old))
    return undefined
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const value = parent.value[index] as Value
  const wanted = keyText(value, keys)
  const old = parent.old.find((element) => keyText(element, keys) === wanted)
  return old === undefined ? undefined : { value, old }
}

function keyText(element: Value, keys: readonly string[]): string {
  return isObject(element) ? sortedText(keys.map((key) => element[key] ?? null)) : ''
}

/** Whether nothing changed. */
export function isUnchanged(correlation: Correlation | undefined): boolean {
  return correlation !== undefined && sortedText(correlation.value) === sortedText(correlation.old)
}
