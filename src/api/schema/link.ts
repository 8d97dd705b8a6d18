import type { FieldData, GroupVersionData, TypeData } from './group-version.ts'
import { parseTypeExpression } from './type-expression.ts'
import type { ParsedType } from './type-expression.ts'
import { scalarNames } from './types.ts'
import type { Field, ListType, MapType, ScalarName, ScalarType, StructType, Type, WireField } from './types.ts'

/** Every type of the given group versions, linked, under `<place>.<name>` (`apps/v1.DeploymentSpec`). */
export type TypeTable = ReadonlyMap<string, StructType | ListType>

const scalars: ReadonlyMap<string, ScalarType> = new Map(
  scalarNames.map((scalar: ScalarName) => [scalar, { kind: 'scalar', scalar }]),
)

/**
 * Links API data: resolves type names, spreads inlined structs, and adds the list kind of every listable resource.
 *
 * @throws Error naming the field when a type that it refers to is unknown.
 */
export function linkTypes(places: ReadonlyMap<string, GroupVersionData>): TypeTable {
  const linker = new Linker()
  for (const [place, data] of places) {
    for (const [name, type] of Object.entries(withListKinds(data))) linker.add(place, name, data, type)
  }
  return linker.link()
}

/** What is put into a struct while it is linked. */
interface Growing {
  readonly struct: StructType
  readonly fields: Field[]
  readonly byName: Map<string, Field>
  readonly wireFields: WireField[]
  filled: boolean
}

/** Types are there by name before any of them has fields, since they refer to each other. */
class Linker {
  readonly #table = new Map<string, StructType | ListType>()
  readonly #growing = new Map<StructType, Growing>()

  add(place: string, name: string, data: GroupVersionData, type: TypeData): void {
    const key = `${place}.${name}`
    if (type.alias === undefined) {
      this.#table.set(key, this.#struct(place, name, data, type))
      return
    }
    const element = parseTypeExpression(type.alias)
    if (element.kind !== 'list') throw new Error(`alias ${key} is not a list`)
    this.#table.set(key, { kind: 'list', element: this.#resolve(element.of, place, key), alias: key })
  }

  link(): TypeTable {
    for (const growing of this.#growing.values()) this.#fill(growing)
    return this.#table
  }

  /** A struct that has no fields yet. */
  #struct(place: string, name: string, data: GroupVersionData, type: TypeData): StructType {
    const fields: Field[] = []
    const byName = new Map<string, Field>()
    const wireFields: WireField[] = []
    const struct: StructType = {
      kind: 'struct',
      name,
      place,
      definition: `${data.definitionPrefix}.${name}`,
      message: `${data.protoPackage}.${name}`,
      data: type,
      hasTypeMeta: type.kind === true || type.everyGroup === true,
      fields,
      byName,
      wireFields,
    }
    this.#growing.set(struct, { struct, fields, byName, wireFields, filled: false })
    return struct
  }

  #fill(growing: Growing): void {
    if (growing.filled) return
    growing.filled = true
    for (const [key, field] of Object.entries(growing.struct.data.fields ?? {})) {
      if (key.startsWith('...')) this.#inline(growing, key.slice(3), field)
      else this.#own(growing, key, field)
    }
    growing.wireFields.sort((a, b) => a.id - b.id)
  }

  #own({ struct, fields, byName, wireFields }: Growing, key: string, data: FieldData): void {
    const field = this.#field(key, data, struct.place, `${struct.place}.${struct.name}.${key}`)
    fields.push(field)
    byName.set(key, field)
    if (data.id !== undefined) wireFields.push({ id: data.id, field })
  }

  #inline({ struct, fields, byName, wireFields }: Growing, key: string, { id }: FieldData): void {
    const name = `${struct.place}.${struct.name}`
    const inlined = this.#lookup(key, struct.place, name)
    if (inlined.kind !== 'struct') throw new Error(`${name} inlines ${key}, which is no struct`)
    const other = this.#growing.get(inlined)
    if (other) this.#fill(other)
    for (const field of inlined.fields) {
      fields.push(field)
      byName.set(field.name, field)
    }
    if (id !== undefined) wireFields.push({ id, inlined })
    else wireFields.push(...inlined.wireFields)
  }

  /** @param where the field, for errors: `core/v1.Pod.spec` */
  #field(name: string, data: FieldData, place: string, where: string): Field {
    if (data.type === undefined) throw new Error(`field ${where} has no type`)
    let parsed = parseTypeExpression(data.type)
    const pointer = parsed.kind === 'pointer'
    if (parsed.kind === 'pointer') parsed = parsed.of
    const elementPointer = parsed.kind === 'list' && parsed.of.kind === 'pointer'
    const emit = data.emit ?? (data.required ? 'always' : 'nonEmpty')
    return { name, type: this.#resolve(parsed, place, where), pointer, elementPointer, emit, data }
  }

  #resolve(parsed: ParsedType, place: string, where: string): Type {
    switch (parsed.kind) {
      case 'pointer':
        return this.#resolve(parsed.of, place, where)
      case 'list':
        return { kind: 'list', element: this.#resolve(parsed.of, place, where) } satisfies ListType
      case 'map':
        return { kind: 'map', value: this.#resolve(parsed.of, place, where) } satisfies MapType
      case 'named':
        return this.#lookup(parsed.name, place, where)
    }
  }

  #lookup(name: string, place: string, where: string): Type {
    const scalar = scalars.get(name)
    if (scalar) return scalar
    const found = this.#table.get(name.includes('.') ? name : `${place}.${name}`)
    if (!found) throw new Error(`${where} refers to unknown type ${name}`)
    return found
  }
}

/** The types of a group version, with `<kind>List` for every resource that can be listed and has none of its own. */
function withListKinds(data: GroupVersionData): { readonly [name: string]: TypeData } {
  const types: { [name: string]: TypeData } = { ...data.types }
  for (const resource of Object.values(data.resources)) {
    const name = `${resource.kind}List`
    if (types[name] || !types[resource.kind]) continue
    if (resource.verbs && !resource.verbs.includes('list')) continue
    types[name] = {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ListMeta' },
        items: { id: 2, type: `[]${resource.kind}`, required: true },
      },
    }
  }
  return types
}
