import { pausesOf, stepByStep } from '#base'
import type { CancelTimer, Clock } from '#base'
import { everything } from '../store.ts'
import type { KeyRange, WatchBatch } from '../store.ts'
import type { Tree } from '../tree/tree.ts'
import type { Compactions } from './compactions.ts'
import type { History } from './history.ts'
import type { TreeSnapshot } from './tree-snapshot.ts'

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

/** Where the past is that memory no longer holds. */
export interface Archive {
  /** A tree that shows a range as it was at a revision; outside of the range it may show another state. */
  treeAt(revision: number, range: KeyRange): Promise<Tree>
  /** Events of a range after one revision and up to another, as many as can be read without holding up others. */
  replay(range: KeyRange, after: number, upTo: number): Promise<WatchBatch>
}

/** What memory holds: the newest state, and what led to it. */
export interface Memory {
  readonly history: History
  readonly compactions: Compactions
  readonly newest: () => TreeSnapshot
}

export interface PastOptions extends Memory {
  readonly clock: Clock
  /** What lies before the history; without one there is nothing. */
  readonly archive: Archive | undefined
}

/** Answers for old revisions: from the history in memory, and from the archive what lies before it. */
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
    const { clock, history, compactions, archive, newest } = this.#options
    compactions.check(range, revision)
    const kept = this.#trees.find((past) => past.revision === revision && covers(past.range, range))
    if (kept) {
      kept.used = clock.monotonic()
      return kept.tree
    }
    if (!archive || revision >= history.floor) {
      const undone = stepByStep(history.undo(newest().tree, revision), pausesOf(clock))
      return this.keep(revision, everything, await undone)
    }
    const tree = await archive.treeAt(revision, range)
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
   * @throws CompactedError when they are gone, or go meanwhile
   */
  async replay(range: KeyRange, after: number): Promise<WatchBatch> {
    const { history, compactions, archive } = this.#options
    const batch = archive ? await archive.replay(range, after, history.floor) : { revision: after, events: [] }
    compactions.check(range, after)
    return batch
  }

  close(): void {
    this.#cancelTimer?.()
    this.#trees = []
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
