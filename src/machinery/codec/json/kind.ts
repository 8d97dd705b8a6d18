import { NumberLiteral } from './literal.ts'

/** Kind of a parsed JSON value, as type errors name it. */
export function jsonKindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'bigint' || value instanceof NumberLiteral) return 'number'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
