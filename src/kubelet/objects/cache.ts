import { sleep } from '#base'
import type { Clock } from '#base'
import type { Resource } from '#api'
import { configmaps, secrets } from '#api/core/v1'
import type { ConfigMap, Pod, Secret } from '#api/core/v1'
import type { Client } from '#client'
import { isExpired, isNotFound, quote, StatusError } from '#machinery'
import type { KubeObject } from '#machinery'
import type { ReferencedObjects } from '../containers/environment.ts'
import { uidOf } from '../pods/containers.ts'
import { referencesOf, type ObjectName } from './references.ts'

export interface ObjectCacheOptions {
  readonly client: Client
  readonly clock: Clock
  /** Follows what pods refer to, so that volumes show changes; without, objects are read when a pod starts. */
  readonly follow: boolean
  readonly changed: (kind: 'ConfigMap' | 'Secret', namespace: string, name: string) => void
}

interface Entry {
  readonly resource: Resource<KubeObject>
  readonly key: ObjectName
  /** Pods that refer to it. */
  readonly pods: Set<string>
  object: KubeObject | undefined
  /** How often another object took its place, by a read or by an event. */
  turn: number
  /** Read since the newest pod came that refers to it. */
  fresh: boolean
  reading: Promise<KubeObject | undefined> | undefined
  following: AbortController | undefined
}

const retryMs = 1000

/** Config maps and secrets that the node's pods refer to, each read when a pod comes and followed while one stays. */
export class ObjectCache implements ReferencedObjects {
  readonly #options: ObjectCacheOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: ObjectCacheOptions) {
    this.#options = options
  }

  configMap(namespace: string, name: string): Promise<ConfigMap> {
    return this.#get({ kind: 'ConfigMap', namespace, name }) as Promise<ConfigMap>
  }

  secret(namespace: string, name: string): Promise<Secret> {
    return this.#get({ kind: 'Secret', namespace, name }) as Promise<Secret>
  }

  /** A pod is about to start: what it refers to will be read anew. */
  register(pod: Pod): void {
    const uid = uidOf(pod)
    for (const key of referencesOf(pod)) {
      const entry = this.#entry(key)
      if (entry.pods.has(uid)) continue
      entry.pods.add(uid)
      entry.fresh = false
    }
  }

  unregister(uid: string): void {
    for (const [id, entry] of this.#entries) {
      if (!entry.pods.delete(uid) || entry.pods.size > 0) continue
      entry.following?.abort()
      this.#entries.delete(id)
    }
  }

  stop(): void {
    for (const { following } of this.#entries.values()) following?.abort()
    this.#entries.clear()
  }

  #entry(key: ObjectName): Entry {
    const id = `${key.kind}/${key.namespace}/${key.name}`
    let entry = this.#entries.get(id)
    if (!entry) {
      const resource = (key.kind === 'ConfigMap' ? configmaps : secrets) as Resource<KubeObject>
      entry = {
        resource,
        key,
        pods: new Set(),
        object: undefined,
        turn: 0,
        fresh: false,
        reading: undefined,
        following: undefined,
      }
      this.#entries.set(id, entry)
    }
    return entry
  }

  async #get(key: ObjectName): Promise<KubeObject> {
    const entry = this.#entry(key)
    const object = entry.fresh ? entry.object : await (entry.reading ??= this.#read(entry))
    if (!object) throw missing(key)
    return object
  }

  async #read(entry: Entry): Promise<KubeObject | undefined> {
    const { turn } = entry
    try {
      const object = await this.#fetch(entry.key, entry.resource)
      entry.fresh = entry.pods.size > 0 && (object !== undefined || this.#options.follow)
      // What was heard of meanwhile may be newer than what was read, and never is older than what will be heard.
      if (entry.turn === turn) this.#take(entry, object)
    } finally {
      entry.reading = undefined
    }
    const isFixed = (entry.object as ConfigMap | undefined)?.immutable === true
    if (this.#options.follow && entry.pods.size > 0 && !isFixed && !entry.following) void this.#follow(entry)
    return entry.object
  }

  async #fetch({ namespace, name }: ObjectName, resource: Resource<KubeObject>): Promise<KubeObject | undefined> {
    try {
      return await this.#options.client.get(resource, { namespace, name })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  async #follow(entry: Entry): Promise<void> {
    const { client, clock } = this.#options
    const { namespace, name } = entry.key
    const following = new AbortController()
    entry.following = following
    const { signal } = following
    const fieldSelector = `metadata.name=${name}`
    // Begins at the revision of a list: the object's own may be long gone from the server's memory, and version 0 would
    // keep quiet about an object that was deleted meanwhile.
    let resourceVersion: string | undefined
    while (!signal.aborted) {
      try {
        if (resourceVersion === undefined) {
          const list = await client.list(entry.resource, { namespace }, { fieldSelector, signal })
          this.#take(entry, list.items[0])
          resourceVersion = list.metadata.resourceVersion
        }
        const events = client.watch(
          entry.resource,
          { namespace },
          { fieldSelector, allowWatchBookmarks: true, resourceVersion: resourceVersion ?? '0', signal },
        )
        for await (const event of events) {
          resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion
          if (event.type !== 'BOOKMARK') this.#take(entry, event.type === 'DELETED' ? undefined : event.object)
        }
      } catch (error) {
        if (isExpired(error) && resourceVersion !== undefined) {
          resourceVersion = undefined
          continue
        }
      }
      await sleep(clock, retryMs, signal).catch(() => {})
    }
  }

  #take(entry: Entry, object: KubeObject | undefined): void {
    const isFirst = entry.turn === 0
    if (!isFirst && entry.object?.metadata.resourceVersion === object?.metadata.resourceVersion) return
    entry.turn++
    entry.object = object
    if (isFirst) return
    this.#options.changed(entry.key.kind, entry.key.namespace, entry.key.name)
  }
}

/** The refusal as users know it from events. */
function missing({ kind, name }: ObjectName): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'NotFound',
    code: 404,
    message: `${kind.toLowerCase()} ${quote(name)} not found`,
    details: { name, kind: kind.toLowerCase() },
  })
}
