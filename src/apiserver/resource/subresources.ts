import { groupVersions } from '#api'
import type { SubresourceData } from '#api'
import { builtinObjectType } from './builtin-object-type.ts'
import { builtinTypes } from './builtin-types.ts'
import type { NamedKind, ObjectType } from './object-type.ts'
import type { ResourceRegistration } from './registration.ts'
import type { ResourceRow } from './resource-row.ts'
import type { Subresource } from './resource.ts'
import { statusRules } from './status-rules.ts'

/**
 * The subresources of a built-in resource that are served, by name.
 * @throws Error when the registration names one that the data does not have
 */
export function subresourcesOf(row: ResourceRow): ReadonlyMap<string, Subresource> {
  const { place, resource, registration } = row
  const subresources = new Map<string, Subresource>()
  for (const [name, declared] of Object.entries(resource.subresources ?? {})) {
    const served = declared.enabledByDefault === false ? undefined : subresourceOf(row, name, declared)
    if (served) subresources.set(name, served)
  }
  for (const name of Object.keys({ ...registration.updates, ...registration.creates, ...registration.connects })) {
    if (!resource.subresources?.[name])
      throw new Error(
        `registration of subresource ${name} of ${place}/${registration.plural}, which the API data does not have`,
      )
  }
  return subresources
}

/** `undefined` for those that nobody serves. */
function subresourceOf(
  { group, resource, registration }: ResourceRow,
  name: string,
  declared: SubresourceData,
): Subresource | undefined {
  const base = {
    name,
    verbs: new Set(declared.verbs),
    kind: declared.kind ?? resource.kind,
    group: declared.kindGroup ?? group.group,
    version: declared.kindVersion ?? group.version,
  }
  const { scale } = registration
  if (name === 'scale' && scale) return { ...base, backing: 'scale', scale }
  const create = registration.creates?.[name]
  if (create) return { ...base, backing: 'create', create, type: typeOfKind(base, registration.bodyDefaults?.[name]) }
  const connect = registration.connects?.[name]
  if (connect) return { ...base, backing: 'connect', connect }
  const rules = registration.updates?.[name] ?? (name === 'status' ? statusRules : undefined)
  const isUntabled = registration.untabled?.includes(name) ?? false
  return rules && { ...base, backing: 'update', rules, isUntabled }
}

function typeOfKind(named: NamedKind, defaults: ResourceRegistration['defaults']): ObjectType {
  const { group, version, kind } = named
  for (const [place, data] of groupVersions) {
    if (data.group !== group || data.version !== version) continue
    const struct = builtinTypes().get(`${place}.${kind}`)
    if (struct?.kind === 'struct') return builtinObjectType(named, struct, defaults)
  }
  throw new Error(`no type ${kind} in ${group}/${version}`)
}
