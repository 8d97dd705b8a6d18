import type { Pod } from '#api/core/v1'
import type { Selector } from '#machinery'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { NodeTable } from '../../cache/node-table.ts'
import type { PodInfo, PodShape } from '../../cache/pod-info.ts'
import { Follower } from '../../framework/columns.ts'
import type { Constraint } from './constraints.ts'
import type { DomainColumn, SpreadDomains } from './domains.ts'

/** How the pods that match a constraint lie over its domains. */
export interface SpreadColumn extends Readonly<DomainColumn> {
  readonly constraint: Constraint
  /** Matching pods by domain, on nodes that count. */
  readonly matching: Int32Array
  /** Matching pods on each slot. */
  readonly onNode: Int32Array
}

/** Pods that one selector means; constraints that come from defaults have the same. */
class Selected {
  readonly selector: Selector
  /** Such pods on each slot. */
  onNode = new Int32Array(0)
  readonly #matches = new WeakMap<PodShape, boolean>()

  constructor(selector: Selector) {
    this.selector = selector
  }

  /** A selector of everything selects nothing here. */
  matches(shape: PodShape): boolean {
    let match = this.#matches.get(shape)
    if (match === undefined) {
      match = !this.selector.isEmpty() && this.selector.matches(shape.labels)
      this.#matches.set(shape, match)
    }
    return match
  }
}

class Column implements SpreadColumn {
  readonly constraint: Constraint
  readonly selected: Selected
  readonly domains: DomainColumn
  matching = new Int32Array(8)

  constructor(constraint: Constraint, selected: Selected, domains: DomainColumn) {
    this.constraint = constraint
    this.selected = selected
    this.domains = domains
  }

  get ids(): Map<string, number> {
    return this.domains.ids
  }

  get domainOf(): Int32Array {
    return this.domains.domainOf
  }

  get counts(): Uint8Array {
    return this.domains.counts
  }

  get nodes(): Int32Array {
    return this.domains.nodes
  }

  get onNode(): Int32Array {
    return this.selected.onNode
  }

  add(slot: number, count: number): void {
    const { domainOf, counts } = this.domains
    if (counts[slot] === 1) this.matching[domainOf[slot]!]! += count
  }
}

/** A change has the pods of a node looked at, which is as much as so many pods that the index tells of. */
const podsPerChange = 16

/** Changes that are always followed one by one. */
const fewChanges = 16

/** How pods that match constraints lie over domains, followed by difference as pods and nodes come and go. */
export class SpreadCounts extends Follower {
  readonly domains: SpreadDomains
  readonly #namespace: string
  readonly #columns: readonly Column[]
  readonly #selected: readonly Selected[]
  /** Pods that were looked at when everything was last counted. */
  #counted = 0

  constructor(nodes: NodeTable, pod: Pod, constraints: readonly Constraint[], domains: SpreadDomains) {
    super(nodes, 'pods', () => {
      domains.sync()
      return domains.generation
    })
    this.domains = domains
    this.#namespace = pod.metadata.namespace ?? ''
    const selected = new Map<Selector, Selected>()
    this.#columns = constraints.map((constraint, i) => {
      const { selector } = constraint
      const own = selected.get(selector) ?? new Selected(selector)
      selected.set(selector, own)
      return new Column(constraint, own, domains.columns[i]!)
    })
    this.#selected = [...selected.values()]
  }

  /** Brings the counts up to date and gives them, by constraint. */
  current(): readonly SpreadColumn[] {
    this.sync()
    return this.#columns
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    for (const selected of this.#selected) {
      this.#add(selected, slot, (info ? this.#countMatching(info.pods, selected) : 0) - selected.onNode[slot]!)
    }
  }

  #add(selected: Selected, slot: number, count: number): void {
    if (count === 0) return
    selected.onNode[slot]! += count
    for (const column of this.#columns) if (column.selected === selected) column.add(slot, count)
  }

  /** Pods on their way out don't count. */
  #countMatching(pods: readonly PodInfo[], selected: Selected): number {
    let count = 0
    for (const pod of pods) {
      if (pod.namespace === this.#namespace && !pod.terminating && selected.matches(pod.shape)) count++
    }
    return count
  }

  /** Asks where the pods of its namespace are, of all classes that match, and looks at no node. */
  protected override computeAll(): void {
    const { alive, podIndex } = this.nodes
    for (const { onNode } of this.#selected) onNode.fill(0)
    for (const column of this.#columns) {
      if (column.matching.length < column.nodes.length) column.matching = new Int32Array(column.nodes.length)
      else column.matching.fill(0)
    }
    const shapes = podIndex.of(this.#namespace)
    this.#counted = shapes.size
    for (const selected of this.#selected) {
      for (const [shape, slots] of shapes) {
        if (!selected.matches(shape)) continue
        this.#counted += slots.length
        for (const slot of slots) if (alive[slot] === 1) this.#add(selected, slot, 1)
      }
    }
  }

  protected override mostChanges(): number {
    return fewChanges + (this.nodes.size / 8 + this.#counted) / podsPerChange
  }

  protected override resize(capacity: number): void {
    for (const selected of this.#selected) {
      if (selected.onNode.length >= capacity) continue
      const onNode = new Int32Array(capacity)
      onNode.set(selected.onNode)
      selected.onNode = onNode
    }
  }
}

/** The fewest matching pods that any domain has; 0 when there are fewer domains than wanted. */
export function fewest(matching: Int32Array, nodes: Int32Array, domains: number, minDomains: number): number {
  let min = 2 ** 31 - 1
  let existing = 0
  for (let id = 0; id < domains; id++) {
    if (nodes[id] === 0) continue
    existing++
    if (matching[id]! < min) min = matching[id]!
  }
  return existing < minDomains ? 0 : min
}
