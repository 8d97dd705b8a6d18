import type { CancelTimer, Clock } from '#base'
import { everything } from '../store.ts'
import type { Entry, KeyRange, StoreEvent, WatchBatch } from '../store.ts'
import type { Tree } from '../tree/tree.ts'
import type { Compactions } from './compactions.ts'
import { newEntry } from './entry.ts'
import { inRange } from './history.ts'
import type { History } from './history.ts'
import type { Log, LogHeader, LogRecord } from './log.ts'

/** A client pages through a list at one revision: trees of the past are kept for the next page. */
const keptTrees = 4
const keptMilliseconds = 30_000

interface PastTree {
  readonly revision: number
  /** Outside of it the tree may show a later state. */
  readonly range: KeyRange
  readonly tree: Tree
  /** Monotonic time of its last use. */
  used: number
}

export interface PastOptions {
  readonly clock: Clock
  readonly history: History
  readonly compactions: Compactions
  /** Where events are that the history no longer keeps; without one there are none. */
  readonly log: Log | undefined
  /** The tree of the newest revision. */
  readonly newest: () => Tree
}

/** Answers for old revisions: from the history in memory, and from the log what lies before it. */
export class Past {
  readonly #options: PastOptions
  #trees: PastTree[] = []
  #cancelTimer: CancelTimer | undefined

  constructor(options: PastOptions) {
    this.#options = options
  }

  /**
   * A tree that shows a range as it was at a revision.
   * @throws CompactedError when the history that leads there is gone, or goes meanwhile
   */
  async treeAt(revision: number, range: KeyRange): Promise<Tree> {
    const { history, compactions, log, newest } = this.#options
    compactions.check(range, revision)
    const kept = this.#trees.find((past) => past.revision === revision && covers(past.range, range))
    if (kept) {
      kept.used = this.#options.clock.monotonic()
      return kept.tree
    }
    if (!log || revision >= history.floor) {
      return this.keep(revision, everything, history.undo(newest(), revision))
    }
    const tree = await this.#fromLog(log, revision, range)
    compactions.check(range, revision)
    return this.keep(revision, range, tree)
  }

  /** Keeps the tree of a revision for a while, for those who are likely to ask for it. */
  keep(revision: number, range: KeyRange, tree: Tree): Tree {
    const { clock } = this.#options
    const others = this.#trees.filter((past) => past.revision !== revision || !covers(range, past.range))
    this.#trees = [{ revision, range, tree, used: clock.monotonic() }, ...others].slice(0, keptTrees)
    this.#cancelTimer ??= clock.timer(keptMilliseconds, () => this.#forget())
    return tree
  }

  /**
   * Events of a range after a revision that is older than the history in memory, as many as can be read without holding
   * up others.
   */
  async replay(range: KeyRange, after: number): Promise<WatchBatch> {
    const { history, compactions, log } = this.#options
    const headers: LogHeader[] = []
    const reached = log
      ? await log.scan(after, history.floor, (header) => {
          if (inRange(header.key, range)) headers.push(header)
        })
      : after
    const entries = await this.#entries(
      headers.flatMap((header) => (header.deleted ? [header.previous] : [header.previous, header.revision])),
    )
    compactions.check(range, after)
    return { revision: reached, events: headers.map((header) => toEvent(header, entries)) }
  }

  close(): void {
    this.#cancelTimer?.()
    this.#trees = []
  }

  /** Undoes, from the oldest state in memory, what the log says happened to a range before it. */
  async #fromLog(log: Log, revision: number, range: KeyRange): Promise<Tree> {
    const { history, newest } = this.#options
    const floor = history.floor
    const edit = history.undo(newest(), floor).edit()
    const previous = new Map<string, number>()
    for (let at = revision; at < floor;) {
      at = await log.scan(at, floor, (header) => {
        if (inRange(header.key, range) && !previous.has(header.key)) previous.set(header.key, header.previous)
      })
    }
    const entries = await this.#entries([...previous.values()])
    this.#options.compactions.check(range, revision)
    for (const [key, there] of previous) {
      if (there === 0) edit.delete(key)
      else edit.put(entries(there))
    }
    return edit.tree()
  }

  /** Entries by revision. Those that still are in the tree are taken from there, with what was decoded from them. */
  async #entries(revisions: readonly number[]): Promise<(revision: number) => Entry> {
    const { log, newest } = this.#options
    const wanted = [...new Set(revisions)].filter((revision) => revision > 0)
    const tree = newest()
    const entries = new Map<number, Entry>()
    for (const record of log ? await log.read(wanted) : []) {
      if (!record) continue
      const live = tree.get(record.key)
      entries.set(record.revision, live?.modRevision === record.revision ? live : toEntry(record))
    }
    return (revision) => {
      const entry = entries.get(revision)
      if (!entry) throw new Error(`the log lacks revision ${revision}, which was not compacted`)
      return entry
    }
  }

  #forget(): void {
    const { clock } = this.#options
    const since = clock.monotonic() - keptMilliseconds
    this.#trees = this.#trees.filter((past) => past.used > since)
    this.#cancelTimer = this.#trees.length > 0 ? clock.timer(keptMilliseconds, () => this.#forget()) : undefined
  }
}

function covers(outer: KeyRange, inner: KeyRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

export function toEntry(record: LogRecord): Entry {
  return newEntry(record.key, record.value, record.createRevision, record.revision, undefined)
}

function toEvent(header: LogHeader, entries: (revision: number) => Entry): StoreEvent {
  if (header.deleted) return { type: 'delete', revision: header.revision, previous: entries(header.previous) }
  const previous = header.previous === 0 ? undefined : entries(header.previous)
  return { type: 'put', entry: entries(header.revision), previous }
}
