import type { Json } from '#api'

/** A JSON schema, by its keywords. */
export interface Schema {
  readonly [keyword: string]: Json
}

/** What users read, and the CEL expression that has to hold. */
export type Rule = readonly [message: string, rule: string]

const rulesOf = (rules: readonly Rule[]): Schema =>
  rules.length === 0 ? {} : { 'x-kubernetes-validations': rules.map(([message, rule]) => ({ message, rule })) }

export const text = (more: Schema = {}): Schema => ({ type: 'string', ...more })

export const choice = (...values: readonly string[]): Schema => ({ type: 'string', enum: [...values] })

export const whole = (minimum?: number, maximum?: number): Schema => ({
  type: 'integer',
  format: 'int32',
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
})

export const record = (
  properties: { readonly [name: string]: Schema },
  required: readonly string[] = [],
  rules: readonly Rule[] = [],
): Schema => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required: [...required] }),
  ...rulesOf(rules),
})

export const list = (
  items: Schema,
  maxItems: number,
  more: Schema = { 'x-kubernetes-list-type': 'atomic' },
  rules: readonly Rule[] = [],
): Schema => ({ type: 'array', items, maxItems, ...more, ...rulesOf(rules) })

/** A list whose items are told apart by a field. */
export const listBy = (key: string, items: Schema, maxItems: number, more: Schema = {}): Schema =>
  list(items, maxItems, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key], ...more })

export const withDefault = (schema: Schema, value: Json): Schema => ({
  ...schema,
  default: value,
})

export const mapOf = (values: Schema, maxProperties: number, rules: readonly Rule[] = []): Schema => ({
  type: 'object',
  additionalProperties: values,
  maxProperties,
  ...rulesOf(rules),
})
