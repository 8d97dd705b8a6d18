import { invalidValue, notSupported, plainJson, quote, required, tooLong, tooMany, typeInvalid } from '#machinery'
import type { FieldError } from '#machinery'
import { isList, isObject, itemsOf } from '../schema/schema.ts'
import type { Schema, Value } from '../schema/schema.ts'
import { sortedText } from '../schema/list-types.ts'
import { correlatedElement, correlatedProperty, isUnchanged } from './correlation.ts'
import type { Correlation } from './correlation.ts'
import { formatCheck } from './formats.ts'
import { isInt64, validateNumber } from './number.ts'
import { compileRegex } from './regex.ts'
import { SchemaResult } from './result.ts'
import type { SchemaFault } from './result.ts'

/**
 * Checks a value by a schema. With `old`, what was broken before and did not change is let be.
 *
 * @param prefix of the value's path in errors: `status` for a status that is checked by itself
 */
export function validateValue(value: Value, schema: Schema, prefix: string, old?: Value): FieldError[] {
  const correlation = old === undefined ? undefined : { value, old, schema }
  const { faults } = validate(value, schema, '', correlation)
  return faults.map(({ path, error }) => {
    const inner = path.replace(/^\./, '')
    if (inner === '') return error(prefix === '' ? '<nil>' : prefix)
    return error(prefix === '' ? inner : `${prefix}.${inner}`)
  })
}

const preserved = new Set(['apiVersion', 'kind', 'metadata'])

function validate(value: Value, schema: Schema, path: string, correlation: Correlation | undefined): SchemaResult {
  const result = validateAll(value, schema, path, correlation)
  return result.valid || !isUnchanged(correlation) ? result : new SchemaResult()
}

function validateAll(value: Value, schema: Schema, path: string, correlation: Correlation | undefined): SchemaResult {
  const result = new SchemaResult()
  const types = typesOf(schema)
  if (value === null) {
    if (types.length > 0 && schema.nullable !== true) result.add(wrongType(path, types.join(','), 'null'))
    else result.matches++
    checkEnum(value, schema, path, result)
    return result
  }
  if (types.length > 0 || (schema.format ?? '') !== '') {
    checkType(value, schema, types, path, result)
    result.matches++
  }
  checkCombinations(value, schema, path, result)
  result.matches++
  if (typeof value === 'string') {
    checkString(value, schema, path, result)
    result.matches++
    const format = formatCheck(schema.format)
    if (format) {
      if (!format(value)) result.add(wrongType(path, schema.format ?? '', value, value))
      result.matches++
    }
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    validateNumber(value, schema, path, result)
    result.matches++
  }
  if (isList(value)) {
    checkList(value, schema, path, correlation, result)
    result.matches++
  }
  checkEnum(value, schema, path, result)
  result.matches++
  if (isObject(value)) {
    checkObject(value, schema, path, correlation, result)
    result.matches++
  }
  result.matches++
  return result
}

function typesOf(schema: Schema): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string']
  return schema.type === undefined || schema.type === '' ? [] : [schema.type]
}

function typeOfValue(value: Value): string {
  if (isList(value)) return 'array'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'boolean'
    case 'number':
    case 'bigint':
      return isInt64(value) ? 'integer' : 'number'
    default:
      return 'object'
  }
}

function wrongType(path: string, type: string, found: string, value: Value = found): SchemaFault {
  const name = path === '' ? '' : path.replace(/^\./, '')
  const message = `${name} in body must be of type ${type}: ${quote(found)}`
  return { path, message, error: (at) => typeInvalid(at, value, message) }
}

function checkType(value: Value, schema: Schema, types: readonly string[], path: string, result: SchemaResult): void {
  const found = typeOfValue(value)
  const format = schema.format ?? ''
  const numeric = types.includes('number') || types.includes('integer')
  const fits = types.includes(found) || (found === 'integer' && types.includes('number'))
  const wordy = typeof value === 'string' || isList(value)
  if (!wordy && format !== '' && !fits) {
    result.add(wrongType(path, format, found === 'integer' ? 'int64' : found === 'number' ? 'float64' : ''))
    return
  }
  if (!numeric && format !== '' && wordy) result.matches++
  else if (fits) result.matches++
  else result.add(wrongType(path, types.join(','), found))
}

/** A fault whose message names the field as the schema's walker does. */
function fault(path: string, text: string, error: (at: string, message: string) => FieldError): SchemaFault {
  const name = path.replace(/^\./, '')
  const message = `${name} in body ${text}`
  return { path, message, error: (at) => error(at, message) }
}

function checkString(value: string, schema: Schema, path: string, result: SchemaResult): void {
  const { maxLength, minLength, pattern } = schema
  const length = maxLength === undefined && minLength === undefined ? 0 : Array.from(value).length
  if (maxLength !== undefined && length > maxLength) {
    result.add(fault(path, `should be at most ${maxLength} chars long`, (at) => tooLong(at, maxLength)))
    return
  }
  if (minLength !== undefined && length < minLength) {
    result.add(fault(path, `should be at least ${minLength} chars long`, (at, why) => invalidValue(at, value, why)))
    return
  }
  if (pattern === undefined || pattern === '') return
  const regex = compileRegex(pattern)
  if (regex instanceof Error) {
    const text = `should match '${pattern}, but pattern is invalid: ${regex.message}'`
    result.add(fault(path, text, (at, why) => invalidValue(at, value, why)))
  } else if (!regex.matcher(value).find()) {
    result.add(fault(path, `should match '${pattern}'`, (at, why) => invalidValue(at, value, why)))
  }
}

function checkEnum(value: Value, schema: Schema, path: string, result: SchemaResult): void {
  if (!schema.enum || schema.enum.length === 0) return
  const text = sortedText(value)
  if (schema.enum.some((allowed) => sortedText(allowed) === text)) return
  const allowed = schema.enum.map((one) => (typeof one === 'string' ? one : plainJson(one)))
  result.add(fault(path, `should be one of [${allowed.join(' ')}]`, (at) => notSupported(at, value, allowed)))
}

function checkList(
  value: Value[],
  schema: Schema,
  path: string,
  correlation: Correlation | undefined,
  result: SchemaResult,
): void {
  const items = itemsOf(schema)
  if (items) {
    value.forEach((element, index) => {
      const inner = correlatedElement(correlation, index)
      result.merge(validate(element, items, `${path}[${index}]`, inner))
    })
  }
  const { minItems, maxItems } = schema
  if (minItems !== undefined && value.length < minItems) {
    const text = `should have at least ${minItems} items`
    result.add(fault(path, text, (at, why) => invalidValue(at, value.length, why)))
  }
  if (maxItems !== undefined && value.length > maxItems) {
    const text = `should have at most ${maxItems} items`
    result.add(fault(path, text, (at) => tooMany(at, value.length, maxItems)))
  }
  if (schema.uniqueItems === true && new Set(value.map(sortedText)).size < value.length)
    result.add(fault(path, "shouldn't contain duplicates", (at, why) => invalidValue(at, '', why)))
  result.matches++
}

function checkObject(
  value: { readonly [key: string]: Value },
  schema: Schema,
  path: string,
  correlation: Correlation | undefined,
  result: SchemaResult,
): void {
  const keys = Object.keys(value)
  const { minProperties, maxProperties, properties = {}, additionalProperties } = schema
  if (minProperties !== undefined && keys.length < minProperties) {
    const text = `should have at least ${minProperties} properties`
    result.add(fault(path, text, (at, why) => invalidValue(at, keys.length, why)))
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    const text = `should have at most ${maxProperties} properties`
    result.add(fault(path, text, (at) => tooMany(at, keys.length, maxProperties)))
  }
  const inner = (key: string, one: Schema): void => {
    // Both sides have been converted to one version: changes of the version can't be seen.
    const own = path === '' && preserved.has(key) ? undefined : correlatedProperty(correlation, key)
    result.merge(validate(value[key] as Value, one, `${path}.${key}`, own))
  }
  for (const key of keys) {
    if (Object.hasOwn(properties, key)) continue
    if (additionalProperties === false) {
      const message = `${path.replace(/^\./, '')}.${key} in body is a forbidden property`
      result.add({ path, message, error: (at) => invalidValue(at, key, message) })
    } else if (typeof additionalProperties === 'object') inner(key, additionalProperties)
  }
  for (const [name, property] of Object.entries(properties)) if (Object.hasOwn(value, name)) inner(name, property)
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(value, name)) continue
    const at = `${path}.${name}`
    result.add({ path: at, message: `${at} in body is required`, error: (field) => required(field) })
  }
}

/** A fault of a combination as a whole: it stands at no field. */
function combination(path: string, text: string): SchemaFault {
  const message = `${quote(path.replace(/^\./, ''))} ${text}`
  return { path: '', message, error: (at) => invalidValue(at, '', message) }
}

function checkCombinations(value: Value, schema: Schema, path: string, result: SchemaResult): void {
  const { anyOf = [], oneOf = [], allOf = [], not } = schema
  if (anyOf.length > 0) checkAnyOf(value, anyOf, path, result)
  if (oneOf.length > 0) checkOneOf(value, oneOf, path, result)
  if (allOf.length > 0) {
    const results = allOf.map((one) => validate(value, one, path, undefined))
    for (const one of results) result.merge(one)
    const validated = results.filter(({ valid }) => valid).length
    if (validated !== allOf.length)
      result.add(combination(path, `must validate all the schemas (allOf)${validated === 0 ? '. None validated' : ''}`))
  }
  if (not && validate(value, not, path, undefined).valid)
    result.add(combination(path, 'must not validate the schema (not)'))
  result.matches++
}

function checkAnyOf(value: Value, anyOf: readonly Schema[], path: string, result: SchemaResult): void {
  let best: SchemaResult | undefined
  for (const one of anyOf) {
    const found = validate(value, one, path, undefined)
    if (found.valid) {
      result.merge(found)
      return
    }
    if (!best || found.matches > best.matches) best = found
  }
  result.add(combination(path, 'must validate at least one schema (anyOf)'))
  if (best) result.merge(best)
}

function checkOneOf(value: Value, oneOf: readonly Schema[], path: string, result: SchemaResult): void {
  let best: SchemaResult | undefined
  let first: SchemaResult | undefined
  let validated = 0
  for (const one of oneOf) {
    const found = validate(value, one, path, undefined)
    if (found.valid) {
      validated++
      best = undefined
      first ??= found
    } else if (validated === 0 && (!best || found.matches > best.matches)) best = found
  }
  if (validated === 1 && first) {
    result.merge(first)
    return
  }
  const found = validated === 0 ? 'Found none valid' : `Found ${validated} valid alternatives`
  result.add(combination(path, `must validate one and only one schema (oneOf). ${found}`))
  if (best) result.merge(best)
}
