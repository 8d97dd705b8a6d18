import type { Resource } from '#api'
import type { APIGroupDiscoveryList } from '#api/apidiscovery/v2'
import type { APIGroupList, APIResourceList, APIVersions } from '#api/meta/v1'
import type { KubeObject } from '#machinery'
import type { Transport, UserInfo } from '../transport.ts'
import { neverAborts } from './never.ts'
import { objectOf } from './response.ts'

/** A resource as the server offers it. */
export interface DiscoveredResource {
  readonly resource: Resource<KubeObject>
  readonly verbs: readonly string[]
  readonly subresources: readonly string[]
  /** The server's first choice among the versions of the group that have the resource. */
  readonly preferred: boolean
}

export interface Discovery {
  readonly resources: readonly DiscoveredResource[]
  /** `group/version` of what the server could not tell about: an extension API server that does not answer. */
  readonly failed: readonly string[]
}

export interface DiscoveryOptions {
  readonly userAgent: string
  readonly user?: UserInfo
  readonly signal?: AbortSignal
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
const plain = 'application/json'

interface Version {
  readonly group: string
  readonly version: string
  readonly resources: readonly Omit<DiscoveredResource, 'preferred'>[]
}

/**
 * Everything that a server offers, group by group in its order of preference. Asks for aggregated discovery (KEP-3352),
 * and for each group version where the server has none.
 *
 * @throws StatusError, TransportError when the server does not say what groups it has.
 */
export async function discoverResources(transport: Transport, options: DiscoveryOptions): Promise<Discovery> {
  const read = async (path: string, accept: string): Promise<unknown> => {
    const { userAgent, user, signal = neverAborts } = options
    const headers = { accept, 'user-agent': userAgent }
    const request = { method: 'GET', path, query: '', headers, signal, ...(user ? { user } : {}) }
    return objectOf(await transport(request), { method: 'GET' })
  }
  const versions: Version[] = []
  const failed: string[] = []
  const addPlain = async (groupVersion: string, path: string): Promise<void> => {
    try {
      versions.push(versionOf((await read(path, plain)) as APIResourceList))
    } catch {
      options.signal?.throwIfAborted()
      failed.push(groupVersion)
    }
  }
  for (const root of ['/api', '/apis']) {
    const answer = await read(root, `${aggregated},${plain}`)
    if (isAggregated(answer)) addAggregated(answer, versions, failed)
    else if (root === '/api') {
      for (const version of (answer as APIVersions).versions) await addPlain(version, `/api/${version}`)
    } else {
      for (const group of (answer as APIGroupList).groups) {
        for (const { groupVersion } of group.versions) await addPlain(groupVersion, `/apis/${groupVersion}`)
      }
    }
  }
  return { resources: withPreference(versions), failed }
}

function isAggregated(answer: unknown): answer is APIGroupDiscoveryList {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'APIGroupDiscoveryList'
}

function addAggregated(list: APIGroupDiscoveryList, versions: Version[], failed: string[]): void {
  for (const { metadata, versions: offered = [] } of list.items) {
    const group = metadata.name ?? ''
    for (const { version, resources = [], freshness } of offered) {
      if (freshness === 'Stale') failed.push(group === '' ? version : `${group}/${version}`)
      versions.push({
        group,
        version,
        resources: resources.map(({ resource, responseKind, scope, verbs, subresources = [] }) => ({
          resource: {
            group,
            version,
            plural: resource,
            kind: responseKind?.kind ?? '',
            namespaced: scope === 'Namespaced',
          },
          verbs,
          subresources: subresources.map(({ subresource }) => subresource),
        })),
      })
    }
  }
}

function versionOf({ groupVersion, resources }: APIResourceList): Version {
  const slash = groupVersion.indexOf('/')
  const group = slash < 0 ? '' : groupVersion.slice(0, slash)
  const version = groupVersion.slice(slash + 1)
  const subresourcesOf = (plural: string): string[] =>
    resources.filter(({ name }) => name.startsWith(`${plural}/`)).map(({ name }) => name.slice(plural.length + 1))
  return {
    group,
    version,
    resources: resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced, verbs }) => ({
        resource: { group, version, plural: name, kind, namespaced },
        verbs,
        subresources: subresourcesOf(name),
      })),
  }
}

function withPreference(versions: readonly Version[]): DiscoveredResource[] {
  const seen = new Set<string>()
  return versions.flatMap(({ resources }) =>
    resources.map((found) => {
      const name = `${found.resource.group}/${found.resource.plural}`
      const preferred = !seen.has(name)
      seen.add(name)
      return { ...found, preferred }
    }),
  )
}
