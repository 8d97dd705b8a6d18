import type { CancelTimer, Clock } from '#base'
import { StoreClosedError } from '../store.ts'
import type { KeyRange, StoreEvent, WatchBatch, WatchOptions } from '../store.ts'
import { keyOf, revisionOf } from './history.ts'
import type { History } from './history.ts'
import type { Past } from './past.ts'
import { RangeIndex } from './range-index.ts'
import { Watcher } from './watcher.ts'

/** How often watchers of quiet ranges hear of progress. */
const progressMilliseconds = 5_000

/** Watchers of one range: events are sorted out once for all of them. */
export interface WatchGroup {
  readonly range: KeyRange
  readonly watchers: Set<Watcher>
  /** No event of the range is newer. */
  lastRevision: number
  /** Events of the batch that is being published. */
  arriving: StoreEvent[]
}

export interface WatchersOptions {
  readonly clock: Clock
  readonly history: History
  readonly past: Past
  /** The newest revision that watchers may see. */
  readonly revision: () => number
  /** @throws CompactedError, FutureRevisionError when events of a range after a revision can't be had. */
  readonly check: (range: KeyRange, after: number) => void
}

/**
 * Tells watchers what was published. Nothing is queued for them: a watcher that waits is handed the batch, one that is
 * busy finds out from the history what it missed.
 */
export class Watchers {
  readonly #options: WatchersOptions
  readonly #groups = new RangeIndex<WatchGroup>()
  #closed = false
  #toldRevision: number
  #cancelTimer: CancelTimer | undefined

  constructor(options: WatchersOptions) {
    this.#options = options
    this.#toldRevision = options.revision()
  }

  watch(range: KeyRange, options: WatchOptions): AsyncIterable<WatchBatch> {
    return { [Symbol.asyncIterator]: () => new Watcher(this, range, options) }
  }

  /** Hands newly visible events to those who wait for them. */
  publish(events: readonly StoreEvent[], revision: number): void {
    const touched: WatchGroup[] = []
    for (const event of events) {
      for (const group of this.#groups.containing(keyOf(event))) {
        if (group.arriving.length === 0) touched.push(group)
        group.arriving.push(event)
      }
    }
    for (const group of touched) {
      const batch = { revision, events: group.arriving }
      group.lastRevision = revisionOf(group.arriving[group.arriving.length - 1]!)
      group.arriving = []
      for (const watcher of group.watchers) watcher.offer(batch)
    }
    this.#armProgress()
  }

  /** Adds a watcher. @throws what it asks for is not there */
  join(watcher: Watcher, range: KeyRange, after: number): WatchGroup {
    if (this.#closed) throw new StoreClosedError()
    this.#options.check(range, after)
    let group = this.#groups.get(range)
    if (!group) {
      group = { range, watchers: new Set(), lastRevision: this.#options.revision(), arriving: [] }
      this.#groups.add(group)
    }
    group.watchers.add(watcher)
    this.#armProgress()
    return group
  }

  leave(watcher: Watcher, group: WatchGroup): void {
    group.watchers.delete(watcher)
    if (group.watchers.size === 0) this.#groups.delete(group)
    if (this.#groups.size === 0) this.#disarmProgress()
  }

  /**
   * What a watcher missed since a revision: at once when memory has it, later when the log has to be asked, `undefined`
   * when there is nothing.
   */
  missed(group: WatchGroup, after: number): WatchBatch | Promise<WatchBatch> | undefined {
    if (after >= group.lastRevision) return undefined
    const { history, past } = this.#options
    this.#options.check(group.range, after)
    if (after < history.floor) return past.replay(group.range, after)
    return { revision: this.#options.revision(), events: history.since(after, group.range) }
  }

  /** Fails all watchers, and those to come. */
  close(): void {
    this.#closed = true
    this.#disarmProgress()
    this.fail(new StoreClosedError())
  }

  /** Fails all watchers there are. */
  fail(reason: Error): void {
    for (const group of this.#groups.all()) {
      for (const watcher of group.watchers) watcher.fail(reason)
    }
  }

  #armProgress(): void {
    if (this.#cancelTimer || this.#groups.size === 0 || this.#options.revision() === this.#toldRevision) return
    this.#cancelTimer = this.#options.clock.timer(progressMilliseconds, () => {
      this.#cancelTimer = undefined
      const batch = { revision: this.#options.revision(), events: [] }
      this.#toldRevision = batch.revision
      for (const group of this.#groups.all()) {
        for (const watcher of group.watchers) watcher.offer(batch)
      }
    })
  }

  #disarmProgress(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}
