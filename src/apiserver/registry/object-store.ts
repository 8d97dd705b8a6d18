import type { Draft } from '#api'
import type { KubeObject } from '#machinery'
import { prefixRange } from '#store'
import type { Entry, KeyRange, Snapshot, Store } from '#store'
import type { StoredResource } from '../resource/resource.ts'
import { KeptObjects } from './kept-objects.ts'
import { encodeStored, parseStored, StoredObject } from './stored-object.ts'

/** Turns values into what lies on disk and back: encryption at rest. */
export interface ValueTransformer {
  seal(key: string, plain: Uint8Array): Promise<Uint8Array>
  open(key: string, sealed: Uint8Array): Uint8Array
}

export interface ObjectStoreOptions {
  readonly store: Store
  /** Freezes objects that leave the store, so that whoever writes into one fails at once. For tests. */
  readonly freeze: boolean
  readonly transformer?: (resource: StoredResource) => ValueTransformer | undefined
}

/** One resource's objects in the store: keys, codec, and the memos that let everyone share one decoded copy. */
export class ObjectStore {
  readonly resource: StoredResource
  readonly store: Store
  readonly #freeze: boolean
  readonly #transformer: ValueTransformer | undefined
  readonly #kept = new KeptObjects()
  #generation = 0

  constructor(resource: StoredResource, options: ObjectStoreOptions) {
    this.resource = resource
    this.store = options.store
    this.#freeze = options.freeze
    this.#transformer = options.transformer?.(resource)
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
    if (!(entry.memo instanceof StoredObject)) {
      const stored = this.#decode(entry)
      stored.messageSize = this.messageSize(entry)
      entry.memo = stored
      this.#keep(entry)
    }
    return (entry.memo as StoredObject).at(entry.modRevision, this.#freeze)
  }

  /** Reads the objects of many entries. If they are more than can be kept, those that are not kept yet never will be. */
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

  #keep(entry: Entry): void {
    // Where values are sealed, the bytes that answers are made of lie beside the object.
    if (!this.#transformer) this.#kept.add(entry)
  }

  #decode(entry: Entry): StoredObject {
    const plain = this.#transformer?.open(entry.key, entry.value)
    return new StoredObject(parseStored(plain ?? entry.value), plain)
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
   */
  async put(
    key: string,
    draft: Draft<KubeObject>,
    expected: number,
    replaced?: Entry,
  ): Promise<{ readonly committed: boolean; readonly entry: Entry | undefined }> {
    const encoded = encodeStored(draft, replaced)
    const plain = encoded.bytes
    const value = this.#transformer ? await this.#transformer.seal(key, plain) : plain
    const ttlSeconds = this.resource.strategy.ttlSeconds?.(draft)
    const result = await this.store.put(key, value, {
      expected,
      memo: new StoredObject(draft, this.#transformer ? plain : undefined, encoded),
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    })
    if (result.committed) {
      this.#generation++
      this.#keep(result.entry)
    }
    return { committed: result.committed, entry: result.committed ? result.entry : result.current }
  }

  /** Deletes what stands at a key at revision `expected`; answers what stood in the way, if something did. */
  async remove(
    key: string,
    expected: number,
  ): Promise<{ readonly committed: boolean; readonly current: Entry | undefined }> {
    const result = await this.store.delete(key, expected)
    if (!result.committed) return { committed: false, current: result.current }
    this.#generation++
    return { committed: true, current: undefined }
  }
}
