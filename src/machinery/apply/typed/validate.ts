import type { Json } from '#api'
import { quote } from '../../errors/quote.ts'
import { elementText, fieldElement, indexElement, numberText } from '../fields/element.ts'
import type { PathElement } from '../fields/element.ts'
import { compareText } from '../fields/text.ts'
import { kindOf, listBit, mapBit, scalarBit, typeOfKey } from '../types/merge-type.ts'
import type { ListMerge, MapMerge, MergeType, ScalarKind } from '../types/merge-type.ts'
import { elementOf, itemProblem } from './items.ts'
import { isKnownRight, isSound, rememberRight } from './sound.ts'
import { nullNumber } from './null-number.ts'
import { asItems, asMembers } from './value.ts'

/** One fault of a value, at a path like `.spec.ports`; the empty path is the whole value. */
export interface TypeFault {
  readonly path: string
  readonly message: string
}

export interface ValidateOptions {
  /** Lists that should be sets or maps may hold several items with one key, as stored objects sometimes do. */
  readonly allowDuplicates?: boolean
  /** The value was decoded by the server. Of built-in types, only what decoding doesn't see is checked then. */
  readonly decoded?: boolean
}

/** Checks a value against its type; `undefined` when it is right. */
export function validate(
  type: MergeType,
  value: Json,
  options: ValidateOptions = {},
): readonly TypeFault[] | undefined {
  return new Validator(options).object(type, value)
}

/** All faults as one message: a single one as it is, several as a list, one a line. */
export function faultText(faults: readonly TypeFault[]): string {
  const texts = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return texts.length === 1 ? (texts[0] ?? '') : ['errors:', ...texts.map((text) => `  ${text}`)].join('\n')
}

type Faults = TypeFault[] | undefined

const fault = (message: string): TypeFault[] => [{ path: '', message }]

function below(element: PathElement, faults: Faults): Faults {
  if (faults === undefined) return undefined
  const text = elementText(element)
  return faults.map(({ path, message }) => ({ path: text + path, message }))
}

class Validator {
  readonly #allowDuplicates: boolean
  readonly #decoded: boolean

  constructor({ allowDuplicates, decoded }: ValidateOptions) {
    this.#allowDuplicates = allowDuplicates === true
    this.#decoded = decoded === true && this.#allowDuplicates
  }

  /** A whole object: parts of it that were found right before, such as its spec, are not looked at again. */
  object(type: MergeType, value: Json): Faults {
    const { map } = type
    return this.#decoded && !type.builtin && map !== undefined ? this.#map(map, value, true) : this.value(type, value)
  }

  value(type: MergeType, value: Json): Faults {
    if (this.#decoded && type.builtin && isSound(type)) return undefined
    const kind = kindOf(type, value)
    if (kind & mapBit) return this.#map(type.map as MapMerge, value)
    if (kind & scalarBit) return scalarFault(type.scalar as ScalarKind, value)
    if (kind & listBit) return this.#list(type.list as ListMerge, value)
    return fault('schema error: invalid atom: inlined')
  }

  #map(map: MapMerge, value: Json, byParts = false): Faults {
    if (value === null) return undefined
    const members = asMembers(value)
    if (members === undefined || value === nullNumber) return fault(`expected map, got ${wrapped(value)}`)
    let faults: Faults
    for (const key in members) {
      const type = typeOfKey(map, key)
      if (type === undefined) {
        const unknown = below(fieldElement(key), fault('field not declared in schema')) ?? []
        return faults === undefined ? unknown : [...faults, ...unknown]
      }
      const part = members[key] as Json
      if (byParts && isKnownRight(type, part)) continue
      const found = this.value(type, part)
      if (byParts && found === undefined) rememberRight(type, part)
      if (found !== undefined) faults = [...(faults ?? []), ...(below(fieldElement(key), found) ?? [])]
    }
    return faults
  }

  #list(list: ListMerge, value: Json): Faults {
    if (value === null) return undefined
    const items = asItems(value)
    if (items === undefined) return fault(`expected list, got ${wrapped(value)}`)
    let faults: Faults
    const seen = list.atomic || this.#allowDuplicates ? undefined : new Set<PathElement>()
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as Json
      const problem = list.atomic ? undefined : itemProblem(list, item)
      if (problem !== undefined) return [...(faults ?? []), ...fault(`element ${i}: ${problem}`)]
      if (seen !== undefined) {
        const element = elementOf(list, item)
        if (seen.has(element))
          faults = [...(faults ?? []), ...fault(`duplicate entries for key ${elementText(element)}`)]
        seen.add(element)
      }
      const found = this.value(list.element, item)
      if (found === undefined) continue
      const element = list.atomic ? indexElement(i) : elementOf(list, item)
      faults = [...(faults ?? []), ...(below(element, found) ?? [])]
    }
    return faults
  }
}

function scalarFault(kind: ScalarKind, value: Json): Faults {
  if (value === null) return undefined
  const type = typeof value
  switch (kind) {
    case 'numeric':
      return type === 'number' || type === 'bigint'
        ? undefined
        : fault(`expected numeric (int or float), got ${typeName(value)}`)
    case 'string':
      return type === 'string'
        ? undefined
        : fault(`expected string, got &value.valueUnstructured{Value:${literal(value)}}`)
    case 'boolean':
      return type === 'boolean' ? undefined : fault(`expected boolean, got ${wrapped(value)}`)
    case 'untyped':
      return type === 'object' ? fault(`expected any scalar, got ${wrapped(value)}`) : undefined
  }
}

function typeName(value: Json): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'float64'
  if (value === nullNumber) return 'structpb.NullValue'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}

/** A value as messages show it in place. */
function wrapped(value: Json): string {
  return `&{${shown(value)}}`
}

function shown(value: Json): string {
  if (value === null) return '<nil>'
  if (value === nullNumber) return 'NULL_VALUE'
  if (typeof value === 'number') return isInteger(value) ? String(value) : numberText(value)
  if (typeof value !== 'object') return String(value)
  const items = asItems(value)
  if (items !== undefined) return `[${items.map(shown).join(' ')}]`
  const members = Object.entries(value).sort(([a], [b]) => compareText(a, b))
  return `map[${members.map(([key, part]) => `${key}:${shown(part)}`).join(' ')}]`
}

/** Numbers that 64 bits hold were read as integers. */
const isInteger = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 63

/** A value as messages show it in full. */
function literal(value: Json): string {
  if (value === null) return 'interface {}(nil)'
  if (value === nullNumber) return '0'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return isInteger(value) ? String(value) : numberText(value)
  if (typeof value !== 'object') return String(value)
  const items = asItems(value)
  if (items !== undefined) return `[]interface {}{${items.map(literal).join(', ')}}`
  const members = Object.entries(value).sort(([a], [b]) => compareText(a, b))
  return `map[string]interface {}{${members.map(([key, part]) => `${quote(key)}:${literal(part)}`).join(', ')}}`
}
