import type { Json } from '#api'
import { Remembered } from '#base'
import { parseJsonText } from '../../codec/json/parse.ts'
import { quote } from '../../errors/quote.ts'
import { compareText, compareUnits, elementJson } from './text.ts'

/**
 * One step of a path, as FieldsV1 writes it: `f:<name>` for a field or the key of a map, `k:<keys as JSON>` for an item
 * of a list of type map, `v:<value as JSON>` for an item of a set, `i:<position>` for an item of an atomic list.
 */
export type PathElement = string

/** Marks, among the elements below a path, that the path itself is in the set too. */
export const self = '.'

export type KeyField = readonly [name: string, value: Json]

type Parsed =
  | { readonly kind: 'key'; readonly fields: readonly KeyField[] }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'index'; readonly index: number }

/** The element of a field or of a key of a map. */
export const fieldElement = (name: string): PathElement => fieldElements.of(name)

/** Keys of one map whose elements are remembered; what has more is data, whose keys hardly come again. */
const mostRemembered = 256

/** The element of the key at a position among those of its map. */
export const elementOfKeyAt = (name: string, position: number): PathElement =>
  position < mostRemembered ? fieldElement(name) : `f:${name}`

/** Elements of names, which come again and again. Bounded, because keys of maps are without end. */
const fieldElements = new Remembered<PathElement>(8192, (name) => `f:${name}`)

export const valueElement = (value: Json): PathElement => `v:${elementJson(value)}`
export const indexElement = (index: number): PathElement => `i:${index}`

/** The element of a list item with these keys, which are given in order of their names. */
export function keyElement(fields: readonly KeyField[]): PathElement {
  return `k:{${fields.map(([name, value]) => `${JSON.stringify(name)}:${elementJson(value)}`).join(',')}}`
}

/** What is wrong with a text that should be a path element. */
export class PathElementError extends Error {}

/**
 * The element in the one form in which it is written, so that equal elements are equal texts; `undefined` for kinds
 * of elements that are not known, which are left out of sets.
 *
 * @throws PathElementError for what is no path element.
 */
export function canonicalElement(text: string): PathElement | undefined {
  if (text.startsWith('f:')) return text
  if (text.length < 2) throw new PathElementError('key must be 2 characters long:')
  if (text[1] !== ':') throw new PathElementError(`missing colon: ${text}`)
  const kind = text[0]
  if (kind !== 'k' && kind !== 'v' && kind !== 'i') return undefined
  const parsed = parse(text)
  switch (parsed.kind) {
    case 'key':
      return keyElement(parsed.fields)
    case 'value':
      return valueElement(parsed.value)
    case 'index':
      return indexElement(parsed.index)
  }
}

/** Fields come first, then keys, values, positions. */
function rank(element: PathElement): number {
  switch (element.charCodeAt(0)) {
    case 0x66:
      return 1
    case 0x6b:
      return 2
    case 0x76:
      return 3
    case 0x69:
      return 4
    default:
      return 0
  }
}

/** The order of elements in a set, {@link self} first. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0
  const kind = rank(a)
  const other = rank(b)
  if (kind !== other) return kind - other
  if (kind <= 1) return compareText(a, b)
  return compareInString(a, b) ?? compareParsed(parse(a), parse(b))
}

/**
 * Decides between elements that first differ within a string that is not escaped, which is nearly always so, without
 * parsing them. The string that ends first is the lesser.
 */
function compareInString(a: PathElement, b: PathElement): number | undefined {
  const length = Math.min(a.length, b.length)
  let inside = false
  for (let i = 2; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) {
      if (!inside || x === 0x5c || y === 0x5c) return undefined
      return x === 0x22 ? -1 : y === 0x22 ? 1 : compareUnits(x, y)
    }
    if (x === 0x5c) return undefined
    if (x === 0x22) inside = !inside
  }
  return undefined
}

/** Parsed elements by their text. Bounded, because texts hold names and identifiers without end. */
const parsedElements = new Remembered<Parsed>(4096, (element) => parseText(element[0], element.slice(2)))

const parse = (element: PathElement): Parsed => parsedElements.of(element)

function parseText(kind: string | undefined, text: string): Parsed {
  if (kind === 'i') {
    if (!/^[+-]?\d+$/.test(text)) {
      throw new PathElementError(`strconv.Atoi: parsing ${quote(text)}: invalid syntax`)
    }
    return { kind: 'index', index: Number(text) }
  }
  const value = parseJson(text)
  if (kind === 'v') return { kind: 'value', value }
  if (typeof value !== 'object' || Array.isArray(value))
    throw new PathElementError(`expected an object of keys: ${text}`)
  return { kind: 'key', fields: Object.entries(value ?? {}).sort(([a], [b]) => compareText(a, b)) }
}

function parseJson(text: string): Json {
  try {
    return parseJsonText(text) as Json
  } catch {
    throw new PathElementError(`expected JSON: ${text}`)
  }
}

function compareParsed(a: Parsed, b: Parsed): number {
  if (a.kind === 'key' && b.kind === 'key') return compareKeys(a.fields, b.fields)
  if (a.kind === 'value' && b.kind === 'value') return compareValues(a.value, b.value)
  if (a.kind === 'index' && b.kind === 'index') return a.index - b.index
  return 0
}

function compareKeys(a: readonly KeyField[], b: readonly KeyField[]): number {
  for (let i = 0; ; i++) {
    const x = a[i]
    const y = b[i]
    if (x === undefined || y === undefined) return (x === undefined ? 0 : 1) - (y === undefined ? 0 : 1)
    const order = compareText(x[0], y[0]) || compareValues(x[1], y[1])
    if (order !== 0) return order
  }
}

/** Order of values of any kind: numbers, strings, booleans, lists, maps, null. */
function compareValues(a: Json, b: Json): number {
  const kind = valueRank(a)
  const other = valueRank(b)
  if (kind !== other) return kind - other
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b)
  if (a === null || b === null) return 0
  return compareKeys(sortedFields(a), sortedFields(b))
}

function sortedFields(value: Json): KeyField[] {
  return Object.entries(value ?? {}).sort(([a], [b]) => compareText(a, b))
}

function compareLists(a: readonly Json[], b: readonly Json[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareValues(a[i] ?? null, b[i] ?? null)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function valueRank(value: Json): number {
  switch (typeof value) {
    case 'number':
      return 0
    case 'string':
      return 1
    case 'boolean':
      return 2
    default:
      return Array.isArray(value) ? 3 : value === null ? 5 : 4
  }
}

/** The element as messages write it: `.name`, `[containerPort=80,protocol="TCP"]`, `[="value"]`, `[0]`. */
export function elementText(element: PathElement): string {
  if (element.startsWith('f:')) return `.${element.slice(2)}`
  const parsed = parse(element)
  switch (parsed.kind) {
    case 'key':
      return `[${parsed.fields.map(([name, value]) => `${name}=${valueText(value)}`).join(',')}]`
    case 'value':
      return `[=${valueText(parsed.value)}]`
    case 'index':
      return `[${parsed.index}]`
  }
}

function valueText(value: Json): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => valueText(item)).join(',')}]`
  return sortedFields(value)
    .map(([name, member]) => `${name}=${valueText(member)}`)
    .join('')
}

/** A number as messages write it: from a million on, and below a ten-thousandth, with an exponent of two digits. */
export function numberText(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
