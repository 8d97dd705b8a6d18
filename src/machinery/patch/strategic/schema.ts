import type { Field, ScalarName, Type } from '#api'
import { quote } from '../../errors/quote.ts'
import { StrategicPatchError } from './error.ts'

/** How the values of a field are merged. */
export interface Merging {
  readonly schema: Schema
  /** `merge`, `replace`, or empty. */
  readonly strategy: string
  readonly mergeKey: string
}

/** Names of the scalars that are structs in Go. */
const structNames: { readonly [scalar in ScalarName]?: string } = {
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  time: 'Time',
  microTime: 'MicroTime',
  duration: 'Duration',
  rawExtension: 'RawExtension',
  fieldsV1: 'FieldsV1',
  json: 'JSON',
}

/** The type of a value that a patch is merged into. */
export class Schema {
  readonly #type: Type
  readonly #pointer: boolean

  constructor(type: Type, pointer = false) {
    this.#type = type
    this.#pointer = pointer
  }

  /** Kind of the Go type. */
  get kind(): string {
    return this.#pointer ? 'ptr' : kindOf(this.#type)
  }

  /** Merging of a field that holds an object. */
  field(key: string): Merging {
    const field = this.#lookup(key)
    return known(objects, field, () => ({ schema: new Schema(field.type, field.pointer), ...strategyOf(field) }))
  }

  /** Merging of a field that holds a list; the schema is that of the elements. */
  list(key: string): Merging {
    const field = this.#lookup(key)
    if (field.type.kind !== 'list') {
      if (field.pointer) return { schema: new Schema(field.type), ...strategyOf(field) }
      throw new StrategicPatchError(`expected slice or array type, but got: ${this.kind}`)
    }
    if (field.type.element.kind === 'list') throw new StrategicPatchError('unexpected slice of slice')
    const { element } = field.type
    return known(lists, field, () => ({ schema: new Schema(element, field.elementPointer), ...strategyOf(field) }))
  }

  #lookup(key: string): Field {
    const type = this.#type
    const name = type.kind === 'struct' ? type.name : type.kind === 'scalar' ? structNames[type.scalar] : undefined
    if (name === undefined) {
      const kind = kindOf(type)
      throw new StrategicPatchError(`merging an object in json but data type is not struct, instead is: ${kind}`)
    }
    const field = type.kind === 'struct' ? type.byName.get(key) : undefined
    if (field !== undefined) return field
    throw new StrategicPatchError(`unable to find api field in struct ${name} for the json field ${quote(key)}`)
  }
}

/** How fields that hold objects, and the items of those that hold lists, are merged: found out once. */
const objects = new WeakMap<Field, Merging>()
const lists = new WeakMap<Field, Merging>()

function known(mergings: WeakMap<Field, Merging>, field: Field, find: () => Merging): Merging {
  let merging = mergings.get(field)
  if (merging === undefined) mergings.set(field, (merging = find()))
  return merging
}

function strategyOf({ data }: Field): { readonly strategy: string; readonly mergeKey: string } {
  const strategies = (data.patch ?? '').split(',').filter((strategy) => strategy !== 'retainKeys')
  return { strategy: strategies[0] ?? '', mergeKey: data.mergeKey ?? '' }
}

function kindOf(type: Type): string {
  if (type.kind === 'list') return 'slice'
  if (type.kind !== 'scalar') return type.kind
  if (structNames[type.scalar] !== undefined) return 'struct'
  if (type.scalar === 'bytes') return 'slice'
  if (type.scalar === 'any') return 'interface'
  return type.scalar === 'double' ? 'float64' : type.scalar
}
