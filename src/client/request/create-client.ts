import { apiVersionOf } from '#api'
import type { Resource } from '#api'
import type { Status } from '#api/meta/v1'
import type { KubeObject, ObjectKey } from '#machinery'
import type {
  ApplyConfiguration,
  ApplyOptions,
  Client,
  DeletionOptions,
  GetOptions,
  ListOptions,
  ObjectList,
  Patch,
  Scope,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../client.ts'
import type { ApiRequest, Headers, RequestBody, Transport, UserInfo } from '../transport.ts'
import { neverAborts } from './never.ts'
import { collectionPath, objectPath } from './path.ts'
import { deletionBody, listQuery, watchQuery, writeQuery } from './query.ts'
import { objectOf } from './response.ts'
import { warningsIn } from './warnings.ts'
import { WatchStream } from './watch-stream.ts'

export interface ClientOptions {
  /** How this program calls itself: `<program>/<version> (<platform>) ...`. */
  readonly userAgent: string
  /** Field manager of writes that name none; without it the server takes the user agent's first word. */
  readonly fieldManager?: string
  /** Who asks; for callers in the server's own process, whom nobody authenticates. */
  readonly user?: UserInfo
  /** Hears every warning that comes with an answer. */
  readonly onWarning?: (text: string) => void
  /** Most watch events that wait for a consumer before its watch is ended. 10,000 when absent. */
  readonly watchBuffer?: number
}

/** Access to API objects over a transport. Requests begin at once; `pacedTransport` holds back those of too many. */
export function createClient(transport: Transport, options: ClientOptions): Client {
  return new TransportClient(transport, options)
}

const patchTypes: { readonly [type in Patch['type'] | 'apply']: string } = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Mutable<T> = { -readonly [key in keyof T]: T[key] }

/** What varies between the requests of one client. */
interface Call {
  readonly method: Method
  readonly resource: Resource
  readonly name?: string
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly body?: object | undefined
  readonly signal?: AbortSignal | undefined
}

class TransportClient implements Client {
  readonly #transport: Transport
  readonly #options: ClientOptions
  /** Header records are shared by all requests of their kind. */
  readonly #plainHeaders: Headers
  readonly #bodyHeaders: Headers
  readonly #patchHeaders: { readonly [type in Patch['type'] | 'apply']: Headers }

  constructor(transport: Transport, options: ClientOptions) {
    this.#transport = transport
    this.#options = options
    this.#plainHeaders = Object.freeze({ accept: 'application/json', 'user-agent': options.userAgent })
    const typed = (type: string): Headers => Object.freeze({ ...this.#plainHeaders, 'content-type': type })
    this.#bodyHeaders = typed('application/json')
    this.#patchHeaders = {
      merge: typed(patchTypes.merge),
      strategic: typed(patchTypes.strategic),
      json: typed(patchTypes.json),
      apply: typed(patchTypes.apply),
    }
  }

  async get<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    options?: GetOptions & { readonly subresource?: string },
  ): Promise<T> {
    const version = options?.resourceVersion
    return (await this.#send({
      method: 'GET',
      resource,
      name: key.name,
      path: objectPath(resource, key.namespace, key.name, options?.subresource),
      query: version ? `resourceVersion=${encodeURIComponent(version)}` : '',
      headers: this.#plainHeaders,
      signal: options?.signal,
    })) as T
  }

  async list<T extends KubeObject>(
    resource: Resource<T>,
    scope?: Scope,
    options?: ListOptions,
  ): Promise<ObjectList<T>> {
    const list = (await this.#send({
      method: 'GET',
      resource,
      path: collectionPath(resource, scope?.namespace),
      query: listQuery(options),
      headers: this.#plainHeaders,
      signal: options?.signal,
    })) as ObjectList<T> & { readonly items: readonly T[] | null }
    // Go servers write an empty list of some kinds as null.
    return list.items === null ? { ...list, items: [] } : list
  }

  watch<T extends KubeObject>(
    resource: Resource<T>,
    scope?: Scope,
    options?: WatchOptions,
  ): AsyncIterable<WatchEvent<T>> {
    const call: Call = {
      method: 'GET',
      resource,
      path: collectionPath(resource, scope?.namespace),
      query: watchQuery(options),
      headers: this.#plainHeaders,
    }
    const open = (): AsyncIterator<WatchEvent<T>> =>
      new WatchStream<T>({
        open: (signal) => this.#transport(this.#request(call, signal)),
        subject: call,
        signal: options?.signal,
        limit: this.#options.watchBuffer ?? 10_000,
        sendsInitialEvents: options?.sendInitialEvents === true,
      })
    return { [Symbol.asyncIterator]: open }
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T> {
    const { namespace, name } = object.metadata
    if (resource.namespaced && !namespace) throw new Error('an empty namespace may not be set during creation')
    const subresource = options?.subresource
    return (await this.#send({
      method: 'POST',
      resource,
      ...(name === undefined ? {} : { name }),
      path:
        subresource === undefined
          ? collectionPath(resource, namespace)
          : objectPath(resource, namespace, name ?? '', subresource),
      query: writeQuery(options, this.#options.fieldManager),
      headers: this.#bodyHeaders,
      body: object,
      signal: options?.signal,
    })) as T
  }

  async update<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T> {
    const { namespace, name = '' } = object.metadata
    return (await this.#send({
      method: 'PUT',
      resource,
      name,
      path: objectPath(resource, namespace, name, options?.subresource),
      query: writeQuery(options, this.#options.fieldManager),
      headers: this.#bodyHeaders,
      body: object,
      signal: options?.signal,
    })) as T
  }

  async patch<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T> {
    return (await this.#send({
      method: 'PATCH',
      resource,
      name: key.name,
      path: objectPath(resource, key.namespace, key.name, options?.subresource),
      query: writeQuery(options, this.#options.fieldManager),
      headers: this.#patchHeaders[patch.type],
      body: patch.patch as object,
      signal: options?.signal,
    })) as T
  }

  async apply<T extends KubeObject>(
    resource: Resource<T>,
    object: ApplyConfiguration<T>,
    options: ApplyOptions,
  ): Promise<T> {
    const { namespace, name = '' } = object.metadata
    return (await this.#send({
      method: 'PATCH',
      resource,
      name,
      path: objectPath(resource, namespace, name, options.subresource),
      query: writeQuery(options),
      headers: this.#patchHeaders.apply,
      // An applied object has to say what it is.
      body: { kind: resource.kind, apiVersion: apiVersionOf(resource), ...object },
      signal: options.signal,
    })) as T
  }

  async delete<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    options?: DeletionOptions,
  ): Promise<T | Status> {
    const body = deletionBody(options)
    return (await this.#send({
      method: 'DELETE',
      resource,
      name: key.name,
      path: objectPath(resource, key.namespace, key.name),
      query: '',
      headers: body ? this.#bodyHeaders : this.#plainHeaders,
      body,
      signal: options?.signal,
    })) as T | Status
  }

  async deleteCollection<T extends KubeObject>(
    resource: Resource<T>,
    scope: Scope,
    options?: DeletionOptions & ListOptions,
  ): Promise<void> {
    const body = deletionBody(options)
    await this.#send({
      method: 'DELETE',
      resource,
      path: collectionPath(resource, scope.namespace),
      query: listQuery(options),
      headers: body ? this.#bodyHeaders : this.#plainHeaders,
      body,
      signal: options?.signal,
    })
  }

  async createSubresource<T extends KubeObject, R>(
    resource: Resource<T>,
    key: ObjectKey,
    subresource: string,
    body: object,
    options?: WriteOptions,
  ): Promise<R> {
    return (await this.#send({
      method: 'POST',
      resource,
      name: key.name,
      path: objectPath(resource, key.namespace, key.name, subresource),
      query: writeQuery(options, this.#options.fieldManager),
      headers: this.#bodyHeaders,
      body,
      signal: options?.signal,
    })) as R
  }

  async #send(call: Call): Promise<unknown> {
    const { signal = neverAborts } = call
    signal.throwIfAborted()
    const response = await this.#transport(this.#request(call, signal))
    const warning = response.headers?.['warning']
    if (warning !== undefined) for (const text of warningsIn(warning)) this.#options.onWarning?.(text)
    return objectOf(response, call)
  }

  #request(call: Call, signal: AbortSignal): ApiRequest {
    const request: Mutable<ApiRequest> = {
      method: call.method,
      path: call.path,
      query: call.query,
      headers: call.headers,
      signal,
    }
    if (call.body !== undefined) request.body = { kind: 'object', object: call.body } satisfies RequestBody
    if (this.#options.user) request.user = this.#options.user
    return request
  }
}
