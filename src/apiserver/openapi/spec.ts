import { groupVersions } from '#api'
import type { Clock } from '#base'
import { parseGroupVersion } from '#machinery'
import { groupVersionOf } from '../resource/object-type.ts'
import { unservedGroupVersions } from '../resource/scheme.ts'
import { plainJson, sha512Hex } from '#machinery'
import type { Endpoint } from '../resource/resource.ts'
import type { ResourceTable } from '../resource/table.ts'
import { orderedGroups } from '../discovery/documents.ts'
import { collectSchemas } from './collect.ts'
import { documentV2 } from './document-v2.ts'
import { customInfo, documentInfo, documentV3 } from './document-v3.ts'
import { endpointPaths } from './endpoint-paths.ts'
import { encodeGnostic } from './gnostic/encode.ts'
import { messagesV2 } from './gnostic/messages-v2.ts'
import { messagesV3 } from './gnostic/messages-v3.ts'
import type { JsonObject } from './json.ts'
import type { PathItem } from './model.ts'
import { groupPath, groupVersionPath, standalone } from './other-paths.ts'
import type { Place } from './schemas.ts'

export type SpecFormat = 'json' | 'protobuf'

/** Documents are large, quick to make and seldom asked for: no more of them than this is kept, in bytes. */
const keptBytes = 4 * 1024 * 1024

const encoder = new TextEncoder()

interface Known {
  /** What the document was made of. */
  readonly endpoints: readonly Endpoint[]
  readonly etag: string
  /** When it was made so, in milliseconds since 1970. */
  readonly since: number
}

/** The API's description of itself, made from the resource table when somebody asks. */
export class Specs {
  readonly #resources: ResourceTable
  readonly #clock: Clock
  readonly #known = new Map<string, Known>()
  readonly #kept = new Map<string, Uint8Array>()
  #size = 0
  #names: { readonly generation: number; readonly names: ReadonlyMap<string, Place | undefined> } | undefined

  constructor(resources: ResourceTable, clock: Clock) {
    this.#resources = resources
    this.#clock = clock
  }

  /** Names of the OpenAPI 3 documents: `apis/apps/v1`. */
  names(): Iterable<string> {
    return this.#places().keys()
  }

  has(name: string): boolean {
    return name === 'v2' || this.#places().has(name)
  }

  /** Tells one state of a document from another. */
  etag(name: string): string {
    const endpoints = this.#endpoints(name)
    const known = this.#known.get(name)
    if (known && sameElements(known.endpoints, endpoints)) return known.etag
    this.#forget(`${name} json`)
    this.#forget(`${name} protobuf`)
    const bytes = this.#make(name, 'json')
    const etag = sha512Hex(bytes).toUpperCase()
    this.#known.set(name, { endpoints, etag, since: this.#clock.now() })
    this.#keep(`${name} json`, bytes)
    return etag
  }

  /** Since when a document is as it is, in milliseconds since 1970. */
  since(name: string): number {
    this.etag(name)
    return this.#known.get(name)?.since ?? this.#clock.now()
  }

  bytes(name: string, format: SpecFormat): Uint8Array {
    this.etag(name)
    const key = `${name} ${format}`
    const kept = this.#kept.get(key)
    if (kept) {
      // What was asked for last goes last.
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    const bytes = this.#make(name, format)
    this.#keep(key, bytes)
    return bytes
  }

  #make(name: string, format: SpecFormat): Uint8Array {
    const document = name === 'v2' ? this.#documentV2() : this.#documentV3(name)
    if (format === 'json') return encoder.encode(plainJson(document))
    return encodeGnostic(name === 'v2' ? messagesV2 : messagesV3, document)
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#kept.set(key, bytes)
    this.#size += bytes.length
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= keptBytes || oldest === key) return
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#size -= this.#kept.get(key)?.length ?? 0
    this.#kept.delete(key)
  }

  #places(): ReadonlyMap<string, Place | undefined> {
    const { generation } = this.#resources
    if (this.#names?.generation === generation) return this.#names.names
    const names = new Map<string, Place | undefined>()
    for (const name of Object.keys(standalone)) names.set(name, undefined)
    names.set('api', undefined)
    names.set('api/v1', { group: '', version: 'v1' })
    for (const { name: group, versions } of orderedGroups(this.#resources)) {
      const served = versions.filter((version) => this.#resources.hasVersion(group, version))
      const custom = served.every((version) => isCustom(this.#resources.list(group, version)))
      if (!custom) names.set(`apis/${group}`, undefined)
      for (const version of served) names.set(`apis/${group}/${version}`, { group, version })
    }
    const sorted = new Map([...names].sort(([a], [b]) => (a < b ? -1 : 1)))
    this.#names = { generation, names: sorted }
    return sorted
  }

  #endpoints(name: string): readonly Endpoint[] {
    if (name === 'v2') return [...this.#resources]
    const place = this.#places().get(name)
    return place ? this.#resources.list(place.group, place.version) : []
  }

  #documentV3(name: string): JsonObject {
    const place = this.#places().get(name)
    const endpoints = this.#endpoints(name)
    const paths = place ? versionPaths(place, endpoints) : this.#groupPaths(name)
    const shared = { group: '', version: 'v1' }
    const places = !place || place.group === '' ? [shared] : [shared, place]
    const info = isCustom(endpoints) ? customInfo : documentInfo
    return documentV3(info, paths, collectSchemas(paths, endpoints, 'v3', places))
  }

  #groupPaths(name: string): readonly PathItem[] {
    return standalone[name] ?? [groupPath(name === 'api' ? '' : name.slice('apis/'.length))]
  }

  #documentV2(): JsonObject {
    const paths: PathItem[] = []
    for (const [name, place] of this.#places()) {
      if (place) {
        paths.push(...versionPaths(place, this.#resources.list(place.group, place.version)))
      } else paths.push(...this.#groupPaths(name))
    }
    return documentV2(paths, collectSchemas(paths, this.#endpoints('v2'), 'v2', knownPlaces()))
  }
}

/** Custom resources are described without the group versions they make up. */
function isCustom(endpoints: readonly Endpoint[]): boolean {
  return endpoints.length > 0 && endpoints.every(({ definition }) => definition !== undefined)
}

function versionPaths({ group, version }: Place, endpoints: readonly Endpoint[]): PathItem[] {
  const paths = endpoints.flatMap(endpointPaths)
  return isCustom(endpoints) ? paths : [groupVersionPath(group, version), ...paths]
}

function sameElements<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index])
}

/** Groups that only have what is said about the API itself. */
const apart = new Set([
  'apidiscovery.k8s.io',
  'apiserver.config.k8s.io',
  'audit.k8s.io',
  'meta.k8s.io',
  'metrics.k8s.io',
])

/** Every group version that objects may name, served or not, in order. */
function knownPlaces(): readonly Place[] {
  const served = [...groupVersions.values()].filter(({ group }) => !apart.has(group))
  const all = new Set([...served.map(groupVersionOf), ...unservedGroupVersions()])
  return [...all].map(parseGroupVersion).sort((a, b) => compare(a.group, b.group) || compare(a.version, b.version))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
