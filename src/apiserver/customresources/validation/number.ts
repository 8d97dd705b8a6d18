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
  if (isOutOfRange(value, schema)) {
    const format = schema.format ? `with format ${schema.format}` : '(default format)'
    const message = `Checked value must be of type ${schema.type} ${format} in ${name}`
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

/** What integers of a format hold of a number; formats that are not known hold what the default does. */
const widths: ReadonlyMap<string, (value: bigint) => bigint> = new Map([
  ['int32', (value: bigint) => BigInt.asIntN(32, value)],
  ['uint32', (value: bigint) => BigInt.asUintN(32, value)],
  ['uint64', (value: bigint) => BigInt.asUintN(64, value)],
])
const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)

/** Whether a number is an integer to the API. The largest may have been rounded when they were read. */
export function isInt64(value: number | bigint): boolean {
  return typeof value === 'bigint'
    ? int64(value) === value
    : Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
}

const largestFloat = 3.4028234663852886e38

/** Whether the value is beyond what its type and format hold. */
function isOutOfRange(value: number | bigint, { type, format = '' }: Schema): boolean {
  if (type === 'number') return (format === 'float' || format === 'float32') && Math.abs(Number(value)) > largestFloat
  if (type !== 'integer') return false
  const width = widths.get(format)
  if (width === undefined || !isInt64(value)) return !isInt64(value)
  const whole = BigInt(value)
  return width(whole) !== whole
}
