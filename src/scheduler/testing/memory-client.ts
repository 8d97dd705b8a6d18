import { addAbortListener, deepFreeze, defer } from '#base'
import type { Deferred } from '#base'
import type { Resource } from '#api'
import type { Binding, Pod } from '#api/core/v1'
import type { Status } from '#api/meta/v1'
import type { Client, ObjectList, Patch, Scope, WatchEvent, WatchOptions } from '#client'
import { alreadyExists, conflict, notFound } from '#machinery'
import type { KubeObject, ObjectKey } from '#machinery'

interface Watcher {
  readonly queue: WatchEvent<KubeObject>[]
  wake: Deferred<void>
}

type Fault = (verb: string, plural: string, key: ObjectKey) => Error | undefined

/**
 * Objects in memory behind the Client seam, for tests of the scheduler: lists, watches, bindings and merge patches. It
 * knows no kinds, defaults or validation.
 */
export class MemoryClient implements Client {
  /** What was written, as `verb plural namespace/name`. */
  readonly writes: string[] = []
  /** Answers a write with an error. */
  fault: Fault = () => undefined
  #revision = 1
  readonly #objects = new Map<string, Map<string, KubeObject>>()
  readonly #watchers = new Map<string, Set<Watcher>>()

  async get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): Promise<T> {
    return this.read(resource, key)
  }

  /** An object as it is now. @throws StatusError `NotFound`. */
  read<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): T {
    const found = this.#of(resource).get(keyText(key))
    if (!found) throw notFound({ group: resource.group, resource: resource.plural }, key.name)
    return found as T
  }

  all<T extends KubeObject>(resource: Resource<T>): readonly T[] {
    return [...this.#of(resource).values()] as T[]
  }

  async list<T extends KubeObject>(resource: Resource<T>): Promise<ObjectList<T>> {
    return { metadata: { resourceVersion: String(this.#revision) }, items: this.all(resource) }
  }

  async *watch<T extends KubeObject>(
    resource: Resource<T>,
    _scope?: Scope,
    options?: WatchOptions,
  ): AsyncIterable<WatchEvent<T>> {
    const watcher: Watcher = { queue: [], wake: defer() }
    let watchers = this.#watchers.get(resource.plural)
    if (!watchers) this.#watchers.set(resource.plural, (watchers = new Set()))
    watchers.add(watcher)
    const wake = (): void => watcher.wake.resolve()
    addAbortListener(options?.signal, wake)
    while (options?.signal?.aborted !== true) {
      const next = watcher.queue.shift()
      if (next) yield next as WatchEvent<T>
      else {
        watcher.wake = defer()
        await watcher.wake.promise
      }
    }
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    const { name, generateName } = object.metadata
    if (name !== undefined || generateName === undefined) return this.put(resource, object, 'create')
    const named = { ...object, metadata: { ...object.metadata, name: `${generateName}${this.#revision}` } }
    return this.put(resource, named, 'create')
  }

  async update<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return this.put(resource, object, 'update')
  }

  /** Writes an object at once. */
  put<T extends KubeObject>(resource: Resource<T>, object: T, verb: 'create' | 'update' = 'update'): T {
    const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' }
    const objects = this.#of(resource)
    const old = objects.get(keyText(key))
    this.#write(verb, resource.plural, key)
    if (verb === 'create' && old) throw alreadyExists({ group: resource.group, resource: resource.plural }, key.name)
    const revision = ++this.#revision
    const uid = object.metadata.uid ?? old?.metadata.uid ?? `uid-${revision}`
    const metadata = { ...object.metadata, uid, resourceVersion: String(revision) }
    const stored = deepFreeze({ ...object, metadata })
    objects.set(keyText(key), stored)
    this.#tell(resource.plural, { type: old ? 'MODIFIED' : 'ADDED', object: stored })
    return stored
  }

  async patch<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, { patch }: Patch): Promise<T> {
    this.#write('patch', resource.plural, key)
    const old = this.read(resource, key)
    const merged = merge(old, patch) as T
    return this.put(resource, { ...merged, metadata: { ...merged.metadata, uid: old.metadata.uid ?? '' } })
  }

  apply(): never {
    throw new Error('apply is not part of this client')
  }

  async delete<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): Promise<Status> {
    this.#write('delete', resource.plural, key)
    this.remove(resource, key)
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }
  }

  /** Deletes an object at once. @throws StatusError `NotFound`. */
  remove<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): void {
    const old = this.read(resource, key)
    this.#of(resource).delete(keyText(key))
    const object = { ...old, metadata: { ...old.metadata, resourceVersion: String(++this.#revision) } }
    this.#tell(resource.plural, { type: 'DELETED', object })
  }

  deleteCollection(): never {
    throw new Error('deleteCollection is not part of this client')
  }

  async createSubresource<T extends KubeObject, R>(
    resource: Resource<T>,
    key: ObjectKey,
    subresource: string,
    body: object,
  ): Promise<R> {
    this.#write(subresource, resource.plural, key)
    const pod = this.read(resource, key) as object as Pod
    if (pod.spec?.nodeName)
      throw conflict({ group: '', resource: 'pods' }, key.name, 'pod is already assigned to a node')
    const { target } = body as Binding
    const bound: Pod = { ...pod, spec: { ...(pod.spec ?? { containers: [] }), nodeName: target.name ?? '' } }
    this.put(resource, bound as object as T)
    return body as R
  }

  #write(verb: string, plural: string, key: ObjectKey): void {
    const error = this.fault(verb, plural, key)
    if (error) throw error
    this.writes.push(`${verb} ${plural} ${keyText(key)}`)
  }

  #of(resource: Resource): Map<string, KubeObject> {
    let objects = this.#objects.get(resource.plural)
    if (!objects) this.#objects.set(resource.plural, (objects = new Map()))
    return objects
  }

  #tell(plural: string, event: WatchEvent<KubeObject>): void {
    for (const watcher of this.#watchers.get(plural) ?? []) {
      watcher.queue.push(event)
      watcher.wake.resolve()
    }
  }
}

function keyText({ namespace = '', name }: ObjectKey): string {
  return namespace === '' ? name : `${namespace}/${name}`
}

/** Merges as merge patches do, conditions by their type. */
function merge(old: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) && Array.isArray(old)) {
    const types = new Set(patch.map((item: { readonly type?: string }) => item.type))
    return [...old.filter((item: { readonly type?: string }) => !types.has(item.type)), ...patch]
  }
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: { [key: string]: unknown } = { ...(old as object | undefined) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = merge(merged[key], value)
  }
  return merged
}
