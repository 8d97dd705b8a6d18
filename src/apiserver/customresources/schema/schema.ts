import type { Json } from '#api'
import type { JSONSchemaProps } from '#api/apiextensions/v1'

/**
 * A schema of a CustomResourceDefinition as JSON has it: places for several forms hold the form itself.
 */
export type Schema = Omit<
  JSONSchemaProps,
  | 'items'
  | 'additionalProperties'
  | 'additionalItems'
  | 'dependencies'
  | 'properties'
  | 'patternProperties'
  | 'definitions'
  | 'allOf'
  | 'anyOf'
  | 'oneOf'
  | 'not'
> & {
  readonly items?: Schema | readonly Schema[]
  readonly additionalProperties?: Schema | boolean
  readonly additionalItems?: Schema | boolean
  readonly dependencies?: { readonly [property: string]: Schema | readonly string[] }
  readonly properties?: { readonly [property: string]: Schema }
  readonly patternProperties?: { readonly [pattern: string]: Schema }
  readonly definitions?: { readonly [name: string]: Schema }
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly not?: Schema
}

/** A value that is being worked on. */
export type Value = Json

export interface ObjectValue {
  [key: string]: Value
}

/** An object that may be written into. */
export function asObject(value: unknown): ObjectValue | undefined {
  return isObject(value) ? value : undefined
}

export function isObject(value: unknown): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list that may be written into. */
export function isList(value: unknown): value is Value[] {
  return Array.isArray(value)
}

/** Schema of a list's elements; lists of schemas are not structural. */
export function itemsOf(schema: Schema | undefined): Schema | undefined {
  const items = schema?.items
  return items === undefined || Array.isArray(items) ? undefined : (items as Schema)
}

/** Schema of a property; without one of its own, that of all others. `true` lets anything be. */
export function propertyOf(schema: Schema, name: string): Schema | undefined {
  const { properties } = schema
  if (properties && Object.hasOwn(properties, name)) return properties[name]
  const { additionalProperties } = schema
  if (additionalProperties === undefined || additionalProperties === false) return undefined
  return additionalProperties === true ? anything : additionalProperties
}

/** Schema of properties that may be anything. */
export const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true }

/** Fields that every resource has. */
export const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/** Path of a field; the object itself has the empty path. */
export function childPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
