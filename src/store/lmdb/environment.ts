import { open } from 'lmdb'
import type { Database, DatabaseOptions, RootDatabase } from 'lmdb'
import { checkDataFile, checkDescriptors } from './data-file.ts'

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
  #open = true
  #touched = 0

  /** The directory must have been prepared. @throws StoreOpenError, or what the library says */
  constructor(directory: string) {
    this.#directory = directory
    this.#handles = openHandles(directory)
  }

  /** Opens anew if it was touched much or failed. @throws when that is not possible; it may be tried again */
  async refresh(failed: boolean): Promise<void> {
    if (this.#open && !failed) {
      if (this.#touched < touchedLimit) return
      try {
        checkDescriptors(this.#directory)
      } catch {
        return
      }
    }
    if (this.#open) {
      this.#open = false
      await this.#handles.root.close()
    }
    this.#handles = openHandles(this.#directory)
    this.#open = true
    this.#touched = 0
  }

  /** Writes everything that `fill` puts and removes, all or nothing; resolves when it is on disk. */
  async commit(fill: (writer: Writer) => void): Promise<void> {
    const { root, log, meta } = this.#handles
    let bytes = 0
    const writer: Writer = {
      put(revision, record) {
        bytes += record.length
        void log.put(revision, record)
      },
      remove(revision) {
        bytes += pageSize
        void log.remove(revision)
      },
      putMeta(name, value) {
        void meta.put(name, value)
      },
    }
    try {
      await root.batch(() => fill(writer))
    } catch (error) {
      throw await reasonOf(error as CommitError)
    } finally {
      this.#touched += bytes + pageSize
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

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#handles.root.close()
  }
}

export interface Writer {
  /** The bytes must stay as they are until the commit is over. */
  put(revision: number, record: Uint8Array): void
  remove(revision: number): void
  putMeta(name: string, value: string): void
}

export interface RangeOptions {
  readonly start?: number
  readonly end?: number
  readonly limit: number
  readonly reverse?: boolean
}

function openHandles(directory: string): Handles {
  checkDataFile(directory)
  checkDescriptors(directory)
  // Each transaction syncs by itself before it resolves: there is one at a time, so that nothing could overlap.
  const durability = { overlappingSync: false, eventTurnBatching: false }
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
