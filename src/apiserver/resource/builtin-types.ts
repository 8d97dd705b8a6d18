import { groupVersions, linkTypes } from '#api'
import type { StructType, TypeTable } from '#api'
import type { ObjectType } from './object-type.ts'

let table: TypeTable | undefined

/** The types of the API data, linked once. */
export function builtinTypes(): TypeTable {
  table ??= linkTypes(groupVersions)
  return table
}

/**
 * A struct of the API data: `builtinStruct('meta/v1', 'Status')`.
 * @throws Error when there is none of the name
 */
export function builtinStruct(place: string, name: string): StructType {
  const type = builtinTypes().get(`${place}.${name}`)
  if (type?.kind !== 'struct') throw new Error(`no type ${name} in ${place}`)
  return type
}

/** The struct of a built-in kind by what objects say of themselves; with the folder of its group, `core` of `core/v1`. */
export function findBuiltinKind(
  apiVersion: string,
  kind: string,
): { readonly struct: StructType; readonly folder: string } | undefined {
  for (const [place, data] of groupVersions) {
    if (apiVersion !== (data.group === '' ? data.version : `${data.group}/${data.version}`)) continue
    const struct = builtinTypes().get(`${place}.${kind}`)
    if (struct?.kind === 'struct' && struct.hasTypeMeta) return { struct, folder: place.split('/')[0] ?? '' }
  }
  return undefined
}

/** The list of a built-in kind; custom resources have no struct. */
export function listStruct(type: ObjectType): StructType | undefined {
  if (!type.struct) return undefined
  const list = builtinTypes().get(`${type.struct.place}.${type.struct.name}List`)
  return list?.kind === 'struct' ? list : undefined
}
