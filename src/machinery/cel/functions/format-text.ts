import { quote } from '../../errors/quote.ts'
import { CelError } from '../error.ts'
import { elements, isList, isMap, kindOf, Duration, Timestamp, TypeValue, Uint } from '../values/values.ts'
import type { ListValue, MapValue, Value } from '../values/values.ts'
import { doubleText, durationText, timeText } from './texts.ts'

/** What each verb of a format takes, and how it says that it takes nothing else. */
export const clauses: { readonly [verb: string]: { readonly kinds: readonly string[]; readonly refusal: string } } = {
  s: {
    kinds: 'list map int uint double bool string timestamp bytes duration type null'.split(' '),
    refusal:
      'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  },
  d: { kinds: ['int', 'uint'], refusal: 'decimal clause can only be used on integers' },
  f: { kinds: ['double', 'string'], refusal: 'fixed-point clause can only be used on doubles' },
  e: { kinds: ['double', 'string'], refusal: 'scientific clause can only be used on doubles' },
  b: { kinds: ['int', 'uint', 'bool'], refusal: 'only integers and bools can be formatted as binary' },
  x: {
    kinds: ['int', 'uint', 'string', 'bytes'],
    refusal: 'only integers, byte buffers, and strings can be formatted as hex',
  },
  X: {
    kinds: ['int', 'uint', 'string', 'bytes'],
    refusal: 'only integers, byte buffers, and strings can be formatted as hex',
  },
  o: { kinds: ['int', 'uint'], refusal: 'octal clause can only be used on integers' },
}

/** A piece of a format: text as it is, or what becomes of an argument. */
export type FormatPart = string | { readonly verb: string; readonly precision: number }

/** Reads a format for so many arguments, up to the first that is missing. @throws CelError */
export function* readFormat(template: string, count: number): Generator<FormatPart> {
  let next = 0
  for (let at = 0; at < template.length;) {
    if (template[at] !== '%') {
      const end = template.indexOf('%', at)
      yield template.slice(at, end < 0 ? undefined : end)
      at = end < 0 ? template.length : end
    } else if (template[at + 1] === '%') {
      yield '%'
      at += 2
    } else {
      if (at + 1 >= template.length) throw new CelError('unexpected end of string')
      if (next >= count) throw new CelError(`index ${next} out of range`)
      next++
      const clause = readClause(template.slice(at + 1))
      yield clause
      at += clause.length + 1
    }
  }
}

function readClause(text: string): { readonly verb: string; readonly precision: number; readonly length: number } {
  const refuse = (why: string): CelError => new CelError(`could not parse formatting clause: ${why}`)
  const [written = '', digits] = /^\.(\d*)/.exec(text) ?? []
  const verb = text[written.length]
  if (verb === undefined) throw refuse('error while parsing precision: could not find end of precision specifier')
  if (digits === '')
    throw refuse(
      'error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax',
    )
  if (!Object.hasOwn(clauses, verb)) throw refuse(`unrecognized formatting clause "${verb}"`)
  return { verb, precision: digits === undefined ? 6 : Number(digits), length: written.length + 1 }
}

/** `'%s has %d'.format([a, 1])` */
export function formatText(template: string, args: ListValue): string {
  let result = ''
  let next = 0
  for (const part of readFormat(template, args.size))
    result += typeof part === 'string' ? part : clauseText(part.verb, part.precision, args.at(next++))
  return result
}

function clauseText(verb: string, precision: number, value: Value): string {
  const refuse = (): never => {
    throw new CelError(`error during formatting: ${clauses[verb]?.refusal}, was given ${kindOf(value)}`)
  }
  const whole = value instanceof Uint ? value.value : value
  switch (verb) {
    case 's':
      return valueText(value) ?? refuse()
    case 'f':
      return grouped(doubleOf(whole) ?? refuse(), precision)
    case 'e':
      return scientific(doubleOf(whole) ?? refuse(), precision)
    case 'x':
      return hexText(whole) ?? refuse()
    case 'X':
      return (hexText(whole) ?? refuse()).toUpperCase()
    case 'b':
      if (typeof whole === 'boolean') return whole ? '1' : '0'
      return typeof whole === 'bigint' ? whole.toString(2) : refuse()
    default:
      return typeof whole === 'bigint' ? whole.toString(verb === 'o' ? 8 : 10) : refuse()
  }
}

function doubleOf(value: Value): number | undefined {
  if (typeof value === 'number') return value
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined
}

const special = (value: number): string => (Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞')

function grouped(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value)
  const [whole = '', fraction] = value.toFixed(precision).split('.')
  const digits = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? digits : `${digits}.${fraction}`
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function scientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value)
  const [mantissa = '', exponent = ''] = value.toExponential(precision).split('e')
  const digits = Array.from(exponent.slice(1).padStart(2, '0'), (digit) => raised[Number(digit)])
  return `${mantissa}×10${exponent.startsWith('-') ? '⁻' : ''}${digits.join('')}`
}

function hexText(value: Value): string | undefined {
  if (typeof value === 'bigint') return value.toString(16)
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  if (!(bytes instanceof Uint8Array)) return undefined
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A value as `%s` shows it; `undefined` for what it does not take. */
function valueText(value: Value): string | undefined {
  if (value === null) return 'null'
  if (typeof value === 'number') return doubleText(value)
  if (typeof value !== 'object') return String(value)
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (value instanceof TypeValue) return value.name
  if (value instanceof Timestamp) return timeText(value)
  if (value instanceof Duration) return durationText(value)
  if (isList(value)) return `[${[...elements(value)].map(innerText).join(', ')}]`
  return isMap(value) ? mapText(value) : undefined
}

function mapText(map: MapValue): string {
  const entries = [...map.keys()].map((key) => [innerText(key), innerText(map.get(key) ?? null)] as const)
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map((entry) => entry.join(':')).join(', ')}}`
}

/** A value within another: as the language writes it. */
function innerText(value: Value): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value.toFixed(6) : quote(special(value))
  if (value instanceof Uint8Array) return `b${quote(new TextDecoder().decode(value))}`
  if (value instanceof Timestamp) return `timestamp("${timeText(value)}")`
  if (value instanceof Duration) return `duration("${durationText(value)}")`
  if (value instanceof TypeValue) return `type(${value.name})`
  const text = valueText(value)
  if (text === undefined) throw new CelError(`error during formatting: no formatting function for ${kindOf(value)}`)
  return text
}
