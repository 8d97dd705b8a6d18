import { messageOf } from '#base'
import type { CancelTimer, Clock, Logger } from '#base'
import { Compactions } from '../cache/compactions.ts'
import type { CompactionMark } from '../cache/compactions.ts'
import { newEntry, ownValue } from '../cache/entry.ts'
import { revisionOf } from '../cache/history.ts'
import type { HistoryLimits } from '../cache/history.ts'
import { LiveState } from '../cache/live-state.ts'
import { TreeSnapshot } from '../cache/tree-snapshot.ts'
import { everything, StoreClosedError, StoreUnavailableError } from '../store.ts'
import type {
  DeleteResult,
  Entry,
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
} from '../store.ts'
import type { Edit, Tree } from '../tree/tree.ts'
import { Commit } from './commit.ts'
import { Expiry } from './expiry.ts'
import type { Expiring } from './expiry.ts'
import type { Log } from './log.ts'
import { LogArchive } from './log-archive.ts'

/** Keys that expire within this time of each other go together, so that many of them don't make as many commits. */
const expiryMilliseconds = 1_000

/** Time until a deletion that failed is tried again. */
const expiryRetryMilliseconds = 5_000

/** State to begin with. */
export interface InitialState {
  readonly tree: Tree
  readonly revision: number
  readonly compactedRevision: number
  readonly compactions: readonly CompactionMark[]
  readonly expiring: readonly Expiring[]
}

export interface EmbeddedStoreOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Where writes become durable and old events can be found; without one, they are in memory only. */
  readonly log: Log | undefined
  readonly initial: InitialState
  readonly history: HistoryLimits
  /** Calls back when writers that run at the moment had the chance to write: they share a commit. */
  readonly schedule: (commit: () => void) => void
  readonly bytesOnDisk?: () => number
}

/**
 * The store that has all of its live state in this process.
 *
 * There are two states. The pending one has every write; writes are checked against it, so that writers who don't wait
 * for each other see each other. The visible one, the live state, has what is durable. Writes gather while a
 * batch is on its way into the log; when it fails, all that is pending is undone.
 */
export class EmbeddedStore implements Store {
  readonly bytesOnDisk: (() => number) | undefined
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #log: Log | undefined
  readonly #schedule: (commit: () => void) => void
  readonly #compactions: Compactions
  readonly #live: LiveState
  readonly #expiry: Expiry
  #cancelExpiry: CancelTimer | undefined
  #expiryDue = Infinity
  #expiredAt = -Infinity

  #pending: Edit
  /** Revision of the newest write, visible or not. */
  #pendingRevision: number
  #gathering: Commit | undefined
  #committing: Commit | undefined
  #scheduled = false
  /** The newest commit failed. */
  #failing = false
  #closed: Promise<void> | undefined

  constructor(options: EmbeddedStoreOptions) {
    const { initial, clock, log } = options
    this.bytesOnDisk = options.bytesOnDisk
    this.#clock = clock
    this.#logger = options.logger
    this.#log = log
    this.#schedule = options.schedule
    this.#pending = initial.tree.edit()
    this.#pendingRevision = initial.revision
    this.#compactions = new Compactions(initial.compactedRevision, initial.compactions)
    this.#live = new LiveState({
      clock,
      initial: new TreeSnapshot(initial.revision, initial.tree),
      history: options.history,
      compactions: this.#compactions,
      archive: (memory) => log && new LogArchive({ clock, log, ...memory }),
    })
    this.#expiry = new Expiry(
      initial.expiring,
      ({ key, modRevision }) => this.#pending.get(key)?.modRevision === modRevision,
    )
    this.#armExpiry()
  }

  snapshot(): Snapshot {
    if (this.#closed) throw new StoreClosedError()
    return this.#live.newest
  }

  readonly alwaysFresh = true

  async fresh(): Promise<void> {
    this.#checkOpen()
  }

  async get(key: string, revision: number): Promise<Entry | undefined> {
    this.#checkOpen()
    return this.#live.get(key, revision)
  }

  async list(range: KeyRange, options?: ListOptions): Promise<ListResult> {
    this.#checkOpen()
    return this.#live.list(range, options)
  }

  put(key: string, value: Uint8Array, options: PutOptions): Promise<WriteResult> {
    if (this.#closed) return Promise.reject(new StoreClosedError())
    const previous = this.#pending.get(key)
    if ((previous?.modRevision ?? 0) !== options.expected) return this.#conflict(key, previous)
    const revision = ++this.#pendingRevision
    const entry = newEntry(key, ownValue(value), previous?.createRevision ?? revision, revision, options.memo)
    this.#pending.put(entry)
    const expires = options.ttlSeconds === undefined ? 0 : this.#clock.now() + options.ttlSeconds * 1000
    return this.#write({ type: 'put', entry, previous }, expires, { committed: true, entry })
  }

  delete(key: string, expected: number): Promise<DeleteResult> {
    if (this.#closed) return Promise.reject(new StoreClosedError())
    const previous = this.#pending.get(key)
    if (!previous || previous.modRevision !== expected) return this.#conflict(key, previous)
    const revision = ++this.#pendingRevision
    this.#pending.delete(key)
    return this.#write({ type: 'delete', revision, previous }, 0, { committed: true, entry: previous, revision })
  }

  watch(range: KeyRange, options: WatchOptions): AsyncIterable<WatchBatch> {
    return this.#live.watch(range, options)
  }

  async compact(revision: number, range: KeyRange = everything): Promise<void> {
    this.#checkOpen()
    this.#live.checkCompaction(revision, range)
    const mark = { range, revision }
    // Before the log begins to lose what readers may be about to ask for. If it can't, the next compaction makes up for it.
    this.#compactions.mark(mark)
    try {
      await this.#log?.compact(mark)
    } catch (cause) {
      throw unavailable('compact', cause)
    }
  }

  get compactedRevision(): number {
    return this.#live.compactedRevision
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#cancelExpiry?.()
    for (let commit = this.#newestCommit(); commit; commit = this.#newestCommit()) {
      await commit.done.catch(() => undefined)
    }
    this.#live.close()
    await this.#log?.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreClosedError()
  }

  #newestCommit(): Commit | undefined {
    return this.#gathering ?? this.#committing
  }

  /** Tells of the state that a write met, but not before that state is sure to last. */
  async #conflict(key: string, current: Entry | undefined): Promise<{ committed: false; current: Entry | undefined }> {
    if (current !== this.#live.newest.get(key)) await this.#newestCommit()?.done
    return { committed: false, current }
  }

  #write<T>(event: StoreEvent, expires: number, result: T): Promise<T> {
    this.#gathering ??= new Commit()
    const commit = this.#gathering
    this.#scheduleCommit()
    return new Promise((resolve, reject) => commit.add(event, expires, () => resolve(result), reject))
  }

  #scheduleCommit(): void {
    if (this.#scheduled || this.#committing) return
    this.#scheduled = true
    this.#schedule(() => {
      this.#scheduled = false
      void this.#commit()
    })
  }

  /** Never rejects: those who wait for the commit hear of its failure. */
  async #commit(): Promise<void> {
    const commit = this.#gathering
    if (!commit) return
    this.#gathering = undefined
    this.#committing = commit
    const tree = this.#pending.tree()
    try {
      if (this.#log) await this.#log.append(commit.changes)
    } catch (cause) {
      this.#undo(commit, cause)
      return
    }
    if (this.#failing) this.#logger.info('Store can write again')
    this.#failing = false
    this.#publish(commit, tree)
  }

  #publish(commit: Commit, tree: Tree): void {
    this.#committing = undefined
    const { events, changes } = commit
    const revision = revisionOf(events[events.length - 1]!)
    for (const { event, expires } of changes) {
      if (event.type !== 'put' || expires === 0) continue
      this.#expiry.add({ key: event.entry.key, modRevision: event.entry.modRevision, expires })
    }
    this.#live.show(new TreeSnapshot(revision, tree), events)
    // What gathered meanwhile is written while those who waited go on: neither the disk nor they wait for each other.
    if (this.#gathering) void this.#commit()
    commit.resolve()
    this.#armExpiry()
  }

  /** What gathered behind the failed commit was built on it, so it fails too. */
  #undo(commit: Commit, cause: unknown): void {
    const gathered = this.#gathering
    this.#gathering = undefined
    this.#committing = undefined
    this.#pending = this.#live.newest.tree.edit()
    this.#pendingRevision = this.#live.newest.revision
    const error = unavailable('write', cause)
    if (!this.#failing) this.#logger.error('Store can not write', { error: error.message })
    this.#failing = true
    commit.reject(error)
    gathered?.reject(error)
  }

  #armExpiry(): void {
    const next = this.#expiry.next
    if (next === undefined || this.#closed) return
    const due = Math.max(next, this.#expiredAt + expiryMilliseconds)
    if (this.#cancelExpiry && this.#expiryDue <= due) return
    this.#cancelExpiry?.()
    this.#expiryDue = due
    this.#cancelExpiry = this.#clock.timer(due - this.#clock.now(), () => this.#expire())
  }

  #expire(): void {
    this.#cancelExpiry = undefined
    const now = this.#clock.now()
    this.#expiredAt = now
    for (let due = this.#expiry.take(now); due; due = this.#expiry.take(now)) void this.#expireKey(due)
    this.#armExpiry()
  }

  async #expireKey(due: Expiring): Promise<void> {
    try {
      await this.delete(due.key, due.modRevision)
    } catch {
      this.#expiry.add({ ...due, expires: this.#clock.now() + expiryRetryMilliseconds })
      this.#armExpiry()
    }
  }
}

function unavailable(what: string, cause: unknown): StoreUnavailableError {
  const why = messageOf(cause)
  return new StoreUnavailableError(`the store can't ${what}: ${why}`, { cause })
}
