import type { Entry, KeyRange } from '../store.ts'
import {
  childIndex,
  countBetween,
  find,
  firstKey,
  insert,
  isLeaf,
  lowerBound,
  maxItems,
  newBranch,
  newLeaf,
  remove,
  sizeOf,
  split,
} from './node.ts'
import type { Branch, Node, Replaced } from './node.ts'

/**
 * Entries in ascending order of key. A tree never changes; trees that came from each other by an {@link Edit} share all
 * nodes but those on the way to what differs.
 */
export class Tree {
  static readonly empty: Tree = new Tree(undefined)
  readonly #root: Node | undefined

  constructor(root: Node | undefined) {
    this.#root = root
  }

  /** Builds a tree from entries whose keys ascend; takes time in proportion to their number. */
  static of(sorted: readonly Entry[]): Tree {
    let level: Node[] = []
    for (let at = 0; at < sorted.length; at += maxItems) level.push(newLeaf(0, sorted.slice(at, at + maxItems)))
    for (let height = 1; level.length > 1; height++) {
      const above: Node[] = []
      for (let at = 0; at < level.length; at += maxItems) {
        const items = level.slice(at, at + maxItems)
        let size = 0
        for (const item of items) size += sizeOf(item)
        above.push(newBranch(0, height, items, items.map(firstKey), size))
      }
      level = above
    }
    return new Tree(level[0])
  }

  get size(): number {
    return this.#root ? sizeOf(this.#root) : 0
  }

  get(key: string): Entry | undefined {
    return find(this.#root, key)
  }

  /** Number of entries of a range, without walking them. */
  count(range: KeyRange): number {
    return countBetween(this.#root, range.start, range.end)
  }

  /** Entries of a range, read as they are asked for. */
  entries(range: KeyRange): Iterable<Entry> {
    return { [Symbol.iterator]: () => new EntryIterator(this.#root, range) }
  }

  /** The first `limit` entries of a range. */
  slice(range: KeyRange, limit: number): Entry[] {
    const result: Entry[] = []
    const iterator = new EntryIterator(this.#root, range)
    while (result.length < limit && iterator.chunk(result, limit));
    return result
  }

  edit(): Edit {
    return new Edit(this.#root)
  }
}

let lastOwner = 0

/** A tree under change. Reads see every change made so far. */
export class Edit {
  #root: Node | undefined
  #owner = ++lastOwner
  readonly #replaced: Replaced = { entry: undefined }

  constructor(root: Node | undefined) {
    this.#root = root
  }

  get(key: string): Entry | undefined {
    return find(this.#root, key)
  }

  /** Sets the entry of its key and returns the one that was there. */
  put(entry: Entry): Entry | undefined {
    if (!this.#root) {
      this.#root = newLeaf(this.#owner, [entry])
      return undefined
    }
    const replaced = this.#replaced
    let root = insert(this.#root, this.#owner, entry, replaced)
    if (root.items.length > maxItems) {
      const right = split(root, this.#owner, entry.key)
      const size = sizeOf(root) + sizeOf(right)
      root = newBranch(this.#owner, root.height + 1, [root, right], ['', firstKey(right)], size)
    }
    this.#root = root
    return replaced.entry
  }

  /** Removes a key and returns the entry that was there. */
  delete(key: string): Entry | undefined {
    if (!this.#root || !find(this.#root, key)) return undefined
    let root: Node | undefined = remove(this.#root, this.#owner, key, this.#replaced)
    while (root && !isLeaf(root) && root.items.length === 1) root = root.items[0]
    this.#root = root && root.items.length > 0 ? root : undefined
    return this.#replaced.entry
  }

  /** The tree as it is now; changes from here on leave it alone. */
  tree(): Tree {
    this.#owner = ++lastOwner
    return new Tree(this.#root)
  }
}

/** Walks leaf by leaf: keys are compared once per leaf, not once per entry. */
class EntryIterator implements Iterator<Entry> {
  readonly #end: string
  readonly #path: Branch[] = []
  readonly #indexes: number[] = []
  #items: readonly Entry[] = []
  #next = 0
  #stop = 0

  constructor(root: Node | undefined, range: KeyRange) {
    this.#end = range.end
    let node = root
    if (!node || range.start >= range.end) return
    while (!isLeaf(node)) {
      const index = childIndex(node, range.start)
      this.#path.push(node)
      this.#indexes.push(index)
      node = node.items[index]!
    }
    this.#enter(node.items, lowerBound(node.items, range.start))
  }

  next(): IteratorResult<Entry, undefined> {
    if (this.#next >= this.#stop && !this.#advance()) return { done: true, value: undefined }
    return { done: false, value: this.#items[this.#next++]! }
  }

  /** Appends entries up to the end of a leaf; false when the walk is over. */
  chunk(into: Entry[], limit: number): boolean {
    if (this.#next >= this.#stop && !this.#advance()) return false
    const stop = Math.min(this.#stop, this.#next + limit - into.length)
    for (let i = this.#next; i < stop; i++) into.push(this.#items[i]!)
    this.#next = stop
    return true
  }

  #enter(items: readonly Entry[], from: number): void {
    this.#items = items
    this.#next = from
    const within = items[items.length - 1]!.key < this.#end
    this.#stop = within ? items.length : lowerBound(items, this.#end)
    if (!within) this.#path.length = 0
  }

  /** Goes to the next leaf that has entries left to give. */
  #advance(): boolean {
    while (this.#path.length > 0) {
      const depth = this.#path.length - 1
      const index = ++this.#indexes[depth]!
      let node = this.#path[depth]!.items[index]
      if (!node) {
        this.#path.pop()
        this.#indexes.pop()
        continue
      }
      while (!isLeaf(node)) {
        this.#path.push(node)
        this.#indexes.push(0)
        node = node.items[0]!
      }
      this.#enter(node.items, 0)
      if (this.#next < this.#stop) return true
    }
    return false
  }
}
