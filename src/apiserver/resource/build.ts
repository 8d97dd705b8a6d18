import { groupVersions } from '#api'
import type { Draft, GroupVersionData, ResourceData, StructType } from '#api'
import { copyJson } from '#base'
import {
  applyDefaults,
  decodeJson,
  excludeFields,
  fromUnstructured,
  mergeTypeOf,
  normalize,
  comparedForm,
  shownForm,
  storedForm,
  zeroObject,
} from '#machinery'
import type { Decoded, KubeObject } from '#machinery'
import { defaultColumns } from '../table/default-columns.ts'
import { builtinStruct, builtinTypes } from './builtin-types.ts'
import type { DecodedObject, ObjectType } from './object-type.ts'
import type { ResourceRegistration } from './registration.ts'
import type { ServedResources } from './runtime-config.ts'
import type { Backing, Endpoint, StoredResource, Subresource } from './resource.ts'
import { keepStatus, statusRules } from './status-rules.ts'
import type { Strategy } from './strategy.ts'

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
  const byKey = new Map(registrations.map((one) => [`${one.place}/${one.plural}`, one]))
  const stored = new Map<string, StoredResource>()
  const [endpoints, hidden]: [Endpoint[], Endpoint[]] = [[], []]
  for (const [place, data] of groupVersions) {
    for (const [plural, resource] of Object.entries(data.resources)) {
      const byDefault = resource.enabledByDefault !== false
      const isServed = served(data.group, data.version, plural, byDefault)
      const key = `${place}/${plural}`
      const registration = byKey.get(key) ?? { place, plural }
      byKey.delete(key)
      if (!isServed && !byDefault) continue
      const list = isServed ? endpoints : hidden
      list.push(endpointOf(place, data, plural, resource, registration, stored, registrations))
    }
  }
  const [unknown] = byKey.keys()
  if (unknown !== undefined) throw new Error(`registration of ${unknown}, which the API data does not have`)
  return { endpoints, hidden }
}

function endpointOf(
  place: string,
  data: GroupVersionData,
  plural: string,
  resource: ResourceData,
  registration: ResourceRegistration,
  stored: Map<string, StoredResource>,
  registrations: readonly ResourceRegistration[],
): Endpoint {
  const type = objectType(place, data, resource, registration)
  const backing = backingOf(place, plural, resource, registration, type, stored, registrations)
  return {
    group: data.group,
    version: data.version,
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
    subresources: subresourcesOf(place, data, resource, registration),
    ...(registration.unlisted ? { unlisted: new Map(Object.entries(registration.unlisted)) } : {}),
    backing,
  }
}

function objectType(
  place: string,
  data: GroupVersionData,
  resource: ResourceData,
  registration: ResourceRegistration,
): ObjectType {
  const name = resource.type ?? `${place}.${resource.kind}`
  const [where = '', short = ''] = name.split('.')
  const { defaults, conversionProblem } = registration
  const type = builtinObjectType(data.group, data.version, resource.kind, builtinStruct(where, short), defaults)
  return conversionProblem ? { ...type, conversionProblem } : type
}

/** The type of a built-in kind: canonical form and defaults by its struct, then those that code adds. */
export function builtinObjectType(
  group: string,
  version: string,
  kind: string,
  struct: StructType,
  defaults?: ResourceRegistration['defaults'],
): ObjectType {
  return {
    group,
    version,
    kind,
    struct,
    get mergeType() {
      return mergeTypeOf(struct)
    },
    decode: (body) => decodedObject(decodeJson(struct, body)),
    normalize: (object) => decodedObject(normalize(struct, copyJson(object))),
    assembled: (merged) => fromUnstructured(struct, copyJson(merged)).value as Draft<KubeObject>,
    shown: (object, base) => shownForm(struct, object, base),
    compared: (object, base) => comparedForm(struct, object, base),
    stored: storedAsJson.has(group)
      ? (object, base) => shownForm(struct, object, base)
      : (object, base) => storedForm(struct, object, base),
    applyDefaults(draft, base) {
      defaults?.(draft, base)
      return applyDefaults(struct, draft, base)
    },
  }
}

/** Groups whose objects are kept as JSON, which tells empty lists from none where it shows both; others are kept as protobuf. */
const storedAsJson: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io'])

function decodedObject({ value, strictErrors }: Decoded): DecodedObject {
  return { object: value as Draft<KubeObject>, strictErrors }
}

function backingOf(
  place: string,
  plural: string,
  resource: ResourceData,
  registration: ResourceRegistration,
  type: ObjectType,
  stored: Map<string, StoredResource>,
  registrations: readonly ResourceRegistration[],
): Backing {
  if (registration.create) return { kind: 'create', create: registration.create }
  if (registration.read) return { kind: 'read', ...registration.read }
  const { storedAs } = registration
  const own = storedAs ?? { place, plural }
  const key = `${own.place}/${own.plural}`
  let target = stored.get(key)
  if (!target) {
    const from = storedAs
      ? (registrations.find((one) => one.place === own.place && one.plural === own.plural) ?? own)
      : registration
    target = storedResource(own.plural, resource, storedAs ? otherType(own.place, own.plural, from) : type, from)
    stored.set(key, target)
  }
  if (storedAs) {
    const { toStorage, fromStorage } = storedAs
    return { kind: 'stored', resource: target, toStorage, fromStorage, sameVersion: false }
  }
  return { kind: 'stored', resource: target, toStorage: identity, fromStorage: identity, sameVersion: true }
}

function otherType(place: string, plural: string, registration: ResourceRegistration): ObjectType {
  const data = groupVersions.get(place)
  const resource = data?.resources[plural]
  if (!data || !resource) throw new Error(`no resource ${plural} in ${place} to store in`)
  return objectType(place, data, resource, registration)
}

const identity = <T>(value: T): T => value

function storedResource(
  plural: string,
  resource: ResourceData,
  type: ObjectType,
  registration: ResourceRegistration,
): StoredResource {
  const hasStatus = type.struct?.byName.has('status') === true && resource.subresources?.['status'] !== undefined
  return {
    group: type.group,
    plural,
    namespaced: resource.clusterScoped !== true,
    type,
    prefix: registration.prefix ?? `/registry/${plural}/`,
    strategy:
      hasStatus && type.struct ? withStatus(registration.strategy ?? {}, type.struct) : (registration.strategy ?? {}),
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

function subresourcesOf(
  place: string,
  data: GroupVersionData,
  resource: ResourceData,
  registration: ResourceRegistration,
): ReadonlyMap<string, Subresource> {
  const subresources = new Map<string, Subresource>()
  for (const [name, declared] of Object.entries(resource.subresources ?? {})) {
    if (declared.enabledByDefault === false) continue
    const base = {
      name,
      verbs: new Set(declared.verbs),
      kind: declared.kind ?? resource.kind,
      group: declared.kindGroup ?? data.group,
      version: declared.kindVersion ?? data.version,
    }
    const { scale } = registration
    const create = registration.creates?.[name]
    const connect = registration.connects?.[name]
    if (name === 'scale' && scale) subresources.set(name, { ...base, backing: 'scale', scale })
    else if (create) {
      const type = typeOfKind(base, registration.bodyDefaults?.[name])
      subresources.set(name, { ...base, backing: 'create', create, type })
    } else if (connect) subresources.set(name, { ...base, backing: 'connect', connect })
    else {
      const rules = registration.updates?.[name] ?? (name === 'status' ? statusRules : undefined)
      const isUntabled = registration.untabled?.includes(name) ?? false
      if (rules) subresources.set(name, { ...base, backing: 'update', rules, isUntabled })
    }
  }
  for (const name of Object.keys({ ...registration.updates, ...registration.creates, ...registration.connects })) {
    if (!resource.subresources?.[name])
      throw new Error(
        `registration of subresource ${name} of ${place}/${registration.plural}, which the API data does not have`,
      )
  }
  return subresources
}

interface NamedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

function typeOfKind({ group, version, kind }: NamedKind, defaults: ResourceRegistration['defaults']): ObjectType {
  for (const [place, data] of groupVersions) {
    if (data.group !== group || data.version !== version) continue
    const struct = builtinTypes().get(`${place}.${kind}`)
    if (struct?.kind === 'struct') return builtinObjectType(group, version, kind, struct, defaults)
  }
  throw new Error(`no type ${kind} in ${group}/${version}`)
}
