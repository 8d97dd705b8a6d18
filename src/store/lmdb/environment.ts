import { open } from 'lmdb'
import type { Database, DatabaseOptions, RootDatabase } from 'lmdb'
import { checkDataFile, checkDescriptors } from './data-file.ts'
import { Reserve } from './reserve.ts'

/**
 * Bytes of a page in new files. Objects of a few kilobytes fill pages of this size well; in smaller ones each would take
 * pages of its own.
 */
const pageSize = 16_384

/** Address space for the file; it takes neither memory nor disk. */
const mapSize = 32 * 2 ** 30

/**
 * The file is mapped into memory, and every page that was touched counts as memory of this process until it is unmapped.
 * So after this many bytes the environment is opened anew, which takes less than a millisecond.
 */
const touchedLimit = 16 << 20

/**
 * Pages that a commit writes whatever is in it: the way to its pages in each tree, and the list of free pages, which may
 * be rewritten as a whole.
 */
const commitPages = 96

/** How many of these it usually is. */
const touchedPages = 6

/** Pages that become new when a record is removed: its own, and some of the way to it. */
const removalPages = 2

/** Most records to remove in one commit. */
export const mostRemoved = 200

const removalBytes = (commitPages + mostRemoved * removalPages) * pageSize

/** Bytes that a commit of a few hundred objects writes. */
const usualBytes = 2 * commitPages * pageSize

/** What the library throws when a transaction fails: the reason comes by a promise of its own. */
interface CommitError extends Error {
  readonly commitError?: Promise<never>
}

/** Hands values out as they are: as views that hold until the next read. */
const encoder = { encode: (bytes: Uint8Array): Uint8Array => bytes, decode: (bytes: Uint8Array): Uint8Array => bytes }
const views: DatabaseOptions & { readonly encoder: typeof encoder } = { encoder }

interface Handles {
  readonly root: RootDatabase<Uint8Array, string>
  readonly log: Database<Uint8Array, number>
  readonly meta: Database<string, string>
}

/** The two databases of a directory: the log, by revision, and a few facts by name. One task at a time may use it. */
export class Environment {
  readonly #directory: string
  #handles: Handles
  readonly #reserve: Reserve
  #open = true
  #failed = false
  #touched = 0

  /** The directory must have been prepared. @throws StoreOpenError, or what the library says */
  constructor(directory: string) {
    this.#directory = directory
    this.#handles = openHandles(directory)
    this.#reserve = new Reserve(directory, () => this.#usedBytes())
  }

  /** A commit failed, in a way that may have left something on disk. `refresh` makes it usable again. */
  get failed(): boolean {
    return this.#failed
  }

  /** Opens anew if it failed or was touched much. @throws when that is not possible; it may be tried again */
  async refresh(): Promise<void> {
    if (this.#open && !this.#failed && !this.#outgrown()) return
    if (this.#open) {
      this.#open = false
      await this.#handles.root.close()
    }
    this.#handles = openHandles(this.#directory)
    this.#open = true
    this.#failed = false
    this.#touched = 0
  }

  /** Makes room on the disk for a usual commit. @throws when there is none */
  async reserve(): Promise<void> {
    await this.#reserve.take(0, usualBytes + removalBytes)
  }

  /**
   * Writes all changes or nothing; resolves when they are on disk. What adds records leaves room for what removes some:
   * that is how a full disk gets room again.
   * @throws why it could not
   */
  async commit(changes: Changes): Promise<void> {
    const { root, log, meta } = this.#handles
    const { put = [], remove = [], putMeta = [] } = changes
    const bytes = sizeOf(changes)
    this.#touched += bytes - (commitPages - touchedPages) * pageSize
    await this.#reserve.take(bytes, put.length > 0 ? removalBytes : 0)
    try {
      const done = root.batch(() => {
        for (const { revision, bytes } of put) void log.put(revision, bytes)
        for (const revision of remove) void log.remove(revision)
        for (const { name, value } of putMeta) void meta.put(name, value)
      })
      beginNow(log)
      await done
    } catch (error) {
      this.#failed = true
      throw await reasonOf(error as CommitError)
    }
  }

  getMeta(name: string): string | undefined {
    return this.#handles.meta.get(name)
  }

  /** The record of a revision; the bytes hold until the next read. */
  get(revision: number): Buffer | undefined {
    const record = this.#handles.log.get(revision)
    this.#touched += pageSize
    return record && asBuffer(record)
  }

  /**
   * Calls back for records of revisions from `start` on and before `end`, `limit` of them at most; downwards, from `start`
   * and down to but not `end`, with `reverse`. The bytes hold during the call.
   */
  range(options: RangeOptions, visit: (revision: number, record: Buffer) => void): number {
    let count = 0
    for (const { key, value } of this.#handles.log.getRange({ ...options })) {
      count++
      this.#touched += value.length
      visit(key, asBuffer(value))
    }
    return count
  }

  /** Number of records. */
  get size(): number {
    const stats: { entryCount?: number } = this.#handles.log.getStats()
    return stats.entryCount ?? 0
  }

  /** Whether it was touched much, and can be opened anew at the moment. */
  #outgrown(): boolean {
    if (this.#touched < touchedLimit) return false
    try {
      checkDescriptors(this.#directory)
      return true
    } catch {
      return false
    }
  }

  #usedBytes(): number {
    const stats: { lastPageNumber?: number; pageSize?: number } = this.#handles.root.getStats()
    return ((stats.lastPageNumber ?? 0) + 1) * (stats.pageSize ?? pageSize)
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#handles.root.close()
  }
}

export interface Changes {
  /** Records; the bytes must stay as they are until the commit is over. */
  readonly put?: readonly { readonly revision: number; readonly bytes: Uint8Array }[]
  /** Revisions, {@link mostRemoved} of them at most; those without a record are passed over. */
  readonly remove?: readonly number[]
  readonly putMeta?: readonly { readonly name: string; readonly value: string }[]
}

export interface RangeOptions {
  readonly start?: number
  readonly end?: number
  readonly limit: number
  readonly reverse?: boolean
}

/** Most bytes that a commit writes. Pages of the log are at least half full; large records have pages of their own. */
function sizeOf({ put = [], remove = [], putMeta = [] }: Changes): number {
  let bytes = commitPages * pageSize + remove.length * removalPages * pageSize
  for (const record of put) bytes += record.bytes.length * 2 + (record.bytes.length > pageSize / 4 ? pageSize : 0)
  for (const { value } of putMeta) bytes += value.length + pageSize
  return bytes
}

/**
 * The library begins to write a turn of the event loop after it was told to, which is as long as all requests take that
 * came meanwhile; with a further write before that, which changes nothing, it begins at once.
 */
function beginNow(log: Handles['log']): void {
  // What fails, fails with the batch, which tells why.
  log.remove(noRevision).catch(() => undefined)
}

const noRevision = 0

function openHandles(directory: string): Handles {
  checkDataFile(directory)
  checkDescriptors(directory)
  // Each transaction syncs by itself before it resolves: there is one at a time, so that nothing could overlap.
  const durability = { overlappingSync: false, eventTurnBatching: false, txnStartThreshold: 1 }
  const file = { path: directory, noSubdir: false, pageSize, mapSize, maxReaders: 16, permissionsMode: 0o600 }
  const root = open<Uint8Array, string>({ ...file, ...durability })
  try {
    const log = root.openDB<Uint8Array, number>('log', views)
    const meta = root.openDB<string, string>('meta', { encoding: 'string' })
    return { root, log, meta }
  } catch (error) {
    void root.close()
    throw error
  }
}

async function reasonOf(error: CommitError): Promise<unknown> {
  try {
    await error.commitError
  } catch (reason) {
    return reason
  }
  return error
}

/** Large values come as views of the mapped file. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
