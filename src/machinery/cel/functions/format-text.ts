import { CelError } from '../error.ts'
import { Duration, isList, isMap, elements, Timestamp, TypeValue, Uint } from '../values/values.ts'
import type { ListValue, Value } from '../values/values.ts'
import { typeName } from '../types/types.ts'

/** `'%s has %d'.format([a, 1])` */
export function formatText(template: string, args: ListValue): string {
  let next = 0
  return template.replaceAll(/%(?:(%)|(?:\.(\d+))?([a-zA-Z]))|%/g, (clause, percent, precision, verb) => {
    if (percent !== undefined) return '%'
    if (verb === undefined) throw new CelError('unexpected end of string')
    if (next >= args.size) throw new CelError(`index ${next} out of range`)
    return clauseText(String(verb), precision === undefined ? 6 : Number(precision), args.at(next++), clause)
  })
}

function clauseText(verb: string, precision: number, value: Value, clause: string): string {
  const refuse = (): never => {
    throw new CelError(`error during formatting: could not convert argument of clause ${clause}`)
  }
  const whole = value instanceof Uint ? value.value : value
  switch (verb) {
    case 's':
      return valueText(value)
    case 'd':
      return typeof whole === 'bigint' ? String(whole) : refuse()
    case 'f':
      return Number(typeof whole === 'object' || typeof whole === 'string' ? refuse() : whole).toFixed(precision)
    case 'e':
      return typeof whole === 'number' ? whole.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2') : refuse()
    case 'b':
      return typeof whole === 'bigint'
        ? whole.toString(2)
        : typeof whole === 'boolean'
          ? String(Number(whole))
          : refuse()
    case 'o':
      return typeof whole === 'bigint' ? whole.toString(8) : refuse()
    case 'x':
    case 'X': {
      const text =
        typeof whole === 'bigint'
          ? whole.toString(16)
          : hexOf(
              typeof value === 'string'
                ? new TextEncoder().encode(value)
                : value instanceof Uint8Array
                  ? value
                  : refuse(),
            )
      return verb === 'x' ? text : text.toUpperCase()
    }
    default:
      throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`)
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A value as `%s` shows it. */
export function valueText(value: Value): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return String(value)
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (value instanceof TypeValue) return typeName(value.type)
  if (value instanceof Timestamp)
    return new Date(Number(value.nanos / 1_000_000n)).toISOString().replace(/\.?0*Z$/, 'Z')
  if (value instanceof Duration) return `${Number(value.nanos) / 1e9}s`
  if (isList(value)) return `[${[...elements(value)].map(valueText).join(', ')}]`
  if (!isMap(value)) return ''
  const entries = [...value.keys()].map((key) => `${valueText(key)}: ${valueText(value.get(key) ?? null)}`)
  return `{${entries.sort().join(', ')}}`
}
