import type { APIGroup, APIResource } from '#api/meta/v1'
import type { APIGroupDiscovery, APIResourceDiscovery, APIVersionDiscovery } from '#api/apidiscovery/v2'
import type { Endpoint, Subresource } from '../resource/resource.ts'
import type { ResourceTable } from '../resource/table.ts'
import { compareVersions, priorityOf } from './priorities.ts'
import type { Priority } from './priorities.ts'

/** Groups but the core one, in their order, each with its versions in theirs. */
export function orderedGroups(
  resources: ResourceTable,
): { readonly name: string; readonly versions: readonly string[] }[] {
  const priorities = new Map(
    resources.remotes.map(({ group, version, groupPriority, versionPriority }) => [
      groupVersionText(group, version),
      { group: groupPriority, version: versionPriority },
    ]),
  )
  const priority = (group: string, version: string): Priority =>
    priorities.get(groupVersionText(group, version)) ?? priorityOf(group, version)
  const versionsOf = new Map(resources.groups.map(({ name, versions }) => [name, [...versions]]))
  versionsOf.delete('')
  for (const { group, version } of resources.remotes) {
    const versions = versionsOf.get(group) ?? []
    if (!versions.includes(version)) versions.push(version)
    versionsOf.set(group, versions)
  }
  const groups = [...versionsOf].map(([name, versions]) => ({
    name,
    versions: versions.sort((a, b) => compareVersions(name, a, b, priority)),
  }))
  const rank = (group: { readonly name: string; readonly versions: readonly string[] }): number =>
    Math.max(...group.versions.map((version) => priority(group.name, version).group))
  return groups.sort((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : 1))
}

export function groupVersionText(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

/** A group as `/apis` lists it. */
export function apiGroup(name: string, versions: readonly string[]): APIGroup {
  const served = versions.map((version) => ({ groupVersion: groupVersionText(name, version), version }))
  const [preferred] = served
  return { name, versions: served, ...(preferred ? { preferredVersion: preferred } : {}) }
}

/** The resources of a group version as `/apis/<group>/<version>` lists them, subresources behind their parents. */
export function apiResources(endpoints: readonly Endpoint[]): APIResource[] {
  return endpoints.flatMap((endpoint) => [
    {
      name: endpoint.plural,
      singularName: endpoint.singular,
      namespaced: endpoint.namespaced,
      kind: endpoint.kind,
      verbs: verbsOf(endpoint),
      ...(endpoint.shortNames.length === 0 ? {} : { shortNames: endpoint.shortNames }),
      ...(endpoint.categories.length === 0 ? {} : { categories: endpoint.categories }),
      ...(endpoint.storageVersionHash === undefined ? {} : { storageVersionHash: endpoint.storageVersionHash }),
    },
    ...subresourcesOf(endpoint).map((subresource) => ({
      name: `${endpoint.plural}/${subresource.name}`,
      singularName: '',
      namespaced: endpoint.namespaced,
      ...(isForeign(endpoint, subresource) ? { group: subresource.group, version: subresource.version } : {}),
      kind: subresource.kind,
      verbs: sorted(subresource.verbs),
    })),
  ])
}

/** A group of aggregated discovery (KEP-3352); the core group has no name. */
export function discoveredGroup(
  name: string,
  versions: readonly string[],
  resources: ResourceTable,
): APIGroupDiscovery {
  return {
    metadata: name === '' ? {} : { name },
    versions: versions.map((version) => {
      const remote = resources.hasVersion(name, version)
        ? undefined
        : resources.remotes.find((one) => one.group === name && one.version === version)
      if (!remote) return discoveredVersion(resources.list(name, version), version)
      const { resources: known, stale } = remote
      return { version, ...(known.length === 0 ? {} : { resources: known }), freshness: stale ? 'Stale' : 'Current' }
    }),
  }
}

function discoveredVersion(endpoints: readonly Endpoint[], version: string): APIVersionDiscovery {
  return { version, resources: endpoints.map(discoveredResource), freshness: 'Current' }
}

function discoveredResource(endpoint: Endpoint): APIResourceDiscovery {
  const subresources = subresourcesOf(endpoint).map((subresource) => ({
    subresource: subresource.name,
    responseKind: kindReference(endpoint, subresource),
    verbs: sorted(subresource.verbs),
  }))
  return {
    resource: endpoint.plural,
    responseKind: kindReference(endpoint, endpoint),
    scope: endpoint.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: endpoint.singular,
    verbs: verbsOf(endpoint),
    ...(endpoint.shortNames.length === 0 ? {} : { shortNames: endpoint.shortNames }),
    ...(endpoint.categories.length === 0 ? {} : { categories: endpoint.categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  }
}

interface KindName {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** Group and version are left empty where they are those of the document, but for custom kinds, which tell them. */
function kindReference(endpoint: Endpoint, of: KindName): KindName {
  const foreign = isForeign(endpoint, of) || !endpoint.type.struct
  return { group: foreign ? of.group : '', version: foreign ? of.version : '', kind: of.kind }
}

function isForeign(endpoint: Endpoint, of: { readonly group: string; readonly version: string }): boolean {
  return of.group !== endpoint.group || of.version !== endpoint.version
}

function subresourcesOf({ subresources, type }: Endpoint): Subresource[] {
  const listed = [...subresources.values()]
  return type.struct ? listed.sort((a, b) => (a.name < b.name ? -1 : 1)) : listed
}

/** In the order in which custom resources have them. */
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

function verbsOf({ type, verbs }: Endpoint): string[] {
  return type.struct ? sorted(verbs) : customVerbs.filter((verb) => verbs.has(verb))
}

function sorted(verbs: ReadonlySet<string>): string[] {
  return [...verbs].sort()
}
