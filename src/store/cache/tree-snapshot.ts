import type { Entry, KeyRange, Snapshot } from '../store.ts'
import type { Tree } from '../tree/tree.ts'

/** A tree with the revision that it shows. */
export class TreeSnapshot implements Snapshot {
  readonly revision: number
  readonly tree: Tree

  constructor(revision: number, tree: Tree) {
    this.revision = revision
    this.tree = tree
  }

  get(key: string): Entry | undefined {
    return this.tree.get(key)
  }

  entries(range: KeyRange): Iterable<Entry> {
    return this.tree.entries(range)
  }

  count(range: KeyRange): number {
    return this.tree.count(range)
  }
}
