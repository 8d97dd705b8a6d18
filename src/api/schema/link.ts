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
  const table = new Map<string, StructType | ListType>()
  const fillers = new Map<StructType, () => void>()

  for (const [place, data] of places) {
    for (const [name, type] of Object.entries(withListKinds(data))) {
      const key = `${place}.${name}`
      if (type.alias !== undefined) {
        const element = parseTypeExpression(type.alias)
        if (element.kind !== 'list') throw new Error(`alias ${key} is not a list`)
        table.set(key, { kind: 'list', element: named(element.of, place, key), alias: key })
      } else {
        table.set(key, struct(place, name, data, type))
      }
    }
  }
  for (const fill of fillers.values()) fill()
  return table

  function struct(place: string, name: string, data: GroupVersionData, type: TypeData): StructType {
    const fields: Field[] = []
    const byName = new Map<string, Field>()
    const wireFields: WireField[] = []
    let filled = false
    const fill = (): void => {
      if (filled) return
      filled = true
      for (const [key, field] of Object.entries(type.fields ?? {})) {
        if (key.startsWith('...')) inline(key.slice(3), field)
        else own(key, field)
      }
      wireFields.sort((a, b) => a.id - b.id)
    }
    const own = (key: string, fieldData: FieldData): void => {
      const field = link(key, fieldData, place, `${place}.${name}.${key}`)
      fields.push(field)
      byName.set(key, field)
      if (fieldData.id !== undefined) wireFields.push({ id: fieldData.id, field })
    }
    const inline = (key: string, fieldData: FieldData): void => {
      const inlined = lookup(key, place, `${place}.${name}`)
      if (inlined.kind !== 'struct') throw new Error(`${place}.${name} inlines ${key}, which is no struct`)
      fillers.get(inlined)?.()
      for (const field of inlined.fields) {
        fields.push(field)
        byName.set(field.name, field)
      }
      if (fieldData.id !== undefined) wireFields.push({ id: fieldData.id, inlined })
      else wireFields.push(...inlined.wireFields)
    }
    const linked: StructType = {
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
    fillers.set(linked, fill)
    return linked
  }

  function link(name: string, data: FieldData, place: string, where: string): Field {
    if (data.type === undefined) throw new Error(`field ${where} has no type`)
    let parsed = parseTypeExpression(data.type)
    const pointer = parsed.kind === 'pointer'
    if (parsed.kind === 'pointer') parsed = parsed.of
    const elementPointer = parsed.kind === 'list' && parsed.of.kind === 'pointer'
    const emit = data.emit ?? (data.required ? 'always' : 'nonEmpty')
    return { name, type: named(parsed, place, where), pointer, elementPointer, emit, data }
  }

  function named(parsed: ParsedType, place: string, where: string): Type {
    switch (parsed.kind) {
      case 'pointer':
        return named(parsed.of, place, where)
      case 'list':
        return { kind: 'list', element: named(parsed.of, place, where) } satisfies ListType
      case 'map':
        return { kind: 'map', value: named(parsed.of, place, where) } satisfies MapType
      case 'named':
        return lookup(parsed.name, place, where)
    }
  }

  function lookup(name: string, place: string, where: string): Type {
    const scalar = scalars.get(name)
    if (scalar) return scalar
    const found = table.get(name.includes('.') ? name : `${place}.${name}`)
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
