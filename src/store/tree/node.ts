import type { Entry } from '../store.ts'

/**
 * Most items of a node. Wide nodes keep the tree flat and cheap to walk, narrow ones keep the copies small that a commit
 * makes on its way down; 64 is where both are good.
 */
export const maxItems = 32

/** Below this a node looks for a neighbour to merge with. */
const minItems = maxItems / 4

/** Two neighbours merge when the result leaves some room, so that the next put does not split it again. */
const mergedItems = (maxItems * 3) / 4

/** Every entry of a leaf; its keys ascend. */
export interface Leaf {
  readonly height: 0
  owner: number
  items: Entry[]
}

/**
 * `keys[i]` is a lower bound of the keys below `items[i]`, and above all keys below `items[i - 1]`; `keys[0]` is never
 * looked at.
 */
export interface Branch {
  readonly height: number
  owner: number
  items: Node[]
  keys: string[]
  /** Number of entries below. */
  size: number
}

/**
 * Part of a tree. A node may be changed in place by the edit that owns it; everyone else makes a copy. All leaves of a
 * tree are at height 0; a node below the root may hold as little as one item.
 */
export type Node = Leaf | Branch

export function isLeaf(node: Node): node is Leaf {
  return node.height === 0
}

export function newLeaf(owner: number, items: Entry[]): Leaf {
  return { height: 0, owner, items }
}

export function newBranch(owner: number, height: number, items: Node[], keys: string[], size: number): Branch {
  return { height, owner, items, keys, size }
}

export function sizeOf(node: Node): number {
  return isLeaf(node) ? node.items.length : node.size
}

/** Index of the first entry whose key is `key` or above. */
export function lowerBound(items: readonly Entry[], key: string): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (items[middle]!.key < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the child that holds `key`, if any does. */
export function childIndex(branch: Branch, key: string): number {
  const { keys } = branch
  let low = 1
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[middle]! <= key) low = middle + 1
    else high = middle
  }
  return low - 1
}

export function find(root: Node | undefined, key: string): Entry | undefined {
  let node = root
  if (!node) return undefined
  while (!isLeaf(node)) node = node.items[childIndex(node, key)]!
  const entry = node.items[lowerBound(node.items, key)]
  return entry !== undefined && entry.key === key ? entry : undefined
}

/** Number of entries whose key is `start` or above, and below `end`. */
export function countBetween(root: Node | undefined, start: string, end: string): number {
  let node = root
  // Most ranges lie in few nodes, where what is before them need not be counted.
  while (node && !isLeaf(node)) {
    const index = childIndex(node, start)
    if (index !== childIndex(node, end)) return Math.max(0, rank(node, end) - rank(node, start))
    node = node.items[index]
  }
  return node ? Math.max(0, lowerBound(node.items, end) - lowerBound(node.items, start)) : 0
}

/** Number of entries whose key is below `key`. */
function rank(root: Node | undefined, key: string): number {
  let node = root
  if (!node) return 0
  let before = 0
  while (!isLeaf(node)) {
    const index = childIndex(node, key)
    for (let i = 0; i < index; i++) before += sizeOf(node.items[i]!)
    node = node.items[index]!
  }
  return before + lowerBound(node.items, key)
}

function owned(node: Leaf, owner: number): Leaf
function owned(node: Branch, owner: number): Branch
function owned(node: Node, owner: number): Node {
  if (node.owner === owner) return node
  return isLeaf(node)
    ? newLeaf(owner, node.items.slice())
    : newBranch(owner, node.height, node.items.slice(), node.keys.slice(), node.size)
}

/** What an edit replaced or removed. Handed down instead of a result, so that a walk allocates nothing. */
export interface Replaced {
  entry: Entry | undefined
}

/** The node with `entry` in it, which may have one item too many: {@link split} it then. */
export function insert(node: Node, owner: number, entry: Entry, replaced: Replaced): Node {
  if (isLeaf(node)) {
    const index = lowerBound(node.items, entry.key)
    const leaf = owned(node, owner)
    const there = leaf.items[index]
    if (there !== undefined && there.key === entry.key) {
      replaced.entry = there
      leaf.items[index] = entry
    } else {
      replaced.entry = undefined
      insertAt(leaf.items, index, entry)
    }
    return leaf
  }
  const branch = owned(node, owner)
  const index = childIndex(branch, entry.key)
  const child = insert(branch.items[index]!, owner, entry, replaced)
  branch.items[index] = child
  if (replaced.entry === undefined) branch.size++
  if (child.items.length > maxItems) {
    const right = split(child, owner, entry.key)
    insertAt(branch.items, index + 1, right)
    insertAt(branch.keys, index + 1, firstKey(right))
  }
  return branch
}

/**
 * Takes the upper part of an owned node that is too full and returns it as a node of its own. Where the last put went to
 * the very end, keys are likely to come in order: the lower part then stays full instead of half empty.
 */
export function split(node: Node, owner: number, lastKey: string): Node {
  if (isLeaf(node)) {
    const at = node.items[node.items.length - 1]!.key === lastKey ? maxItems : maxItems / 2
    const right = newLeaf(owner, node.items.slice(at))
    node.items = node.items.slice(0, at)
    return right
  }
  const at = node.keys[node.keys.length - 1]! <= lastKey ? maxItems : maxItems / 2
  const right = newBranch(owner, node.height, node.items.slice(at), node.keys.slice(at), 0)
  for (const item of right.items) right.size += sizeOf(item)
  node.items = node.items.slice(0, at)
  node.keys = node.keys.slice(0, at)
  node.size -= right.size
  return right
}

export function firstKey(node: Node): string {
  let first = node
  while (!isLeaf(first)) first = first.items[0]!
  return first.items[0]!.key
}

/** The node without `key`; without any item when that was its last. The key must be there. */
export function remove(node: Node, owner: number, key: string, replaced: Replaced): Node {
  if (isLeaf(node)) {
    const index = lowerBound(node.items, key)
    replaced.entry = node.items[index]
    const leaf = owned(node, owner)
    leaf.items.splice(index, 1)
    return leaf
  }
  const branch = owned(node, owner)
  const index = childIndex(branch, key)
  const child = remove(branch.items[index]!, owner, key, replaced)
  branch.size--
  branch.items[index] = child
  if (child.items.length === 0) removeChild(branch, index)
  else if (child.items.length < minItems) {
    if (index > 0 && fits(branch, index - 1)) merge(branch, index - 1, owner)
    else if (index + 1 < branch.items.length && fits(branch, index)) merge(branch, index, owner)
  }
  return branch
}

function fits(branch: Branch, index: number): boolean {
  return branch.items[index]!.items.length + branch.items[index + 1]!.items.length <= mergedItems
}

/** Moves everything of the child after `index` into the child at `index`. */
function merge(branch: Branch, index: number, owner: number): void {
  const left = branch.items[index]!
  const right = branch.items[index + 1]!
  if (isLeaf(left) && isLeaf(right)) {
    branch.items[index] = newLeaf(owner, left.items.concat(right.items))
  } else if (!isLeaf(left) && !isLeaf(right)) {
    const keys = left.keys.concat(right.keys)
    keys[left.keys.length] = branch.keys[index + 1]!
    branch.items[index] = newBranch(owner, left.height, left.items.concat(right.items), keys, left.size + right.size)
  }
  removeChild(branch, index + 1)
}

function removeChild(branch: Branch, index: number): void {
  branch.items.splice(index, 1)
  branch.keys.splice(index, 1)
}

/** `splice` allocates a result and is several times slower. */
function insertAt<T>(items: T[], index: number, item: T): void {
  items.push(item)
  for (let i = items.length - 1; i > index; i--) items[i] = items[i - 1]!
  items[index] = item
}
