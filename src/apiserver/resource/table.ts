import type { APIResourceDiscovery } from '#api/apidiscovery/v2'
import { deepEqual } from '#base'
import { below } from '../request/nested.ts'
import type { Level } from '../request/nested.ts'
import type { Endpoint } from './resource.ts'

/** A group, with the versions it is served in, the preferred one first. */
export interface ServedGroup {
  readonly name: string
  readonly versions: readonly string[]
}

/** A group version that another server answers for. */
export interface RemoteVersion {
  readonly group: string
  readonly version: string
  readonly groupPriority: number
  readonly versionPriority: number
  /** As the server last told; empty when it never did. */
  readonly resources: readonly APIResourceDiscovery[]
  /** The server could not be asked the last time. */
  readonly stale: boolean
}

/** All endpoints by group, version and plural name. Custom resources come and go while the server runs. */
export class ResourceTable {
  readonly #endpoints = new Map<string, Endpoint>()
  /** The same by group, version and plural name, for requests. */
  readonly #byGroup: Level<Level<Level<Endpoint>>> = new Map()
  /** Resources that are not served, by group and plural name. */
  readonly #hidden = new Map<string, Endpoint>()
  readonly #groups = new Map<string, string[]>()
  readonly #listeners = new Set<() => void>()
  #remotes: readonly RemoteVersion[] = []
  #generation = 0

  /** Rises with every change: what was derived from the table (discovery, OpenAPI) is as good as its generation. */
  get generation(): number {
    return this.#generation
  }

  /** Calls back after every change. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What other servers answer for. Discovery tells of it, nothing else here does. */
  get remotes(): readonly RemoteVersion[] {
    return this.#remotes
  }

  set remotes(remotes: readonly RemoteVersion[]) {
    if (deepEqual(remotes, this.#remotes)) return
    this.#remotes = remotes
    this.#changed()
  }

  #changed(): void {
    this.#generation++
    for (const listener of this.#listeners) listener()
  }

  add(endpoint: Endpoint): void {
    this.#endpoints.set(keyOf(endpoint.group, endpoint.version, endpoint.plural), endpoint)
    below(below(this.#byGroup, endpoint.group), endpoint.version).set(endpoint.plural, endpoint)
    const versions = this.#groups.get(endpoint.group)
    if (!versions) this.#groups.set(endpoint.group, [endpoint.version])
    else if (!versions.includes(endpoint.version)) versions.push(endpoint.version)
    this.#changed()
  }

  /** Keeps a resource that nobody may ask for, and that the server's own parts still find. */
  hide(endpoint: Endpoint): void {
    this.#hidden.set(keyOf(endpoint.group, '', endpoint.plural), endpoint)
  }

  remove(group: string, version: string, plural: string): void {
    if (!this.#endpoints.delete(keyOf(group, version, plural))) return
    this.#byGroup.get(group)?.get(version)?.delete(plural)
    if (this.list(group, version).length === 0) {
      const versions = (this.#groups.get(group) ?? []).filter((served) => served !== version)
      if (versions.length === 0) this.#groups.delete(group)
      else this.#groups.set(group, versions)
    }
    this.#changed()
  }

  get(group: string, version: string, plural: string): Endpoint | undefined {
    return this.#byGroup.get(group)?.get(version)?.get(plural)
  }

  /** The resource in whatever version is served, the preferred one first; also one that is hidden. */
  find(group: string, plural: string): Endpoint | undefined {
    for (const version of this.#groups.get(group) ?? []) {
      const endpoint = this.get(group, version, plural)
      if (endpoint) return endpoint
    }
    return this.#hidden.get(keyOf(group, '', plural))
  }

  /** The resource in every version that serves it, the preferred one first. */
  versionsOf(group: string, plural: string): readonly Endpoint[] {
    return (this.#groups.get(group) ?? []).flatMap((version) => this.get(group, version, plural) ?? [])
  }

  /** The endpoint that serves a kind. */
  ofKind(group: string, version: string, kind: string): Endpoint | undefined {
    for (const endpoint of this.#endpoints.values()) {
      if (endpoint.kind === kind && endpoint.group === group && endpoint.version === version) return endpoint
    }
    return undefined
  }

  /** Endpoints of a group and version, in order of their plural names. */
  list(group: string, version: string): Endpoint[] {
    const found = [...this.#endpoints.values()].filter((one) => one.group === group && one.version === version)
    return found.sort((a, b) => (a.plural < b.plural ? -1 : 1))
  }

  get groups(): readonly ServedGroup[] {
    return [...this.#groups].map(([name, versions]) => ({ name, versions }))
  }

  hasGroup(group: string): boolean {
    return this.#groups.has(group)
  }

  /** Whether a group has resources that are no custom ones. */
  hasBuiltin(group: string): boolean {
    for (const endpoint of this.#endpoints.values()) if (endpoint.group === group && endpoint.type.struct) return true
    return false
  }

  hasVersion(group: string, version: string): boolean {
    return this.#groups.get(group)?.includes(version) === true
  }

  [Symbol.iterator](): Iterator<Endpoint> {
    return this.#endpoints.values()
  }
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`
}
