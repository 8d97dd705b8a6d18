import type { CompactionMark } from '../cache/compactions.ts'
import type { StoreEvent } from '../store.ts'

/** A write on its way into the log. */
export interface Change {
  readonly event: StoreEvent
  /** Wall time in milliseconds at which the key goes by itself, 0 for never. */
  readonly expires: number
}

/** What the log knows of a write, but for its value. */
export interface LogHeader {
  readonly revision: number
  readonly key: string
  /** Revision of the write that this one replaced, 0 if the key did not exist. */
  readonly previous: number
  readonly createRevision: number
  readonly expires: number
  readonly deleted: boolean
}

export interface LogRecord extends LogHeader {
  /** Empty for a deletion. The caller may keep it. */
  readonly value: Uint8Array
}

/**
 * The durable part of an embedded store: every write by its revision, until it is compacted away. Only the store writes
 * to it, one batch at a time.
 */
export interface Log {
  /** Makes a batch durable, all of it or nothing. Rejects if it can't; the next batch may then succeed. */
  append(changes: readonly Change[]): Promise<void>
  /**
   * Calls back for kept writes after one revision and up to another, in order, for as many as can be read without holding
   * up others. Resolves with the revision up to which it got: continue from there.
   */
  scan(after: number, upTo: number, visit: (header: LogHeader) => void): Promise<number>
  /** The kept writes of these revisions; `undefined` for those compacted away. */
  read(revisions: readonly number[]): Promise<(LogRecord | undefined)[]>
  /** Remembers durably that history is gone, then begins to sweep it away. Resolves when it is swept. */
  compact(mark: CompactionMark): Promise<void>
  close(): Promise<void>
}
