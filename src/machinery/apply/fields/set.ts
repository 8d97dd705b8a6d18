import { compareElements, elementText, self } from './element.ts'
import type { PathElement } from './element.ts'

/**
 * A set of paths, in the form of FieldsV1 and at once the value that stands in `managedFields`: a tree of path elements.
 * An element is in the set when nothing lies below it (`{}`), or when {@link self} is among what lies below it. Keys are
 * in the order of {@link compareElements}, no subtree is without a path. Sets are never changed; operations return a
 * part of what they were given wherever it is the answer.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet
}

export type FieldPath = readonly PathElement[]

/** No path, as a set; below an element it says that just the element is meant. */
export const emptySet: FieldSet = Object.freeze({})

/** Elements from which on a node counts as large. */
const largeFrom = 1000

/**
 * Nodes that are known to have very many elements. To begin a loop over such an object, the platform puts all of its keys
 * in order: to look whether it is empty takes milliseconds.
 */
const large = new WeakSet<FieldSet>()

/** Remembers that a node, which has so many elements, is large, if it is. */
export function rememberSize(node: FieldSet, size: number): void {
  if (size >= largeFrom) large.add(node)
}

/** Whether a node is known to have very many elements. */
export const isLarge = (node: FieldSet): boolean => large.has(node)

export function isEmptySet(set: FieldSet): boolean {
  if (large.has(set)) return false
  for (const _ in set) return false
  return true
}

/** The path ends here: nothing lies below this node. */
const isLeaf = isEmptySet

/** The element that leads to this node is in the set itself. */
export function isMember(node: FieldSet): boolean {
  return node[self] !== undefined || isLeaf(node)
}

/** Something lies below this node. */
export function hasChildren(node: FieldSet): boolean {
  if (large.has(node)) return true
  for (const element in node) if (element !== self) return true
  return false
}

/** Places by which an element may be too late, and still is put in its place at once. */
const mostSteps = 16

/** Collects the nodes below one element and puts them in order. */
export class NodeBuilder {
  #elements: PathElement[] = []
  #nodes: FieldSet[] = []
  #orders: number[] = []
  #sorted = true

  /** @param order position among elements that all have one, where it is known; else the elements themselves decide. */
  add(element: PathElement, node: FieldSet, order: number = unknownOrder): void {
    const elements = this.#elements
    // Almost everything comes nearly in order, so insertion beats a general sort; what does not is sorted in the end.
    let at = elements.length
    const least = Math.max(0, at - mostSteps)
    while (this.#sorted && at > least && this.#isBefore(element, order, at - 1)) at--
    if (at === least && at > 0 && this.#isBefore(element, order, at - 1)) this.#sorted = false
    if (at === elements.length || !this.#sorted) {
      elements.push(element)
      this.#nodes.push(node)
      this.#orders.push(order)
    } else {
      elements.splice(at, 0, element)
      this.#nodes.splice(at, 0, node)
      this.#orders.splice(at, 0, order)
    }
  }

  #isBefore(element: PathElement, order: number, index: number): boolean {
    return this.#compare(element, order, index) < 0
  }

  #compare(element: PathElement, order: number, index: number): number {
    const other = this.#orders[index] as number
    if (order !== unknownOrder && other !== unknownOrder) return order - other
    return compareElements(element, this.#elements[index] as PathElement)
  }

  #sort(): void {
    const places = this.#elements
      .map((_, index) => index)
      .sort((a, b) => this.#compare(this.#elements[a] as PathElement, this.#orders[a] as number, b))
    this.#elements = places.map((place) => this.#elements[place] as PathElement)
    this.#nodes = places.map((place) => this.#nodes[place] as FieldSet)
    this.#orders = places.map((place) => this.#orders[place] as number)
    this.#sorted = true
  }

  /** The node; `member` says that the element that leads to it is in the set. */
  build(member: boolean): FieldSet {
    if (!this.#sorted) this.#sort()
    const node: { [element: PathElement]: FieldSet } = {}
    const elements = this.#elements
    if (member && elements.length > 0) node[self] = emptySet
    for (let i = 0; i < elements.length; i++) node[elements[i] as PathElement] = this.#nodes[i] as FieldSet
    rememberSize(node, elements.length)
    return node
  }
}

const unknownOrder = -1

/** The set of these paths. The empty path stands for the whole object, which nobody owns, and is left out. */
export function setOf(paths: Iterable<FieldPath>): FieldSet {
  let set = emptySet
  for (const path of paths) {
    let node = emptySet
    for (let i = path.length - 1; i >= 0; i--) node = { [path[i] as PathElement]: node }
    if (path.length > 0) set = union(set, node)
  }
  return set
}

export function has(set: FieldSet, path: FieldPath): boolean {
  let node: FieldSet | undefined = set
  for (const element of path) {
    node = node[element]
    if (node === undefined) return false
  }
  return path.length > 0 && isMember(node)
}

/** What lies in either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a
  return isEmptySet(a) ? b : mergeNodes(a, b)
}

/** What lies at or below either of two nodes of one element. */
export function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a
  if (isLeaf(b)) return asMember(a)
  if (isLeaf(a)) return asMember(b)
  return mergeNodes(a, b)
}

/** The node with the element that leads to it in the set as well. */
export function asMember(node: FieldSet): FieldSet {
  if (isMember(node)) return node
  const out: { [element: PathElement]: FieldSet } = { [self]: emptySet }
  let size = 1
  for (const element in node) {
    out[element] = node[element] as FieldSet
    size++
  }
  rememberSize(out, size)
  return out
}

function mergeNodes(a: FieldSet, b: FieldSet): FieldSet {
  const merged = new Map<PathElement, FieldSet>()
  const right = Object.keys(b)
  let added = 0
  for (const element of right) {
    const theirs = b[element] as FieldSet
    const ours = a[element]
    const node = ours === undefined ? theirs : unionNodes(ours, theirs)
    if (node === ours) continue
    merged.set(element, node)
    if (ours === undefined) added++
  }
  if (merged.size === 0) return a
  const left = Object.keys(a)
  const out: { [element: PathElement]: FieldSet } = {}
  rememberSize(out, left.length + added)
  if (added === 0) {
    for (const element of left) out[element] = merged.get(element) ?? (a[element] as FieldSet)
    return out
  }
  let next = 0
  for (const element of left) {
    for (; next < right.length && compareElements(right[next] as PathElement, element) < 0; next++) {
      const before = right[next] as PathElement
      out[before] = merged.get(before) as FieldSet
    }
    if (right[next] === element) next++
    out[element] = merged.get(element) ?? (a[element] as FieldSet)
  }
  for (; next < right.length; next++) {
    const after = right[next] as PathElement
    out[after] = merged.get(after) as FieldSet
  }
  return out
}

/** What lies in `a` and not in `b`. A path and those below it are different things: `a.b` without `a` is `a.b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(a)) return emptySet
  return isEmptySet(b) ? a : (subtractNodes(a, b, subtract) ?? emptySet)
}

/** What lies in `a`, without the paths of `b` and everything below them. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b) || isEmptySet(a)) return a
  return subtractNodes(a, b, subtractTree) ?? emptySet
}

type Subtraction = (a: FieldSet, b: FieldSet) => FieldSet | undefined

function subtract(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (a === b) return undefined
  if (isLeaf(a)) return isMember(b) ? undefined : a
  if (isLeaf(b)) return a[self] === undefined ? a : without(a, self)
  return subtractNodes(a, b, subtract)
}

function subtractTree(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (a === b || isMember(b)) return undefined
  return isLeaf(a) ? a : subtractNodes(a, b, subtractTree)
}

/** Both nodes have children. */
function subtractNodes(a: FieldSet, b: FieldSet, below: Subtraction): FieldSet | undefined {
  let out: { [element: PathElement]: FieldSet } | undefined
  let left = 0
  const elements = Object.keys(a)
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] as PathElement
    const ours = a[element] as FieldSet
    const theirs = b[element]
    const node = theirs === undefined ? ours : below(ours, theirs)
    if (node !== ours && out === undefined) {
      out = {}
      for (let j = 0; j < i; j++) out[elements[j] as PathElement] = a[elements[j] as PathElement] as FieldSet
    }
    if (node === undefined) continue
    left++
    if (out !== undefined) out[element] = node
  }
  if (out === undefined) return a
  rememberSize(out, left)
  return left === 0 ? undefined : onlySelf(out) ? emptySet : out
}

function onlySelf(node: FieldSet): boolean {
  return node[self] !== undefined && !hasChildren(node)
}

/** The node without one element; empty when nothing else was there. */
function without(node: FieldSet, element: PathElement): FieldSet {
  const { [element]: _, ...rest } = node
  return rest
}

/** What lies in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a
  return isEmptySet(a) || isEmptySet(b) ? emptySet : (intersectNodes(a, b) ?? emptySet)
}

function intersect(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (a === b) return a
  if (isLeaf(a)) return isMember(b) ? a : undefined
  if (isLeaf(b)) return isMember(a) ? emptySet : undefined
  return intersectNodes(a, b)
}

function intersectNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const out: { [element: PathElement]: FieldSet } = {}
  let found = 0
  for (const element in a) {
    const theirs = b[element]
    const node = theirs === undefined ? undefined : intersect(a[element] as FieldSet, theirs)
    if (node === undefined) continue
    found++
    out[element] = node
  }
  rememberSize(out, found)
  return found > 0 ? (onlySelf(out) ? emptySet : out) : undefined
}

/** The paths of the set below which no other path of the set lies. */
export function leaves(set: FieldSet): FieldSet {
  const out: { [element: PathElement]: FieldSet } = {}
  for (const element in set) if (element !== self) out[element] = leaves(set[element] as FieldSet)
  return out
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  let count = 0
  for (const element in a) {
    const theirs = b[element]
    if (theirs === undefined || !equalSets(a[element] as FieldSet, theirs)) return false
    count++
  }
  for (const _ in b) count--
  return count === 0
}

/** Every path of the set: those one element longer than `prefix` first, then those below, in order. */
export function* pathsOf(set: FieldSet, prefix: FieldPath = []): Generator<FieldPath> {
  for (const element in set) {
    if (element !== self && isMember(set[element] as FieldSet)) yield [...prefix, element]
  }
  for (const element in set) {
    if (element !== self) yield* pathsOf(set[element] as FieldSet, [...prefix, element])
  }
}

/** A path as messages write it: `.spec.containers[name="web"].image`. */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join('')
}
