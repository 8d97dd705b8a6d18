import { everything, inRange, revisionOf } from '#store'
import type { Change, CompactionMark, Log, LogHeader, LogRecord } from '#store'
import type { Logger } from '#base'
import { Mutex } from '#base'
import { mostRemoved } from './environment.ts'
import type { Environment } from './environment.ts'
import { encodeRecord, decodeHeader, decodeRecord, sizeBound } from './record.ts'

/** Most records that one read walks, so that commits get in between. */
const sliceRecords = 1_000

/** Records that are swept in one commit: a deletion takes two away. */
const sweepRecords = mostRemoved / 2

/** The buffer that batches are encoded in goes back to this size after a larger one. */
const usualBatchBytes = 256 << 10

/** A compaction, and how far its sweep has got: nothing is left to remove up to `swept`. */
export interface Sweep extends CompactionMark {
  revision: number
  swept: number
}

export interface LmdbLogOptions {
  readonly environment: Environment
  readonly logger: Logger
  /** Revision of the newest write. */
  readonly revision: number
  /** The compaction of everything first, then those of ranges. */
  readonly sweeps: Sweep[]
  /** Gives up the directory; called when everything is closed. */
  readonly release: () => Promise<void>
}

/**
 * The log in LMDB. Every access waits its turn: a commit, or a slice of something longer, so that nobody waits for more
 * than a few milliseconds.
 */
export class LmdbLog implements Log {
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #turns = new Mutex()
  #batch = new Uint8Array(usualBatchBytes)
  /** Revision of the newest write that is known to be durable. */
  #durable: number
  /** Records may be on disk that nobody knows of. */
  #suspect = false
  #sweeps: Sweep[]
  #sweeping: Promise<void> | undefined
  #closing = false
  readonly #release: () => Promise<void>

  constructor(options: LmdbLogOptions) {
    this.#environment = options.environment
    this.#logger = options.logger
    this.#durable = options.revision
    this.#sweeps = options.sweeps
    this.#release = options.release
  }

  /** Makes room for the first writes before they come, since that takes a while. A full disk tells those who write. */
  async prepare(): Promise<void> {
    await this.#turn(() => this.#environment.reserve()).catch(() => undefined)
  }

  append(changes: readonly Change[]): Promise<void> {
    return this.#turn(async () => {
      await this.#environment.commit({ put: this.#encode(changes) })
      this.#durable = revisionOf(changes[changes.length - 1]!.event)
    })
  }

  scan(after: number, upTo: number, visit: (header: LogHeader) => void): Promise<number> {
    return this.#turn(async () => this.#scan(after, upTo, sliceRecords, visit))
  }

  async read(revisions: readonly number[]): Promise<(LogRecord | undefined)[]> {
    const records: (LogRecord | undefined)[] = []
    for (let at = 0; at < revisions.length; at += sliceRecords) {
      await this.#turn(async () => {
        for (const revision of revisions.slice(at, at + sliceRecords)) {
          const record = this.#environment.get(revision)
          records.push(record && decodeRecord(revision, record))
        }
      })
    }
    return records
  }

  async compact({ range, revision }: CompactionMark): Promise<void> {
    await this.#turn(async () => {
      const sweeps = marked(this.#sweeps, range, revision)
      await this.#environment.commit({ putMeta: [sweepsMeta(sweeps)] })
      this.#sweeps = sweeps
    })
    await this.sweep()
  }

  /** Removes what compactions left to remove. Resolves when that is done, or when the log closes. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined))
    return this.#sweeping
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#sweeping?.catch(() => undefined)
    await this.#turns.run(async () => {
      try {
        if (this.#environment.failed || this.#suspect) await this.#recover()
      } catch (error) {
        this.#logger.warn('Store closes after a write that failed', { error: String(error) })
      }
      await this.#environment.close()
    })
    await this.#release()
  }

  #turn<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      await this.#recover()
      return task()
    })
  }

  /**
   * A commit that failed at its very end may have reached the disk all the same. Its writers were told that it did not
   * happen, so it must not come back.
   */
  async #recover(): Promise<void> {
    this.#suspect ||= this.#environment.failed
    await this.#environment.refresh()
    if (!this.#suspect) return
    const ghosts: number[] = []
    this.#environment.range({ start: this.#durable + 1, limit: Infinity }, (revision) => ghosts.push(revision))
    // The newest first, so that what a crash would leave is without gaps.
    ghosts.reverse()
    for (let at = 0; at < ghosts.length; at += mostRemoved) {
      await this.#environment.commit({ remove: ghosts.slice(at, at + mostRemoved) })
    }
    this.#suspect = false
  }

  #scan(after: number, upTo: number, limit: number, visit: (header: LogHeader) => void): number {
    let last = after
    const range = { start: after + 1, end: upTo + 1, limit }
    const count = this.#environment.range(range, (revision, record) => {
      visit(decodeHeader(revision, record))
      last = revision
    })
    return count < limit ? upTo : last
  }

  #encode(changes: readonly Change[]): { revision: number; bytes: Uint8Array }[] {
    let bound = 0
    for (const change of changes) bound += sizeBound(change)
    if (bound > this.#batch.length) this.#batch = new Uint8Array(bound)
    else if (this.#batch.length > usualBatchBytes && bound <= usualBatchBytes) {
      this.#batch = new Uint8Array(usualBatchBytes)
    }
    const batch = this.#batch
    const view = new DataView(batch.buffer)
    const records: { revision: number; bytes: Uint8Array }[] = []
    let at = 0
    for (const change of changes) {
      const end = encodeRecord(change, batch, view, at)
      records.push({ revision: revisionOf(change.event), bytes: batch.subarray(at, end) })
      at = end
    }
    return records
  }

  async #sweep(): Promise<void> {
    for (;;) {
      const sweep = this.#sweeps.find((sweep) => sweep.swept < sweep.revision)
      if (!sweep || this.#closing) return
      await this.#turn(() => this.#sweepSlice(sweep))
    }
  }

  /** A record goes when a later one replaced it by the revision of the compaction; a deletion then goes itself. */
  async #sweepSlice(sweep: Sweep): Promise<void> {
    const superseded: number[] = []
    const swept = this.#scan(sweep.swept, sweep.revision, sweepRecords, (header) => {
      if (!inRange(header.key, sweep.range)) return
      if (header.previous > 0) superseded.push(header.previous)
      if (header.deleted) superseded.push(header.revision)
    })
    const sweeps = this.#sweeps.map((other) => (other === sweep ? { ...sweep, swept } : other))
    await this.#environment.commit({ remove: superseded, putMeta: [sweepsMeta(sweeps)] })
    this.#sweeps = sweeps
  }
}

const metaName = 'compactions'

function sweepsMeta(sweeps: readonly Sweep[]): { name: string; value: string } {
  return { name: metaName, value: JSON.stringify(sweeps) }
}

export function readSweeps(environment: Environment): Sweep[] {
  const stored = environment.getMeta(metaName)
  if (stored === undefined) return [{ range: everything, revision: 1, swept: 1 }]
  const sweeps: Sweep[] = JSON.parse(stored)
  return sweeps
}

/**
 * Adds a compaction. One of everything takes the place of those of ranges at or below it: what they have left to sweep
 * lies in what it sweeps. For the same reason one of a range begins where everything was compacted.
 */
function marked(sweeps: readonly Sweep[], range: Sweep['range'], revision: number): Sweep[] {
  const [all, ...partial] = sweeps
  if (!all) throw new Error('there is no compaction of everything')
  if (range.start === everything.start && range.end === everything.end) {
    return [{ ...all, revision }, ...partial.filter((sweep) => sweep.revision > revision)]
  }
  const same = partial.find((sweep) => sweep.range.start === range.start && sweep.range.end === range.end)
  const swept = same?.swept ?? all.revision
  return [all, ...partial.filter((sweep) => sweep !== same), { range, revision, swept }]
}
