import { groupVersions } from '#api'
import type { FieldData, TypeData } from '#api'
import { goFieldName } from './go-names.ts'
import { dumpQuantity } from './quantity.ts'

/** Prints a value as Go's spew does with types, methods off and keys sorted. `typed` names the type in front. */
type Dump = (value: unknown, typed: boolean) => string

const scalarTypes: { readonly [name: string]: string } = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  bool: 'bool',
  double: 'float64',
}

const zeroTime = '{wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}'
const compiled = new Map<string, Dump>()

/**
 * The dump of an API value on which hashes of templates rest: that of Go's spew over the Go types, byte for byte, so
 * that objects keep their names when controllers of another make take over.
 *
 * @param type `core/v1.PodTemplateSpec`.
 */
export function dumpApiValue(type: string, value: unknown): string {
  return structDump(type)(value, true)
}

function structDump(name: string): Dump {
  const known = compiled.get(name)
  if (known) return known
  let fields: readonly ((object: Record) => string)[] | undefined
  const [place = '', type = ''] = name.split('.')
  const data = groupVersions.get(place)?.types[type]
  if (!data) throw new Error(`type ${name} is unknown`)
  const goType = `(${place.split('/')[1]}.${type})`
  const dump: Dump = (value, typed) => {
    fields ??= fieldDumps(place, type, data)
    const object = (value ?? {}) as Record
    return `${typed ? goType : ''}{${fields.map((field) => field(object)).join(' ')}}`
  }
  compiled.set(name, dump)
  return dump
}

interface Record {
  readonly [field: string]: unknown
}

function fieldDumps(place: string, type: string, data: TypeData): readonly ((object: Record) => string)[] {
  return Object.entries(data.fields ?? {}).map(([key, field]) => {
    if (key.startsWith('...')) {
      const name = key.slice(3)
      const dump = structDump(qualified(place, name))
      const label = `${name.split('.').at(-1)}:`
      return (object) => label + dump(object, true)
    }
    const label = `${goFieldName(type, key)}:`
    const dump = expressionDump(place, field.type ?? '', field)
    return (object) => label + dump(object[key], true)
  })
}

const qualified = (place: string, name: string): string => (name.includes('.') ? name : `${place}.${name}`)

function expressionDump(place: string, expression: string, field?: FieldData): Dump {
  if (expression.startsWith('*')) return pointerDump(place, expression.slice(1), field)
  if (expression.startsWith('[]')) return listDump(place, expression.slice(2), field)
  if (expression.startsWith('map[string]')) return mapDump(place, expression.slice(11), field)
  const named = field?.goType
  switch (expression) {
    case 'quantity':
      return prefixed('resource.Quantity', (value) => dumpQuantity(typeof value === 'string' ? value : '0'))
    case 'intOrString':
      return prefixed('intstr.IntOrString', intOrString)
    case 'time':
      return prefixed('v1.Time', () => `{Time:(time.Time)${zeroTime}}`)
    case 'bool':
      return prefixed(named ?? 'bool', (value) => String(value === true))
    case 'fieldsV1':
      return prefixed('v1.FieldsV1', (value) => `{Raw:([]uint8)${byteList(JSON.stringify(value ?? {}))}}`)
  }
  const scalar = scalarTypes[expression]
  if (scalar === undefined) return structDump(qualified(place, expression))
  const zero = scalar === 'string' ? '' : '0'
  return prefixed(named ?? scalar, (value) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : zero,
  )
}

/** Go type of an expression. */
function goTypeOf(place: string, expression: string, field?: FieldData): string {
  if (field?.goType !== undefined) return field.goType
  if (expression.startsWith('*')) return `*${goTypeOf(place, expression.slice(1))}`
  if (expression.startsWith('[]')) return `[]${goTypeOf(place, expression.slice(2))}`
  if (expression.startsWith('map[string]')) return `map[string]${goTypeOf(place, expression.slice(11))}`
  const special: { readonly [name: string]: string } = {
    quantity: 'resource.Quantity',
    intOrString: 'intstr.IntOrString',
    time: 'v1.Time',
    fieldsV1: 'v1.FieldsV1',
  }
  const scalar = special[expression] ?? scalarTypes[expression]
  if (scalar !== undefined) return scalar
  const [of = '', type = ''] = qualified(place, expression).split('.')
  return `${of.split('/')[1]}.${type}`
}

function prefixed(type: string, print: (value: unknown) => string): Dump {
  const prefix = `(${type})`
  return (value, typed) => (typed ? prefix + print(value) : print(value))
}

function pointerDump(place: string, expression: string, field?: FieldData): Dump {
  const type = goTypeOf(place, expression, field)
  const inner = expressionDump(place, expression, field)
  return (value) => (value === undefined || value === null ? `(*${type})<nil>` : `(*${type})${inner(value, false)}`)
}

function listDump(place: string, expression: string, field?: FieldData): Dump {
  const type = goTypeOf(place, `[]${expression}`, field)
  const inner = expressionDump(place, expression)
  return prefixed(type, (value) => {
    if (!Array.isArray(value) || value.length === 0) return '<nil>'
    return `[${value.map((item) => inner(item, false)).join(' ')}]`
  })
}

function mapDump(place: string, expression: string, field?: FieldData): Dump {
  const type = goTypeOf(place, `map[string]${expression}`, field)
  const inner = expressionDump(place, expression)
  return prefixed(type, (value) => {
    const entries = Object.entries((value ?? {}) as Record)
    if (entries.length === 0) return '<nil>'
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    return `map[${entries.map(([key, item]) => `${key}:${inner(item, false)}`).join(' ')}]`
  })
}

function intOrString(value: unknown): string {
  const isText = typeof value === 'string'
  const number = typeof value === 'number' ? value : 0
  return `{Type:(intstr.Type)${isText ? 1 : 0} IntVal:(int32)${number} StrVal:(string)${isText ? value : ''}}`
}

function byteList(text: string): string {
  return `[${[...new TextEncoder().encode(text)].join(' ')}]`
}
