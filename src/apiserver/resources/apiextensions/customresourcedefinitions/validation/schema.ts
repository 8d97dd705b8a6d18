import { fieldForbidden, invalidValue, notSupportedText, required } from '#machinery'
import type { FieldError } from '#machinery'
import { itemsOf, metaFields } from '../../../../customresources/schema/schema.ts'
import type { Schema } from '../../../../customresources/schema/schema.ts'
import { listTypeErrors, mapKeyErrors } from './list-types.ts'
import { countWithin, RuleCosts } from './rule-costs.ts'
import { expressionErrors, ruleErrors } from './rules.ts'
import type { RulePlace } from './rules.ts'

/** What depends on where in a definition a schema stands, and on what was there before. */
export interface SchemaContext {
  /** Why defaults are not allowed here. */
  readonly noDefaults?: string
  /** Within kind, apiVersion or metadata. */
  readonly insideMeta: boolean
  readonly options: SchemaOptions
}

export interface SchemaOptions {
  readonly requireValidType: boolean
  readonly requireAtomicSets: boolean
  readonly requireKeyRules: boolean
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** Rules for one schema and all within it, apart from those that make it structural. */
export function schemaErrors(
  schema: Schema | undefined,
  path: string,
  root: boolean,
  context: SchemaContext,
): FieldError[] {
  if (!schema) return []
  const errors = standardErrors(schema, path, context)
  if (schema.uniqueItems === true) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    errors.push(fieldForbidden(`${path}.uniqueItems`, detail))
  }
  errors.push(...additionalErrors(schema, path, context))
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const meta = (root || schema['x-kubernetes-embedded-resource'] === true) && metaFields.has(name)
    const inner = {
      ...context,
      ...(meta ? { insideMeta: true } : {}),
      ...(meta && root ? { noDefaults: `in top-level ${name}` } : {}),
    }
    errors.push(...schemaErrors(property, `${path}.properties[${name}]`, false, inner))
  }
  errors.push(...schemaErrors(schema.not, `${path}.not`, false, context))
  for (const field of ['allOf', 'oneOf', 'anyOf'] as const)
    schema[field]?.forEach((one, index) =>
      errors.push(...schemaErrors(one, `${path}.${field}[${index}]`, false, context)),
    )
  for (const [name, one] of Object.entries(schema.definitions ?? {}))
    errors.push(...schemaErrors(one, `${path}.definitions[${name}]`, false, context))
  errors.push(...schemaErrors(itemsOf(schema), `${path}.items`, false, context))
  errors.push(...typeExtensionErrors(schema, path))
  errors.push(...listTypeErrors(schema, path, context.options.requireAtomicSets))
  if (context.options.requireKeyRules) errors.push(...mapKeyErrors(schema, path))
  return [...errors, ...ruleErrors(schema, path)]
}

function standardErrors(
  schema: Schema,
  path: string,
  { noDefaults, insideMeta, options }: SchemaContext,
): FieldError[] {
  const errors: FieldError[] = []
  const { type = '' } = schema
  const forbid = (field: string, detail: string): void => {
    errors.push(fieldForbidden(`${path}.${field}`, detail))
  }
  if (options.requireValidType && type !== '' && !types.includes(type))
    errors.push(notSupportedText(`${path}.type`, type, types))
  if (schema.default !== undefined && noDefaults !== undefined) forbid('default', `must not be set ${noDefaults}`)
  if (schema.id) forbid('id', 'id is not supported')
  if (schema.additionalItems !== undefined) forbid('additionalItems', 'additionalItems is not supported')
  if (Object.keys(schema.patternProperties ?? {}).length > 0)
    forbid('patternProperties', 'patternProperties is not supported')
  if (Object.keys(schema.definitions ?? {}).length > 0) forbid('definitions', 'definitions is not supported')
  if (schema.dependencies !== undefined) forbid('dependencies', 'dependencies is not supported')
  if (schema.$ref !== undefined) forbid('$ref', '$ref is not supported')
  if (type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative')
  if (Array.isArray(schema.items)) forbid('items', 'items must be a schema object and not an array')
  if (insideMeta && schema['x-kubernetes-embedded-resource'] === true)
    forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta')
  return errors
}

/** Objects have fields, or are maps; never both. */
function additionalErrors(schema: Schema, path: string, context: SchemaContext): FieldError[] {
  const { additionalProperties, properties } = schema
  if (additionalProperties === undefined) return []
  const at = `${path}.additionalProperties`
  const errors: FieldError[] = []
  if (Object.keys(properties ?? {}).length > 0 && additionalProperties !== true)
    errors.push(fieldForbidden(at, 'additionalProperties and properties are mutual exclusive'))
  if (typeof additionalProperties !== 'object') return errors
  const inner = context.insideMeta
    ? { ...context, noDefaults: 'inside additionalProperties applying to object metadata' }
    : context
  return [...errors, ...schemaErrors(additionalProperties, at, false, inner)]
}

function typeExtensionErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { type = '' } = schema
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'))
  const mapType = schema['x-kubernetes-map-type']
  if (mapType === undefined) return errors
  const detail = 'must be object if x-kubernetes-map-type is specified'
  if (type === '') errors.push(required(`${path}.type`, detail))
  else if (type !== 'object') errors.push(invalidValue(`${path}.type`, type, detail))
  if (mapType !== 'atomic' && mapType !== 'granular')
    errors.push(notSupportedText(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']))
  return errors
}

/**
 * What is wrong with the expressions of rules, wherever in the schema they are.
 *
 * @param unchanged the schema was there before
 */
export function schemaExpressionErrors(schema: Schema, path: string, unchanged: boolean): FieldError[] {
  const costs = new RuleCosts(unchanged)
  const errors = placedErrors(schema, { path, root: true, uncomparable: undefined, count: 1, costs })
  return [...errors, ...costs.totalErrors(path)]
}

function placedErrors(schema: Schema | undefined, place: RulePlace): FieldError[] {
  if (!schema) return []
  const errors: FieldError[] = []
  const { path, root, uncomparable } = place
  const inner = { ...place, root: false, count: countWithin(schema, place.count) }
  const { additionalProperties } = schema
  const mapped = uncomparable ?? (schema['x-kubernetes-map-type'] === 'atomic' ? path : undefined)
  const listed = uncomparable ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path)
  if (typeof additionalProperties === 'object')
    errors.push(...placedErrors(additionalProperties, { ...inner, path: `${path}.additionalProperties` }))
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...placedErrors(property, { ...inner, path: `${path}.properties[${name}]`, uncomparable: mapped }))
  errors.push(...placedErrors(itemsOf(schema), { ...inner, path: `${path}.items`, uncomparable: listed }))
  const resource = root || schema['x-kubernetes-embedded-resource'] === true
  return [...errors, ...expressionErrors(schema, { ...place, root: resource })]
}
