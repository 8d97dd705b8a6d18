import { deepFreeze } from '#base'
import {
  alreadyExists,
  badRequest,
  conflict,
  notFound,
  resourceExpired,
  StatusError,
  unknownResource,
} from '#machinery'
import type { KubeObject } from '#machinery'
import type { ApiRequest, ApiResponse, OutgoingEvent, Transport, WatchEventType, WatchSink } from '../transport.ts'
import { applyPatch } from './patch.ts'

/** Where a request points. */
interface Target {
  /** Collection across namespaces: `/api/v1/pods`. */
  readonly resource: string
  readonly plural: string
  readonly group: string
  readonly namespace: string
  readonly name: string
  readonly subresource: string
}

interface Change {
  readonly revision: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: string
  readonly object: KubeObject
}

interface Watcher {
  readonly resource: string
  readonly matches: (object: KubeObject) => boolean
  readonly sink: WatchSink
}

type Answer = (request: ApiRequest) => ApiResponse | Error | undefined

/**
 * A tiny API server in memory, for tests of the client: revisions, lists with pages, watches, merge patches. It knows no
 * kinds, defaults or validation. Faults are injected by `intercept`, `expireBefore`, `dropWatches` and `failWatches`.
 */
export class MemoryApi {
  /** Every request that arrived, as `METHOD path?query`. */
  readonly requests: string[] = []
  /** Streams what exists when a watch asks for it; servers of old refuse. */
  streamsLists = true
  revision = 1
  readonly #objects = new Map<string, KubeObject>()
  readonly #changes: Change[] = []
  readonly #watchers = new Set<Watcher>()
  #oldest = 0
  #intercept: Answer | undefined

  readonly transport: Transport = async (request) => {
    this.requests.push(`${request.method} ${request.path}${request.query === '' ? '' : `?${request.query}`}`)
    await Promise.resolve()
    try {
      const answer = this.#intercept?.(request)
      if (answer instanceof Error) throw answer
      return answer ?? this.#handle(request)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      return objectResponse(error.code, error.status)
    }
  }

  /** Sees every request first; an answer it gives stands, an error it returns is thrown. */
  intercept(answer: Answer | undefined): void {
    this.#intercept = answer
  }

  /** Forgets changes up to `revision`: watches from before it fail. */
  expireBefore(revision: number): void {
    this.#oldest = revision
  }

  /** Ends every watch, as a server does whose time is up. */
  dropWatches(): void {
    for (const { sink } of this.#watchers) sink.end()
    this.#watchers.clear()
  }

  /** Ends every watch with an error event. */
  failWatches(error: StatusError): void {
    const object = error.status as object as KubeObject
    for (const { sink } of this.#watchers) {
      sink.event(outgoing('ERROR', object))
      sink.end()
    }
    this.#watchers.clear()
  }

  /** Tells every watch how far the server is. */
  bookmark(): void {
    for (const { sink } of this.#watchers) sink.event(bookmarkAt(this.revision))
  }

  get watchCount(): number {
    return this.#watchers.size
  }

  #handle(request: ApiRequest): ApiResponse {
    const target = parsePath(request.path)
    if (!target) throw unknownResource()
    const query = new URLSearchParams(request.query)
    switch (request.method) {
      case 'GET':
        if (target.name !== '') return objectResponse(200, this.#existing(target))
        return query.get('watch') === 'true' ? this.#watch(target, query) : this.#list(target, query)
      case 'POST':
        return this.#create(target, bodyOf(request))
      case 'PUT':
        return this.#update(target, bodyOf(request))
      case 'PATCH': {
        const type = request.headers['content-type'] ?? ''
        return this.#update(target, applyPatch(type, this.#existing(target), bodyOf(request)))
      }
      case 'DELETE':
        return this.#delete(target, query)
      default:
        throw badRequest(`unknown method ${request.method}`)
    }
  }

  #list(target: Target, query: URLSearchParams): ApiResponse {
    const limit = Number(query.get('limit') ?? 0)
    const [revision = this.revision, after = ''] = decodeToken(query.get('continue'))
    if (revision < this.#oldest) throw resourceExpired('The provided continue parameter is too old')
    const all = this.#select(target, query).filter(([key]) => key > after)
    const page = limit > 0 ? all.slice(0, limit) : all
    const last = page.at(-1)?.[0]
    const more = page.length < all.length && last !== undefined
    return objectResponse(200, {
      kind: 'List',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(revision), ...(more ? { continue: `${revision}:${last}` } : {}) },
      items: page.map(([, object]) => object),
    })
  }

  #watch(target: Target, query: URLSearchParams): ApiResponse {
    const from = query.get('resourceVersion') ?? ''
    const initial = query.get('sendInitialEvents') === 'true'
    if (initial && !this.streamsLists) throw badRequest('sendInitialEvents is forbidden for watch')
    if (!initial && from !== '' && from !== '0' && Number(from) < this.#oldest) {
      throw resourceExpired(`too old resource version: ${from} (${this.#oldest})`)
    }
    const matches = matcher(target, query)
    return {
      kind: 'watch',
      code: 200,
      contentType: 'application/json',
      start: (sink) => {
        const watcher: Watcher = { resource: target.resource, matches, sink }
        if (initial || from === '' || from === '0') {
          for (const [, object] of this.#select(target, query)) sink.event(outgoing('ADDED', object))
          if (initial) sink.event(bookmarkAt(this.revision, true))
        } else {
          for (const change of this.#changes) {
            if (change.revision > Number(from) && change.resource === target.resource && matches(change.object)) {
              sink.event(outgoing(change.type, change.object))
            }
          }
        }
        this.#watchers.add(watcher)
        return () => this.#watchers.delete(watcher)
      },
    }
  }

  #create(target: Target, object: KubeObject): ApiResponse {
    if (target.subresource !== '') return objectResponse(201, object)
    const { metadata } = object
    const name = metadata.name ?? `${metadata.generateName ?? ''}${this.revision}`
    const key = keyIn(target, name)
    if (this.#objects.has(key)) throw alreadyExists(target_(target), name)
    const uid = `uid-${this.revision + 1}`
    return objectResponse(201, this.#commit(target, key, 'ADDED', { ...object, metadata: { uid, ...metadata, name } }))
  }

  #update(target: Target, object: KubeObject): ApiResponse {
    const current = this.#existing(target)
    const { resourceVersion, uid } = object.metadata
    if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
      throw conflict(target_(target), target.name, 'the object has been modified; please apply your changes')
    }
    if (uid && uid !== current.metadata.uid) throw conflict(target_(target), target.name, 'the UID differs')
    return objectResponse(200, this.#commit(target, keyIn(target, target.name), 'MODIFIED', object))
  }

  #delete(target: Target, query: URLSearchParams): ApiResponse {
    const doomed =
      target.name === ''
        ? this.#select(target, query)
        : ([[keyIn(target, target.name), this.#existing(target)]] as const)
    for (const [key, object] of doomed) this.#commit(target, key, 'DELETED', object)
    return objectResponse(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' })
  }

  #commit(target: Target, key: string, type: Change['type'], object: KubeObject): KubeObject {
    const revision = ++this.revision
    const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } })
    if (type === 'DELETED') this.#objects.delete(key)
    else this.#objects.set(key, stored)
    this.#changes.push({ revision, type, resource: target.resource, object: stored })
    for (const watcher of this.#watchers) {
      if (watcher.resource === target.resource && watcher.matches(stored)) watcher.sink.event(outgoing(type, stored))
    }
    return stored
  }

  #existing(target: Target): KubeObject {
    const object = this.#objects.get(keyIn(target, target.name))
    if (!object) throw notFound(target_(target), target.name)
    return object
  }

  #select(target: Target, query: URLSearchParams): (readonly [string, KubeObject])[] {
    const matches = matcher(target, query)
    const found = [...this.#objects].filter(([key, object]) => key.startsWith(`${target.resource}|`) && matches(object))
    return found.sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

const target_ = (target: Target): { readonly group: string; readonly resource: string } => ({
  group: target.group,
  resource: target.plural,
})

const keyIn = (target: Target, name: string): string => `${target.resource}|${target.namespace}/${name}`

function parsePath(path: string): Target | undefined {
  const [, root, ...parts] = path.split('/').map(decodeURIComponent)
  if (root !== 'api' && root !== 'apis') return undefined
  const group = root === 'api' ? '' : (parts.shift() ?? '')
  const version = parts.shift() ?? ''
  const namespaced = parts[0] === 'namespaces' && parts.length > 2
  const namespace = namespaced ? (parts[1] ?? '') : ''
  const [plural = '', name = '', subresource = ''] = namespaced ? parts.slice(2) : parts
  const resource = `/${root}${group === '' ? '' : `/${group}`}/${version}/${plural}`
  return { resource, plural, group, namespace, name, subresource }
}

function matcher(target: Target, query: URLSearchParams): (object: KubeObject) => boolean {
  const labels = pairs(query.get('labelSelector'))
  const fields = pairs(query.get('fieldSelector'))
  return (object) => {
    const { metadata } = object
    return (
      (target.namespace === '' || metadata.namespace === target.namespace) &&
      labels.every(([name = '', value]) => metadata.labels?.[name] === value) &&
      fields.every(([path = '', value]) => fieldOf(object, path) === value)
    )
  }
}

function fieldOf(object: unknown, path: string): unknown {
  let value = object
  for (const name of path.split('.')) value = (value as { readonly [name: string]: unknown } | undefined)?.[name]
  return value
}

function pairs(selector: string | null): string[][] {
  return selector ? selector.split(',').map((pair) => pair.split('=')) : []
}

function decodeToken(token: string | null): readonly [number?, string?] {
  if (!token) return []
  const colon = token.indexOf(':')
  return [Number(token.slice(0, colon)), token.slice(colon + 1)]
}

function bodyOf(request: ApiRequest): KubeObject {
  if (request.body?.kind !== 'object') throw badRequest('no body')
  return request.body.object as KubeObject
}

function objectResponse(code: number, object: unknown): ApiResponse {
  const encode = (): { readonly contentType: string; readonly bytes: Uint8Array } => ({
    contentType: 'application/json',
    bytes: new TextEncoder().encode(JSON.stringify(object)),
  })
  return { kind: 'object', code, object, encode }
}

function outgoing(type: WatchEventType, object: KubeObject): OutgoingEvent {
  return { type, object, encode: () => new TextEncoder().encode(`${JSON.stringify({ type, object })}\n`) }
}

function bookmarkAt(revision: number, last = false): OutgoingEvent {
  const annotations = last ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  return outgoing('BOOKMARK', { metadata: { resourceVersion: String(revision), ...annotations } })
}
