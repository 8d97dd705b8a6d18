import { addAbortListener, deepFreeze } from '#base'
import type { Json, Resource } from '#api'
import type { Status } from '#api/meta/v1'
import type { Client, DeletionOptions, ObjectList, Patch, WatchEvent, WatchOptions, WriteOptions } from '#client'
import { alreadyExists, keyOf, notFound } from '#machinery'
import type { KubeObject, ObjectKey } from '#machinery'

interface Change {
  readonly resource: string
  readonly event: WatchEvent<KubeObject>
}

/**
 * A small API server in memory for this room's tests: revisions, watches with field selectors, strategic patches of
 * statuses, graceful deletion of pods. It knows no defaults and no validation.
 */
export class ApiDouble implements Client {
  readonly #objects = new Map<string, KubeObject>()
  readonly #watchers = new Set<(change: Change) => void>()
  #revision = 1
  #uids = 0
  /** Every write, as `verb resource/key[/subresource]`. */
  readonly writes: string[] = []
  /** Patches of pods' statuses, as they came. */
  readonly statusPatches: Json[] = []
  /** Answers of `createSubresource`. */
  subresource: (resource: Resource, key: ObjectKey, subresource: string, body: object) => unknown = () => {
    throw new Error('no subresource is expected')
  }

  #path(resource: Resource, key: string): string {
    return `${resource.plural}/${key}`
  }

  #put(resource: Resource, object: KubeObject, type: 'ADDED' | 'MODIFIED'): KubeObject {
    const kept = deepFreeze({
      ...object,
      kind: resource.kind,
      apiVersion: resource.group === '' ? 'v1' : `${resource.group}/${resource.version}`,
      metadata: { ...object.metadata, resourceVersion: String(this.#revision++) },
    })
    this.#objects.set(this.#path(resource, keyOf(kept)), kept)
    for (const watcher of this.#watchers) watcher({ resource: resource.plural, event: { type, object: kept } })
    return kept
  }

  #find(resource: Resource, key: ObjectKey): KubeObject {
    const name = keyOf({ metadata: key })
    const found = this.#objects.get(this.#path(resource, name))
    if (!found) throw notFound({ group: resource.group, resource: resource.plural }, key.name)
    return found
  }

  async get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): Promise<T> {
    return this.#find(resource, key) as T
  }

  /** The object, or `undefined`: for tests. */
  peek<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): T | undefined {
    return this.#objects.get(this.#path(resource, keyOf({ metadata: key }))) as T | undefined
  }

  async list<T extends KubeObject>(
    resource: Resource<T>,
    scope?: { readonly namespace?: string },
    options?: { readonly fieldSelector?: string },
  ): Promise<ObjectList<T>> {
    const items: T[] = []
    for (const [path, object] of this.#objects) {
      if (path.startsWith(`${resource.plural}/`) && matches(object, scope, options?.fieldSelector))
        items.push(object as T)
    }
    return { metadata: { resourceVersion: String(this.#revision) }, items }
  }

  async *watch<T extends KubeObject>(
    resource: Resource<T>,
    scope?: { readonly namespace?: string },
    options: WatchOptions = {},
  ): AsyncGenerator<WatchEvent<T>> {
    const queue: WatchEvent<KubeObject>[] = []
    let wake: (() => void) | undefined
    const since = Number(options.resourceVersion ?? 0)
    if (options.resourceVersion === undefined || options.sendInitialEvents) {
      const { items } = await this.list(resource, scope, options)
      for (const object of items) queue.push({ type: 'ADDED', object })
      if (options.sendInitialEvents) {
        const annotations = { 'k8s.io/initial-events-end': 'true' }
        queue.push({
          type: 'BOOKMARK',
          object: { metadata: { resourceVersion: String(this.#revision), annotations } },
        })
      }
    } else {
      for (const [path, object] of this.#objects) {
        const isNewer = Number(object.metadata.resourceVersion) > since
        if (path.startsWith(`${resource.plural}/`) && isNewer && matches(object, scope, options.fieldSelector)) {
          queue.push({ type: 'MODIFIED', object })
        }
      }
    }
    const watcher = ({ resource: plural, event }: Change): void => {
      if (plural !== resource.plural || !matches(event.object, scope, options.fieldSelector)) return
      queue.push(event)
      wake?.()
    }
    this.#watchers.add(watcher)
    addAbortListener(options.signal, () => wake?.())
    try {
      while (!options.signal?.aborted) {
        const event = queue.shift()
        if (event) yield event as WatchEvent<T>
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      this.#watchers.delete(watcher)
    }
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    const path = this.#path(resource, keyOf(object))
    this.writes.push(`create ${path}`)
    if (this.#objects.has(path)) {
      throw alreadyExists({ group: resource.group, resource: resource.plural }, object.metadata.name ?? '')
    }
    const uid = object.metadata.uid ?? `uid-${this.#uids++}`
    return this.#put(resource, { ...object, metadata: { generation: 1, ...object.metadata, uid } }, 'ADDED') as T
  }

  async update<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    this.writes.push(`update ${this.#path(resource, keyOf(object))}`)
    this.#find(resource, { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' })
    return this.#put(resource, object, 'MODIFIED') as T
  }

  async patch<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T> {
    const sub = options?.subresource === undefined ? '' : `/${options.subresource}`
    this.writes.push(`patch ${this.#path(resource, keyOf({ metadata: key }))}${sub}`)
    const before = this.#find(resource, key)
    if (resource.plural === 'pods' && patch.type === 'strategic') this.statusPatches.push(patch.patch)
    return this.#put(
      resource,
      merge(before as object as Json, patch.patch as Json) as object as KubeObject,
      'MODIFIED',
    ) as T
  }

  apply<T extends KubeObject>(): Promise<T> {
    return Promise.reject(new Error('nothing is applied'))
  }

  async delete<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    options: DeletionOptions = {},
  ): Promise<T | Status> {
    const path = this.#path(resource, keyOf({ metadata: key }))
    this.writes.push(`delete ${path}`)
    const object = this.#find(resource, key)
    const grace = options.gracePeriodSeconds ?? 30
    if (resource.plural === 'pods' && grace > 0) {
      const metadata = {
        ...object.metadata,
        deletionTimestamp: '2026-01-01T00:00:30Z',
        deletionGracePeriodSeconds: grace,
        generation: (object.metadata.generation ?? 0) + 1,
      }
      return this.#put(resource, { ...object, metadata }, 'MODIFIED')
    }
    this.#objects.delete(path)
    const gone = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision++) } }
    for (const watcher of this.#watchers)
      watcher({ resource: resource.plural, event: { type: 'DELETED', object: gone } })
    return gone
  }

  async deleteCollection<T extends KubeObject>(
    resource: Resource<T>,
    scope: { readonly namespace?: string },
    options?: { readonly fieldSelector?: string },
  ): Promise<void> {
    const { items } = await this.list(resource, scope, options)
    for (const { metadata } of items) {
      const { namespace, name = '' } = metadata
      await this.delete(resource, namespace === undefined ? { name } : { namespace, name })
    }
  }

  async createSubresource<T extends KubeObject, R>(
    resource: Resource<T>,
    key: ObjectKey,
    subresource: string,
    body: object,
  ): Promise<R> {
    return this.subresource(resource, key, subresource, body) as R
  }
}

function matches(object: KubeObject, scope: { readonly namespace?: string } | undefined, selector = ''): boolean {
  if (scope?.namespace !== undefined && object.metadata.namespace !== scope.namespace) return false
  if (selector === '') return true
  return selector.split(',').every((wish) => {
    const [path = '', wanted] = wish.split('=')
    let value: unknown = object
    for (const part of path.split('.')) value = (value as { readonly [key: string]: unknown } | undefined)?.[part]
    return value === wanted
  })
}

const mergeKeys: { readonly [list: string]: string } = { conditions: 'type' }

/** As much of a strategic merge as the agent's patches need. */
function merge(before: Json, patch: Json): Json {
  if (!isObject(before) || !isObject(patch)) return patch
  const result: { [key: string]: Json } = { ...before }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    const mergeKey = mergeKeys[key]
    if (value === null) delete result[key]
    else if (mergeKey !== undefined && Array.isArray(value)) {
      result[key] = mergeList((result[key] ?? []) as readonly Json[], value as readonly Json[], mergeKey)
    } else if (Array.isArray(value)) {
      result[key] = (value as readonly Json[]).filter((item) => !isObject(item) || item['$patch'] === undefined)
    } else result[key] = merge(result[key] ?? {}, value)
  }
  return result
}

function mergeList(before: readonly Json[], patch: readonly Json[], key: string): Json[] {
  const result = [...before]
  for (const item of patch) {
    if (!isObject(item)) continue
    const at = result.findIndex((old) => isObject(old) && old[key] === item[key])
    if (item['$patch'] === 'delete') result.splice(at, at < 0 ? 0 : 1)
    else if (at < 0) result.push(item)
    else result[at] = merge(result[at] ?? {}, item)
  }
  return result
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
