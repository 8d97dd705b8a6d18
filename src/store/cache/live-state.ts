import type { Clock } from '#base'
import { CompactedError, everything, FutureRevisionError } from '../store.ts'
import type { Entry, KeyRange, ListOptions, ListResult, StoreEvent, WatchBatch, WatchOptions } from '../store.ts'
import type { Compactions } from './compactions.ts'
import { History } from './history.ts'
import type { HistoryLimits } from './history.ts'
import { Past } from './past.ts'
import type { Archive, Memory } from './past.ts'
import type { TreeSnapshot } from './tree-snapshot.ts'
import { Watchers } from './watchers.ts'

export interface LiveStateOptions {
  readonly clock: Clock
  readonly initial: TreeSnapshot
  readonly history: HistoryLimits
  readonly compactions: Compactions
  /** Where the past is that memory no longer holds, if anywhere. */
  readonly archive: (memory: Memory) => Archive | undefined
}

/**
 * The state that a store shows, in memory: all of its readers and watchers are answered from here. Stores differ in how a
 * write becomes durable, and in when they {@link show} it.
 */
export class LiveState {
  readonly #compactions: Compactions
  readonly #history: History
  readonly #past: Past
  readonly #watchers: Watchers
  readonly #hasArchive: boolean
  #newest: TreeSnapshot

  constructor({ clock, initial, history: limits, compactions, archive: archiveOf }: LiveStateOptions) {
    this.#newest = initial
    this.#compactions = compactions
    this.#history = new History(initial.revision, limits)
    const memory = { history: this.#history, compactions, newest: (): TreeSnapshot => this.#newest }
    const archive = archiveOf(memory)
    this.#hasArchive = archive !== undefined
    this.#past = new Past({ clock, archive, ...memory })
    this.#watchers = new Watchers({
      clock,
      history: this.#history,
      past: this.#past,
      revision: () => this.#newest.revision,
      check: (range, after) => this.#check(range, after),
    })
  }

  get newest(): TreeSnapshot {
    return this.#newest
  }

  /** Oldest revision at which everything can still be read that was not compacted by range. */
  get compactedRevision(): number {
    const { revision } = this.#compactions
    return this.#hasArchive ? revision : Math.max(revision, this.#history.floor)
  }

  /** As the store's `get`. */
  async get(key: string, revision: number): Promise<Entry | undefined> {
    const range = { start: key, end: `${key}\0` }
    this.#check(range, revision)
    const newest = this.#newest.get(key)
    if (revision === this.#newest.revision || (newest && newest.modRevision <= revision)) return newest
    return (await this.#past.treeAt(revision, range)).get(key)
  }

  /** As the store's `list`. */
  async list(range: KeyRange, options: ListOptions = {}): Promise<ListResult> {
    const { revision = this.#newest.revision, limit = Infinity } = options
    this.#check(range, revision)
    const isNewest = revision === this.#newest.revision
    const tree = isNewest ? this.#newest.tree : await this.#past.treeAt(revision, range)
    const entries = tree.slice(range, limit)
    const remaining = entries.length < limit ? 0 : tree.count(range) - entries.length
    if (isNewest && remaining > 0) this.#past.keep(revision, everything, tree)
    return { entries, revision, remaining }
  }

  /** As the store's `watch`. */
  watch(range: KeyRange, options: WatchOptions): AsyncIterable<WatchBatch> {
    return this.#watchers.watch(range, options)
  }

  /** Makes a newer state visible, and tells watchers of the events that led to it. */
  show(newest: TreeSnapshot, events: readonly StoreEvent[]): void {
    this.#newest = newest
    this.#history.append(events)
    this.#watchers.publish(events, newest.revision)
  }

  /** Makes a newer state visible of which nobody knows how it came to be: watchers have to begin again. */
  replace(newest: TreeSnapshot): void {
    const { revision } = this.#newest
    this.#history.reset(newest.revision)
    this.#compactions.mark({ range: everything, revision: newest.revision })
    this.#watchers.fail(new CompactedError(revision, newest.revision))
    this.show(newest, [])
  }

  /** @throws CompactedError, FutureRevisionError when there is nothing to compact in a range at a revision. */
  checkCompaction(revision: number, range: KeyRange): void {
    if (revision > this.#newest.revision) throw new FutureRevisionError(revision, this.#newest.revision)
    const compacted = this.#compactions.marked(range)
    if (revision <= compacted) throw new CompactedError(revision, compacted)
  }

  /** Fails watchers, and those to come; what was kept for readers of the past is let go. */
  close(): void {
    this.#watchers.close()
    this.#past.close()
  }

  #check(range: KeyRange, revision: number): void {
    if (revision > this.#newest.revision) throw new FutureRevisionError(revision, this.#newest.revision)
    this.#compactions.check(range, revision)
    const oldest = this.compactedRevision
    if (revision < oldest) throw new CompactedError(revision, oldest)
  }
}
