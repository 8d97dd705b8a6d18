import type { Json, Resource } from '#api'
import type { DeleteOptions, ListMeta, Status } from '#api/meta/v1'
import type { KubeObject, ObjectKey, ObjectMeta } from '#machinery'

/** Where a list or watch looks: one namespace, or all of them (and cluster-scoped resources) when absent. */
export interface Scope {
  readonly namespace?: string
}

export interface ReadOptions {
  /** Ends the request; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface GetOptions extends ReadOptions {
  readonly resourceVersion?: string
}

export interface ListOptions extends ReadOptions {
  readonly labelSelector?: string
  /** Chooses among the metrics of an object; the custom metrics API alone knows it. */
  readonly metricLabelSelector?: string
  readonly fieldSelector?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly limit?: number
  readonly continue?: string
}

export interface WatchOptions extends ReadOptions {
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Events after this revision; without one the watch begins with what exists. */
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'NotOlderThan'
  readonly allowWatchBookmarks?: boolean
  readonly sendInitialEvents?: boolean
  readonly timeoutSeconds?: number
}

export interface WriteOptions extends ReadOptions {
  readonly dryRun?: boolean
  /** Name under which server-side apply records what this writer owns; the user agent's first word when absent. */
  readonly fieldManager?: string
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  /** Writes a subresource (`status`, `scale`, ...) instead of the object. */
  readonly subresource?: string
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string
  /** Takes over fields that others own, instead of failing with a conflict. */
  readonly force?: boolean
}

export interface DeletionOptions extends ReadOptions, Omit<DeleteOptions, 'kind' | 'apiVersion' | 'dryRun'> {
  readonly dryRun?: boolean
}

/**
 * What one writer wants of an object: its metadata, and any part of the rest. Fields that it leaves out are others', or no
 * longer its own (server-side apply, KEP-555).
 */
export type ApplyConfiguration<T extends KubeObject> = { readonly metadata: ObjectMeta } & {
  readonly [Field in Exclude<keyof T, 'metadata'>]?: PartOf<T[Field]>
}

type PartOf<V> = V extends readonly (infer Item)[]
  ? readonly PartOf<Item>[]
  : V extends object
    ? { readonly [Field in keyof V]?: PartOf<V[Field]> }
    : V

/** A patch in one of the API's three patch formats; server-side apply is `Client.apply`. */
export type Patch =
  | { readonly type: 'merge'; readonly patch: Json }
  | { readonly type: 'strategic'; readonly patch: Json }
  | { readonly type: 'json'; readonly patch: readonly JsonPatchOperation[] }

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  readonly path: string
  readonly from?: string
  readonly value?: Json
}

export interface ObjectList<T> {
  readonly metadata: ListMeta
  readonly items: readonly T[]
}

/** An error event ends the stream by throwing its StatusError instead. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** Carries `metadata.resourceVersion` only; with `k8s.io/initial-events-end` annotated when the initial events are over. */
  | { readonly type: 'BOOKMARK'; readonly object: KubeObject }

/**
 * Typed access to API objects. Objects that come back belong to everybody and must not be changed; build a new value
 * instead.
 *
 * Every method rejects with a `StatusError` when the server refuses.
 */
export interface Client {
  get<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    options?: GetOptions & { readonly subresource?: string },
  ): Promise<T>
  list<T extends KubeObject>(resource: Resource<T>, scope?: Scope, options?: ListOptions): Promise<ObjectList<T>>
  /**
   * Changes as they happen. Ends without an error when the server closes the stream; the consumer then watches again
   * from the last revision it saw. @throws StatusError `Expired` when that revision is gone.
   */
  watch<T extends KubeObject>(
    resource: Resource<T>,
    scope?: Scope,
    options?: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>
  /** Replaces an object; fails with `Conflict` when `metadata.resourceVersion` is given and no longer the newest. */
  update<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>
  patch<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, patch: Patch, options?: WriteOptions): Promise<T>
  /** Server-side apply of the fields in `object`, creating it where it does not exist. */
  apply<T extends KubeObject>(
    resource: Resource<T>,
    object: ApplyConfiguration<NoInfer<T>>,
    options: ApplyOptions,
  ): Promise<T>
  /** Resolves with the object when it lives on (finalizers, grace), else with a Status of success. */
  delete<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options?: DeletionOptions): Promise<T | Status>
  deleteCollection<T extends KubeObject>(
    resource: Resource<T>,
    scope: Scope,
    options?: DeletionOptions & ListOptions,
  ): Promise<void>
  /** Creates through a subresource that takes another kind: `binding`, `eviction`, `token`. Resolves with the answer. */
  createSubresource<T extends KubeObject, R>(
    resource: Resource<T>,
    key: ObjectKey,
    subresource: string,
    body: object,
    options?: WriteOptions,
  ): Promise<R>
}
