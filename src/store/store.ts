/**
 * The value of a key at one revision. Entries are shared and never change, so whoever decodes a value may keep the
 * result in `memo`; it goes with the entry. A store may forget the memo of an entry that was replaced some time ago, so
 * that history costs values and not objects.
 */
export interface Entry {
  readonly key: string
  readonly value: Uint8Array
  /** Revision at which the key came to be; a key that is deleted and made again gets a new one. */
  readonly createRevision: number
  /** Revision of this value. */
  readonly modRevision: number
  /** What the owner of the data made of `value`. The store carries it and never looks at it. */
  memo: unknown
}

/**
 * Keys from `start` (inclusive) to `end` (exclusive). Keys are ordered by UTF-16 code unit, which is byte order but for
 * characters beyond U+FFFF. Use {@link prefixRange} for a prefix.
 */
export interface KeyRange {
  readonly start: string
  readonly end: string
}

export interface ListOptions {
  /** Revision to read at; the newest when absent. */
  readonly revision?: number
  /** Most entries to return; all when absent. */
  readonly limit?: number
}

export interface ListResult {
  /** In ascending order of key. */
  readonly entries: readonly Entry[]
  /** Revision that the list shows. */
  readonly revision: number
  /** Keys of the range that the limit left out. */
  readonly remaining: number
}

export interface PutOptions {
  /** `modRevision` that the key must have, 0 if it must not exist. */
  readonly expected: number
  /** Seconds after which the store deletes the key by itself. */
  readonly ttlSeconds?: number
  /** First content of the entry's `memo`. */
  readonly memo?: unknown
}

/** A write either happened, or met another state of the key than it expected: that is no error. */
export type WriteResult =
  | { readonly committed: true; readonly entry: Entry }
  | { readonly committed: false; readonly current: Entry | undefined }

export type DeleteResult =
  /** `entry` is the one that was deleted, `revision` that of the deletion. */
  | { readonly committed: true; readonly entry: Entry; readonly revision: number }
  | { readonly committed: false; readonly current: Entry | undefined }

export type StoreEvent =
  | { readonly type: 'put'; readonly entry: Entry; readonly previous: Entry | undefined }
  /** `revision` is that of the deletion. */
  | { readonly type: 'delete'; readonly revision: number; readonly previous: Entry }

export interface WatchOptions {
  /** Events after this revision. It may be as low as the revision that the range was compacted at. */
  readonly after: number
  readonly signal: AbortSignal
}

/**
 * Everything that became visible together, in order of revision. A batch without events tells of progress: a watcher
 * whose range is quiet gets one every few seconds while other keys change. Watchers of one range share their batches.
 */
export interface WatchBatch {
  /** All events of the range up to this revision have been delivered. */
  readonly revision: number
  readonly events: readonly StoreEvent[]
}

/** The state at one revision, held in memory: it stays as it is for as long as someone holds it. */
export interface Snapshot {
  readonly revision: number
  get(key: string): Entry | undefined
  /** Entries of the range in ascending order of key, walked as they are asked for. */
  entries(range: KeyRange): Iterable<Entry>
  count(range: KeyRange): number
}

/**
 * Revisioned key-value store.
 *
 * - Every committed write gets the next revision; revisions rise by one and are never given twice, also across restarts.
 *   A new store is at revision 1, so that the first write is 2.
 * - A write resolves only after it will survive a crash; it becomes visible to readers and watchers no earlier.
 * - A watcher sees every event of its range once and in order, or fails.
 *
 * Every method rejects with {@link StoreClosedError} after `close`.
 */
export interface Store {
  /** The newest state. Synchronous: every store keeps its live state, or a cache of it, in memory. */
  snapshot(): Snapshot
  /**
   * Whether `snapshot` shows every write at all times, because this process is the only writer: then nobody needs to wait
   * until it is {@link fresh}.
   */
  readonly alwaysFresh: boolean
  /** Bytes that the store takes on this machine's disk; absent where it takes none. */
  readonly bytesOnDisk?: (() => number) | undefined
  /**
   * Waits until `snapshot` shows every write that was committed anywhere before this call. Resolves at once where this
   * process is the only writer.
   */
  fresh(): Promise<void>
  /**
   * Value of a key at a revision.
   * @throws CompactedError, FutureRevisionError
   */
  get(key: string, revision: number): Promise<Entry | undefined>
  /** @throws CompactedError, FutureRevisionError */
  list(range: KeyRange, options?: ListOptions): Promise<ListResult>
  /**
   * @throws StoreUnavailableError when the write can't be made durable. Then it did not happen, unless the store is
   * another process that went away before it answered: then nobody knows.
   */
  put(key: string, value: Uint8Array, options: PutOptions): Promise<WriteResult>
  /**
   * Deletes a key whose `modRevision` is `expected`.
   * @throws StoreUnavailableError as {@link put}
   */
  delete(key: string, expected: number): Promise<DeleteResult>
  /**
   * Events of a range, from a revision on, without end until the signal aborts. A consumer that lags holds up nobody: it
   * gets larger batches.
   * @throws CompactedError when events after `after` are no longer kept, FutureRevisionError
   */
  watch(range: KeyRange, options: WatchOptions): AsyncIterable<WatchBatch>
  /**
   * Forgets what was before `revision`: values that were replaced by then, and events up to it. With a range, what lies
   * outside stays readable: keys that churn need not shorten the history of all others. A store that can't forget a part
   * keeps it.
   * @throws CompactedError when that was compacted there already, FutureRevisionError, StoreUnavailableError
   */
  compact(revision: number, range?: KeyRange): Promise<void>
  /** Oldest revision at which everything can still be read that was not compacted by range. */
  readonly compactedRevision: number
  /** Waits for writes under way, then lets go of everything. */
  close(): Promise<void>
}

/** The range of all keys. */
export const everything: KeyRange = { start: '', end: '\uffff' }

/** The range of all keys that begin with `prefix`. */
export function prefixRange(prefix: string): KeyRange {
  if (prefix === '') return everything
  const last = prefix.charCodeAt(prefix.length - 1)
  return { start: prefix, end: prefix.slice(0, -1) + String.fromCharCode(last + 1) }
}

/** The revision asked for was compacted away. */
export class CompactedError extends Error {
  readonly code = 'Compacted'
  readonly compactedRevision: number

  constructor(revision: number, compactedRevision: number) {
    super(`revision ${revision} was compacted, the oldest kept is ${compactedRevision}`)
    this.name = 'CompactedError'
    this.compactedRevision = compactedRevision
  }
}

/** The revision asked for does not exist yet. */
export class FutureRevisionError extends Error {
  readonly code = 'FutureRevision'
  readonly currentRevision: number

  constructor(revision: number, currentRevision: number) {
    super(`revision ${revision} lies ahead of the newest, ${currentRevision}`)
    this.name = 'FutureRevisionError'
    this.currentRevision = currentRevision
  }
}

/** The store can't take writes: disk full or failing, or too few members of the cluster answer. */
export class StoreUnavailableError extends Error {
  readonly code = 'StoreUnavailable'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'StoreUnavailableError'
  }
}

export class StoreClosedError extends Error {
  readonly code = 'StoreClosed'

  constructor() {
    super('the store is closed')
    this.name = 'StoreClosedError'
  }
}
