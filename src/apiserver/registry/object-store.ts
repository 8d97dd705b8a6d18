import type { Draft } from '#api'
import { stepByStep } from '#base'
import type { Pause } from '#base'
import { internalError, quote } from '#machinery'
import type { KubeObject } from '#machinery'
import { prefixRange } from '#store'
import type { DeleteResult, Entry, KeyRange, ListOptions, ListResult, Snapshot, Store, WriteResult } from '#store'
import type { ResourceStorage, StorageMetrics } from '../metrics/storage.ts'
import type { WatchMetrics } from '../metrics/watches.ts'
import type { StoredResource } from '../resource/resource.ts'
import { defaultServerSettings } from '../settings.ts'
import type { ServerSettings } from '../settings.ts'
import { KeptObjects } from './kept-objects.ts'
import { encodeStored, parseStored, StoredObject } from './stored-object.ts'

/** Turns values into what lies on disk and back: encryption at rest. */
export interface ValueTransformer {
  /** Another one whenever it is decided anew how values are sealed and opened. */
  readonly rules: object
  /** Answers the value itself where it is not to be sealed. @throws Error */
  seal(key: string, plain: Uint8Array): Uint8Array
  /** Answers the value itself where it is not sealed. @throws Error that says why it can't be opened */
  open(key: string, sealed: Uint8Array): Uint8Array
  /** Whether the value would be sealed in another way now. */
  isStale(key: string, sealed: Uint8Array): boolean
  /** Fetches what opening a value takes; `undefined` when that is at hand. Never rejects: `open` tells what failed. */
  prepare(sealed: Uint8Array): Promise<void> | undefined
}

/** Who works for long asks now and then whether to wait. */
export interface WorkTurns {
  next(): Promise<void> | undefined
}

export interface ObjectStoreOptions {
  readonly store: Store
  /** Freezes objects that leave the store, so that whoever writes into one fails at once. For tests. */
  readonly freeze: boolean
  readonly transformer?: ((resource: StoredResource) => ValueTransformer | undefined) | undefined
  /** What is counted of a resource. */
  readonly metrics?: { readonly storage: StorageMetrics; readonly watches: WatchMetrics }
  /** What an administrator may set; upstream's values when absent. */
  readonly settings?: ServerSettings
  /** Begins work that may take long. Without it such work is done in one go. */
  readonly turns?: () => WorkTurns
}

/** One resource's objects in the store: keys, codec, and the memos that let everyone share one decoded copy. */
export class ObjectStore {
  readonly resource: StoredResource
  readonly store: Store
  /** Counts what is asked of the store. */
  readonly record: ResourceStorage | undefined
  readonly #freeze: boolean
  readonly #transformer: ValueTransformer | undefined
  readonly #settings: ServerSettings
  readonly #kept: KeptObjects
  #generation = 0
  /** The rules under which all objects were found to be readable. */
  #readable: object | undefined

  constructor(resource: StoredResource, options: ObjectStoreOptions) {
    this.resource = resource
    this.store = options.store
    this.record = options.metrics?.storage.of(resource.group, resource.plural)
    this.#kept = new KeptObjects(({ key, modRevision }) => this.store.snapshot().get(key)?.modRevision === modRevision)
    this.#freeze = options.freeze
    this.#transformer = options.transformer?.(resource)
    this.#settings = options.settings ?? defaultServerSettings
  }

  /** Rises with every change made through this process: what was derived from the objects is as good as its generation. */
  get generation(): number {
    return this.#generation
  }

  /** Key of an object: prefix, namespace where the resource has them, name. */
  key(namespace: string, name: string): string {
    return this.resource.namespaced ? `${this.resource.prefix}${namespace}/${name}` : this.resource.prefix + name
  }

  /** All keys, or those of one namespace. */
  range(namespace: string): KeyRange {
    return prefixRange(
      this.resource.namespaced && namespace !== '' ? `${this.resource.prefix}${namespace}/` : this.resource.prefix,
    )
  }

  /** The object of an entry. It is shared and kept for a while: do not change it. */
  object(entry: Entry): KubeObject {
    if (entry.memo instanceof StoredObject) return entry.memo.at(entry.modRevision, this.#freeze)
    const stored = this.#decode(entry)
    stored.messageSize = this.messageSize(entry)
    entry.memo = stored
    // An entry that had been kept before may be the oldest one, and is let go of at once.
    this.#kept.add(entry)
    return stored.at(entry.modRevision, this.#freeze)
  }

  /**
   * Reads the objects of many entries. If they are more than can be kept, those that are not kept yet never will be.
   * @throws StatusError InternalError when one can't be opened
   */
  readerOf(count: number): (entry: Entry) => KubeObject {
    if (this.#kept.holds(count)) return (entry) => this.object(entry)
    return (entry) => {
      const stored = entry.memo instanceof StoredObject ? entry.memo : this.#decode(entry)
      return stored.at(entry.modRevision, this.#freeze)
    }
  }

  /**
   * Bytes of the protobuf message of an entry's object, in the stored version, among those of a list; 0 while nobody
   * counted them. They are remembered in place of the object where that is not kept.
   */
  messageSize({ memo }: Entry): number {
    return memo instanceof StoredObject ? memo.messageSize : typeof memo === 'number' ? memo : 0
  }

  keepMessageSize(entry: Entry, size: number): void {
    if (entry.memo instanceof StoredObject) entry.memo.messageSize = size
    else entry.memo = size
  }

  #decode(entry: Entry): StoredObject {
    if (!this.#transformer) return new StoredObject(parseStored(entry.value))
    const plain = this.#open(this.#transformer, entry)
    return plain === entry.value ? new StoredObject(parseStored(plain)) : new StoredObject(undefined, plain)
  }

  #open(transformer: ValueTransformer, entry: Entry): Uint8Array {
    try {
      return transformer.open(entry.key, entry.value)
    } catch (cause) {
      throw internalError((cause as Error).message, cause)
    }
  }

  /**
   * The JSON of an entry's object. What was sealed is kept where there is room, and opened again where there is none: who
   * walks through more than can be kept does not push out what others read.
   *
   * @throws StatusError InternalError when it can't be opened
   */
  plain(entry: Entry): Uint8Array {
    if (!this.#transformer) return entry.value
    const { memo } = entry
    if (memo instanceof StoredObject) return memo.plain ?? entry.value
    const plain = this.#open(this.#transformer, entry)
    if (plain !== entry.value && this.#kept.hasRoomFor(entry)) {
      const stored = new StoredObject(undefined, plain)
      stored.messageSize = this.messageSize(entry)
      entry.memo = stored
      this.#kept.add(entry)
    }
    return plain
  }

  /** Whether an unchanged object is to be written nonetheless, because its value would be sealed in another way now. */
  isStale(entry: Entry): boolean {
    try {
      return this.#transformer?.isStale(entry.key, entry.value) ?? false
    } catch {
      // The key is gone, but the object is known from before.
      return true
    }
  }

  /** Waits for what opening entries takes; `undefined` when there is nothing to wait for. */
  unlock(entries: Iterable<Entry | undefined>): Promise<void> | undefined {
    if (!this.#transformer) return undefined
    const waits = new Set<Promise<void>>()
    for (const entry of entries) {
      const wait = entry && this.#fetching(entry)
      if (wait) waits.add(wait)
    }
    return waits.size === 0 ? undefined : allOf(waits)
  }

  /** {@link unlock}s many entries, and lets others go first now and then. */
  async unlockAll(entries: Iterable<Entry>, turns: WorkTurns | undefined): Promise<void> {
    const waits = new Set<Promise<void>>()
    for (const entry of entries) {
      const wait = this.#fetching(entry)
      if (wait) waits.add(wait)
      const turn = turns?.next()
      if (turn) await turn
    }
    await allOf(waits)
  }

  #fetching({ memo, value }: Entry): Promise<void> | undefined {
    return memo instanceof StoredObject ? undefined : this.#transformer?.prepare(value)
  }

  /** Whether values may be sealed, so that reading them can fail or take a while. */
  get isSealed(): boolean {
    return this.#transformer !== undefined
  }

  /**
   * Makes sure that all objects can be opened. What was found holds until rules change: what is written meanwhile can be.
   * @throws StatusError InternalError that names the first entry that can't be opened
   */
  async requireReadable(turns?: WorkTurns): Promise<void> {
    const rules = this.#transformer?.rules
    if (!rules || this.#readable === rules) return
    await this.openAll(this.store.snapshot().entries(this.range('')), turns)
    this.#readable = rules
  }

  /** Waits for what opening the entry of a key takes. */
  unlockKey(key: string): Promise<void> | undefined {
    return this.#transformer && this.unlock([this.store.snapshot().get(key)])
  }

  /**
   * Waits until entries can be opened, and makes sure of it, for answers that begin before their last entry is read.
   * `undefined` when there is nothing to wait for.
   *
   * @param turns lets others go first, when there are many.
   * @throws StatusError InternalError that names the first entry that can't be opened
   */
  openAll(entries: Iterable<Entry>, turns?: WorkTurns): Promise<void> | undefined {
    return this.#transformer && this.#openAll(entries, turns)
  }

  async #openAll(entries: Iterable<Entry>, turns: WorkTurns | undefined): Promise<void> {
    await this.unlockAll(entries, turns)
    for (const entry of entries) {
      const wait = turns?.next()
      if (wait) await wait
      try {
        this.plain(entry)
      } catch (error) {
        throw unreadableEntry(entry, error)
      }
    }
  }

  /** The newest visible object, without a wait. */
  peek(namespace: string, name: string, snapshot: Snapshot = this.store.snapshot()): KubeObject | undefined {
    const entry = snapshot.get(this.key(namespace, name))
    return entry && this.object(entry)
  }

  /** The newest visible objects, in order of key. */
  *all(namespace: string, snapshot: Snapshot = this.store.snapshot()): Iterable<KubeObject> {
    for (const entry of snapshot.entries(this.range(namespace))) yield this.object(entry)
  }

  /**
   * Writes an object over revision `expected` of its key (0: the key must be free). The draft belongs to the store from
   * here on.
   *
   * @param replaced the entry that it takes the place of, where the object may share parts with that one's.
   * @param pause between the steps of encoding what is large
   */
  async put(
    key: string,
    draft: Draft<KubeObject>,
    expected: number,
    replaced?: Entry,
    pause?: Pause,
  ): Promise<{ readonly committed: boolean; readonly entry: Entry | undefined }> {
    const encoding = stepByStep(encodeStored(draft, replaced), pause)
    const encoded = encoding instanceof Promise ? await encoding : encoding
    const plain = encoded.bytes
    const value = this.#transformer ? this.#seal(this.#transformer, key, plain) : plain
    const memo = new StoredObject(draft, value === plain ? undefined : plain, encoded)
    const ttlSeconds = this.resource.strategy.ttlSeconds?.(this.#settings)
    const put = (): Promise<WriteResult> =>
      this.store.put(key, value, { expected, memo, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) })
    const result = await (this.record ? this.record.asked(expected === 0 ? 'create' : 'update', put) : put())
    if (result.committed) {
      this.#generation++
      this.#kept.add(result.entry)
    }
    return { committed: result.committed, entry: result.committed ? result.entry : result.current }
  }

  #seal(transformer: ValueTransformer, key: string, plain: Uint8Array): Uint8Array {
    try {
      return transformer.seal(key, plain)
    } catch (cause) {
      throw internalError((cause as Error).message, cause)
    }
  }

  /** What stood in a range at a revision. @throws CompactedError, FutureRevisionError */
  past(range: KeyRange, options: ListOptions): Promise<ListResult> {
    const list = (): Promise<ListResult> => this.store.list(range, options)
    return this.record ? this.record.asked('list', list) : list()
  }

  /** Deletes what stands at a key at revision `expected`; answers what stood in the way, if something did. */
  async remove(key: string, expected: number): Promise<DeleteResult> {
    const remove = (): Promise<DeleteResult> => this.store.delete(key, expected)
    const result = await (this.record ? this.record.asked('delete', remove) : remove())
    if (result.committed) this.#generation++
    return result
  }
}

async function allOf(waits: Iterable<Promise<void>>): Promise<void> {
  await Promise.all(waits)
}

/** Lists name the entry that can't be opened. */
export function unreadableEntry({ key }: Entry, error: unknown): unknown {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined
  return cause ? internalError(`unable to transform key ${quote(key)}: ${cause.message}`, cause) : error
}
