import { groupVersions } from '#api'
import type { StructType } from '#api'
import { copyJson } from '#base'
import { excludeFields, zeroObject } from '#machinery'
import { defaultColumns } from '../table/default-columns.ts'
import { builtinObjectType } from './builtin-object-type.ts'
import { builtinStruct } from './builtin-types.ts'
import type { ObjectType } from './object-type.ts'
import type { ResourceRegistration } from './registration.ts'
import type { ResourceRow } from './resource-row.ts'
import type { Backing, Endpoint, StoredResource } from './resource.ts'
import type { ServedResources } from './runtime-config.ts'
import { keepStatus } from './status-rules.ts'
import type { Strategy } from './strategy.ts'
import { subresourcesOf } from './subresources.ts'

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/**
 * Every endpoint of the API data that is served, by default those that are on, with what the registrations add to it; and
 * those that would be but for `served`, which the server's own parts still find.
 * @throws Error when a registration names a resource or subresource that the data does not have.
 */
export function buildEndpoints(
  registrations: readonly ResourceRegistration[],
  served: ServedResources = (_, __, ___, byDefault) => byDefault,
): { readonly endpoints: readonly Endpoint[]; readonly hidden: readonly Endpoint[] } {
  const registered = new Map(registrations.map((one) => [`${one.place}/${one.plural}`, one]))
  const unmet = new Set(registered.keys())
  const stored = new StoredResources(registered)
  const [endpoints, hidden]: [Endpoint[], Endpoint[]] = [[], []]
  for (const [place, group] of groupVersions) {
    for (const [plural, resource] of Object.entries(group.resources)) {
      const byDefault = resource.enabledByDefault !== false
      const isServed = served(group.group, group.version, plural, byDefault)
      const key = `${place}/${plural}`
      unmet.delete(key)
      if (!isServed && !byDefault) continue
      const registration = registered.get(key) ?? { place, plural }
      const list = isServed ? endpoints : hidden
      list.push(endpointOf({ place, plural, group, resource, registration }, stored))
    }
  }
  const [unknown] = unmet
  if (unknown !== undefined) throw new Error(`registration of ${unknown}, which the API data does not have`)
  return { endpoints, hidden }
}

function endpointOf(row: ResourceRow, stored: StoredResources): Endpoint {
  const { plural, group, resource, registration } = row
  const type = objectType(row)
  return {
    group: group.group,
    version: group.version,
    plural,
    singular: resource.singular,
    kind: resource.kind,
    namespaced: resource.clusterScoped !== true,
    verbs: new Set(resource.verbs ?? allVerbs),
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    ...(resource.storageVersionHash === undefined ? {} : { storageVersionHash: resource.storageVersionHash }),
    fieldLabels: new Set(resource.fieldSelectors ?? []),
    type,
    columns: registration.columns ?? defaultColumns,
    ...(registration.deprecation === undefined ? {} : { deprecation: registration.deprecation }),
    ...(registration.conversionAnnotations ? { conversionAnnotations: registration.conversionAnnotations } : {}),
    subresources: subresourcesOf(row),
    ...(registration.unlisted ? { unlisted: new Map(Object.entries(registration.unlisted)) } : {}),
    backing: backingOf(row, type, stored),
  }
}

function objectType({ place, group, resource, registration }: ResourceRow): ObjectType {
  const name = resource.type ?? `${place}.${resource.kind}`
  const [where = '', short = ''] = name.split('.')
  const kind = { group: group.group, version: group.version, kind: resource.kind }
  const { defaults, conversionProblem } = registration
  const type = builtinObjectType(kind, builtinStruct(where, short), defaults)
  return conversionProblem ? { ...type, conversionProblem } : type
}

function backingOf(row: ResourceRow, type: ObjectType, stored: StoredResources): Backing {
  const { create, read, storedAs } = row.registration
  if (create) return { kind: 'create', create }
  if (read) return { kind: 'read', ...read }
  if (!storedAs) {
    const resource = stored.get(row, type)
    return { kind: 'stored', resource, toStorage: identity, fromStorage: identity, sameVersion: true }
  }
  const { place, plural, toStorage, fromStorage } = storedAs
  return { kind: 'stored', resource: stored.other(place, plural), toStorage, fromStorage, sameVersion: false }
}

const identity = <T>(value: T): T => value

/** What is in the store, which several group versions of a resource may have in common. */
class StoredResources {
  readonly #registered: ReadonlyMap<string, ResourceRegistration>
  readonly #byKey = new Map<string, StoredResource>()

  constructor(registered: ReadonlyMap<string, ResourceRegistration>) {
    this.#registered = registered
  }

  /** @param type of the row */
  get(row: ResourceRow, type: ObjectType): StoredResource {
    const key = `${row.place}/${row.plural}`
    let found = this.#byKey.get(key)
    if (!found) {
      found = storedResource(row, type)
      this.#byKey.set(key, found)
    }
    return found
  }

  /** That of another group version, which a row is stored as. */
  other(place: string, plural: string): StoredResource {
    const group = groupVersions.get(place)
    const resource = group?.resources[plural]
    if (!group || !resource) throw new Error(`no resource ${plural} in ${place} to store in`)
    const registration = this.#registered.get(`${place}/${plural}`) ?? { place, plural }
    const other = { place, plural, group, resource, registration }
    return this.get(other, objectType(other))
  }
}

function storedResource({ plural, resource, registration }: ResourceRow, type: ObjectType): StoredResource {
  const { strategy = {}, prefix = `/registry/${plural}/` } = registration
  const hasStatus = type.struct?.byName.has('status') === true && resource.subresources?.['status'] !== undefined
  return {
    group: type.group,
    plural,
    namespaced: resource.clusterScoped !== true,
    type,
    prefix,
    strategy: hasStatus && type.struct ? withStatus(strategy, type.struct) : strategy,
  }
}

/** Whoever writes an object with a status subresource leaves its status alone. */
function withStatus(own: Strategy, struct: StructType): Strategy {
  const { status } = zeroObject(struct, '')
  return {
    ...own,
    resetFields: own.resetFields ?? excludeFields(['status']),
    prepareForCreate(draft, context) {
      const loose = draft as { status?: unknown }
      if (own.keepsStatusOnCreate !== true) loose.status = copyJson(status)
      own.prepareForCreate?.(draft, context)
    },
    prepareForUpdate(draft, old, context) {
      keepStatus(draft, old)
      own.prepareForUpdate?.(draft, old, context)
    },
  }
}
