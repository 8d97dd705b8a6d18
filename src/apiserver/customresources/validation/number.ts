import { invalidValue } from '#machinery'
import type { Schema } from '../schema/schema.ts'
import type { SchemaResult } from './result.ts'

/** Checks what a schema says of a number. Limits are compared as integers where the value is one. */
export function validateNumber(value: number | bigint, schema: Schema, path: string, result: SchemaResult): void {
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  const name = path.replace(/^\./, '')
  const add = (text: string): void => {
    const message = `${name} in body ${text}`
    result.add({ path, message, error: (at) => invalidValue(at, value, message) })
  }
  const range = outOfRange(value, schema)
  if (range !== undefined) {
    const message = `Checked value must be of type ${schema.type} with format ${range} in ${path}`
    result.add({ path: '', message, error: (at) => invalidValue(at, '', message) })
  }
  const limit = (bound: number): number => (whole ? Math.trunc(bound) : bound)
  const { multipleOf, maximum, minimum, exclusiveMaximum = false, exclusiveMinimum = false } = schema
  const factor = multipleOf === undefined || !whole ? multipleOf : Math.trunc(multipleOf)
  if (factor !== undefined && factor <= 0) {
    const message = `factor MultipleOf declared for ${name} must be positive: ${factor}`
    result.add({ path, message, error: (at) => invalidValue(at, factor, message) })
  } else if (multipleOf !== undefined && !isMultiple(value, multipleOf, whole))
    add(`should be a multiple of ${whole ? Math.trunc(multipleOf) : multipleOf}`)
  if (minimum !== undefined && (exclusiveMinimum ? value <= limit(minimum) : value < limit(minimum)))
    add(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${limit(minimum)}`)
  if (maximum !== undefined && (exclusiveMaximum ? value >= limit(maximum) : value > limit(maximum)))
    add(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${limit(maximum)}`)
  result.matches++
}

function isMultiple(value: number | bigint, factor: number, whole: boolean): boolean {
  if (whole && Number.isInteger(factor)) return BigInt(value) % BigInt(factor) === 0n
  const ratio = factor < 1 ? (1 / factor) * Number(value) : Number(value) / factor
  return Math.abs(ratio - Math.round(ratio)) < 1e-9
}

/** The format whose range the value does not fit; formats of other types are notes. */
function outOfRange(value: number | bigint, { type, format }: Schema): string | undefined {
  if (type === 'integer' && format === 'int32') return value < -(2 ** 31) || value >= 2 ** 31 ? format : undefined
  if (type === 'number' && format === 'float')
    return Math.abs(Number(value)) > 3.4028234663852886e38 ? format : undefined
  return undefined
}
