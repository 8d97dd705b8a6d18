import { defer } from '#base'
import type { Clock, Deferred, Logger } from '#base'
import { Compactions, everything, LiveState, newEntry, ownValue, StoreClosedError, TreeSnapshot } from '#store'
import type {
  DeleteResult,
  Entry,
  HistoryLimits,
  KeyRange,
  ListOptions,
  ListResult,
  PutOptions,
  Snapshot,
  Store,
  StoreEvent,
  WatchBatch,
  WatchOptions,
  WriteResult,
} from '#store'
import { EtcdArchive } from './archive.ts'
import type { EtcdClient } from './client.ts'
import { Feed } from './feed.ts'
import type { Keys } from './keys.ts'
import { Leases } from './leases.ts'
import { Lines } from './lines.ts'
import { loadTree } from './load.ts'
import type { WatchEvent } from './messages.ts'
import { SharedRun } from './shared-run.ts'
import { storeError } from './errors.ts'

export interface EtcdStoreOptions {
  readonly client: EtcdClient
  readonly clock: Clock
  readonly logger: Logger
  readonly keys: Keys
  /** What is kept in memory for watchers and readers of the past; etcd answers for what is older. */
  readonly history: HistoryLimits
  readonly initial: TreeSnapshot
  /** Revision at which etcd was compacted before, as far as known. */
  readonly compactedRevision: number
}

interface Waiting {
  readonly revision: number
  readonly done: Deferred<void>
}

/**
 * The store whose truth is in etcd, so that several servers share it. The live state is in memory as well, kept by
 * following all of etcd's events; a write is answered when its event has come, so that whoever wrote sees what it wrote.
 */
export class EtcdStore implements Store {
  readonly alwaysFresh = false
  readonly #client: EtcdClient
  readonly #keys: Keys
  readonly #compactions: Compactions
  readonly #live: LiveState
  readonly #feed: Feed
  readonly #leases: Leases
  /** Writes of one key queue up: each builds on the one before. */
  readonly #lines = new Lines()
  #waiting: Waiting[] = []
  /** Asks for the newest revision and waits for it: an answer that is on its way may be older than a question. */
  readonly #newest = new SharedRun(async () => this.#reach(await this.#client.revision()))
  #closed: Promise<void> | undefined

  constructor(options: EtcdStoreOptions) {
    const { client, clock, keys, logger, initial } = options
    this.#client = client
    this.#keys = keys
    this.#leases = new Leases(client, clock)
    this.#compactions = new Compactions(options.compactedRevision)
    this.#live = new LiveState({
      clock,
      initial,
      history: options.history,
      compactions: this.#compactions,
      archive: (memory) => new EtcdArchive({ client, keys, ...memory }),
    })
    this.#feed = new Feed(initial.revision, {
      client,
      clock,
      logger,
      take: (events) => this.#take(events),
      reload: () => this.#reload(),
    })
  }

  snapshot(): Snapshot {
    this.#checkOpen()
    return this.#live.newest
  }

  async fresh(): Promise<void> {
    this.#checkOpen()
    await this.#newest.run()
  }

  async get(key: string, revision: number): Promise<Entry | undefined> {
    this.#checkOpen()
    return this.#live.get(key, revision)
  }

  async list(range: KeyRange, options?: ListOptions): Promise<ListResult> {
    this.#checkOpen()
    return this.#live.list(range, options)
  }

  async put(key: string, value: Uint8Array, options: PutOptions): Promise<WriteResult> {
    this.#checkOpen()
    return this.#lines.run(key, () => this.#put(key, ownValue(value), options))
  }

  async delete(key: string, expected: number): Promise<DeleteResult> {
    this.#checkOpen()
    return this.#lines.run(key, () => this.#delete(key, expected))
  }

  watch(range: KeyRange, options: WatchOptions): AsyncIterable<WatchBatch> {
    return this.#live.watch(range, options)
  }

  /** etcd forgets all or nothing: what is asked for one range alone is kept. */
  async compact(revision: number, range: KeyRange = everything): Promise<void> {
    this.#checkOpen()
    this.#live.checkCompaction(revision, range)
    if (range !== everything) return
    try {
      await this.#client.compact(revision)
    } catch (error) {
      throw storeError(error, revision, this.#live)
    }
    this.#compactions.mark({ range, revision })
  }

  get compactedRevision(): number {
    return this.#live.compactedRevision
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.#lines.idle()
    await this.#feed.stop()
    for (const { done } of this.#waiting) done.reject(new StoreClosedError())
    this.#live.close()
    this.#client.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreClosedError()
  }

  async #put(key: string, value: Uint8Array, options: PutOptions): Promise<WriteResult> {
    const { expected, ttlSeconds, memo } = options
    const before = await this.#before(key, expected)
    if ((before?.modRevision ?? 0) !== expected) return { committed: false, current: before }
    const lease = ttlSeconds === undefined ? 0 : await this.#leases.for(ttlSeconds)
    const revision = await this.#change(key, expected, (peerKey) => ({ put: { key: peerKey, value, lease } }))
    const current = this.#live.newest.get(key)
    if (revision === undefined) return { committed: false, current }
    const isNewest = current?.modRevision === revision
    const entry = isNewest ? current : newEntry(key, value, before?.createRevision ?? revision, revision, memo)
    entry.memo ??= memo
    return { committed: true, entry }
  }

  async #delete(key: string, expected: number): Promise<DeleteResult> {
    const before = await this.#before(key, expected)
    if (!before || before.modRevision !== expected) return { committed: false, current: before }
    const revision = await this.#change(key, expected, (peerKey) => ({ delete: { key: peerKey } }))
    if (revision === undefined) return { committed: false, current: this.#live.newest.get(key) }
    return { committed: true, entry: before, revision }
  }

  /** The entry that a write is about to replace: if it is not what the writer expects, others may have been faster. */
  async #before(key: string, expected: number): Promise<Entry | undefined> {
    if ((this.#live.newest.get(key)?.modRevision ?? 0) !== expected) await this.#newest.run()
    return this.#live.newest.get(key)
  }

  /** Changes a key if it still is as expected; returns the revision of the change when that is visible. */
  async #change(key: string, expected: number, change: (peerKey: string) => object): Promise<number | undefined> {
    const peerKey = this.#keys.toPeer(key)
    const { header, succeeded } = await this.#client.change(peerKey, expected, change(peerKey))
    await this.#reach(header.revision)
    return succeeded ? header.revision : undefined
  }

  /** Resolves when all up to a revision is visible. */
  #reach(revision: number): Promise<void> {
    if (this.#live.newest.revision >= revision) return Promise.resolve()
    const done = defer<void>()
    this.#waiting.push({ revision, done })
    return done.promise
  }

  #take(events: readonly WatchEvent[]): void {
    const edit = this.#live.newest.tree.edit()
    const taken: StoreEvent[] = []
    let { revision } = this.#live.newest
    for (const { type, kv } of events) {
      revision = kv.modRevision
      const key = this.#keys.fromPeer(kv.key)
      if (key === undefined) continue
      if (type === 'PUT') {
        const entry = newEntry(key, ownValue(kv.value), kv.createRevision, revision, undefined)
        taken.push({ type: 'put', entry, previous: edit.get(key) })
        edit.put(entry)
      } else {
        const previous = edit.delete(key)
        if (previous) taken.push({ type: 'delete', revision, previous })
      }
    }
    this.#live.show(new TreeSnapshot(revision, edit.tree()), taken)
    this.#answerWaiting()
  }

  /** Answers those whose revision is visible now. */
  #answerWaiting(): void {
    const { revision: reached } = this.#live.newest
    const waiting = this.#waiting
    if (waiting.length === 0) return
    this.#waiting = waiting.filter(({ revision }) => revision > reached)
    for (const { revision, done } of waiting) if (revision <= reached) done.resolve()
  }

  async #reload(): Promise<number> {
    const loaded = await loadTree(this.#client, this.#keys, this.#live.newest.tree)
    this.#live.replace(loaded)
    this.#answerWaiting()
    return loaded.revision
  }
}
