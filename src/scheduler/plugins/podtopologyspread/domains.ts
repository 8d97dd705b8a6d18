import type { Node, Pod } from '#api/core/v1'
import { meetsNodeAffinity } from '#machinery'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { NodeTable } from '../../cache/node-table.ts'
import { Follower } from '../../framework/columns.ts'
import { untoleratedTaint } from '../helper/tolerations.ts'
import type { Constraint } from './constraints.ts'

/** Domains of one constraint, numbered, and which node is in which. */
export interface DomainColumn {
  readonly ids: Map<string, number>
  /** Domain of each slot; -1 where the node lacks the label. */
  domainOf: Int32Array
  /** 1 where the node counts towards its domain. */
  counts: Uint8Array
  /** Nodes that count, by domain: a domain without any is none. */
  nodes: Int32Array
}

/** Which domains nodes are in; the same for all pods whose constraints differ in selectors and skews only. */
export class SpreadDomains extends Follower {
  readonly columns: readonly DomainColumn[]
  /** Moves when a node gets into another domain, or counts or does not any more. */
  generation = 0
  readonly #pod: Pod
  readonly #constraints: readonly Constraint[]
  readonly #requireAll: boolean

  /** @param requireAll counts only nodes that have the labels of all constraints. */
  constructor(nodes: NodeTable, pod: Pod, constraints: readonly Constraint[], requireAll: boolean) {
    super(nodes, 'node')
    this.#pod = pod
    this.#constraints = constraints
    this.#requireAll = requireAll
    this.columns = constraints.map(() => ({
      ids: new Map<string, number>(),
      domainOf: new Int32Array(0),
      counts: new Uint8Array(0),
      nodes: new Int32Array(8),
    }))
  }

  /** Equal for pods and constraints that have the same domains. */
  static key({ spec }: Pod, constraints: readonly Constraint[], requireAll: boolean): string {
    const { nodeSelector, affinity, tolerations } = spec ?? {}
    return JSON.stringify([
      requireAll,
      constraints.map(({ topologyKey, honorAffinity, honorTaints }) => [topologyKey, honorAffinity, honorTaints]),
      constraints.some(({ honorAffinity }) => honorAffinity) ? [nodeSelector, affinity?.nodeAffinity] : 0,
      constraints.some(({ honorTaints }) => honorTaints) ? tolerations : 0,
    ])
  }

  /** Whether a node counts towards the domains of a constraint. */
  countsNode(node: Node, constraint: Constraint): boolean {
    if (this.#requireAll && !hasAllLabels(node, this.#constraints)) return false
    if (constraint.honorAffinity && !meetsNodeAffinity(this.#pod.spec, node)) return false
    return !constraint.honorTaints || !untoleratedTaint(node.spec?.taints, this.#pod.spec?.tolerations)
  }

  protected override reset(): void {
    this.generation++
    for (const column of this.columns) {
      column.ids.clear()
      column.nodes.fill(0)
      column.domainOf.fill(-1)
      column.counts.fill(0)
    }
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    const node = info?.node
    for (let i = 0; i < this.columns.length; i++) {
      const column = this.columns[i]!
      const constraint = this.#constraints[i]!
      const value = info?.labels[constraint.topologyKey]
      const domain = value === undefined ? -1 : domainId(column, value)
      const counts = node !== undefined && domain >= 0 && this.countsNode(node, constraint) ? 1 : 0
      const before = column.domainOf[slot]!
      if (before === domain && column.counts[slot] === counts) continue
      if (column.counts[slot] === 1) column.nodes[before]!--
      if (counts === 1) column.nodes[domain]!++
      column.domainOf[slot] = domain
      column.counts[slot] = counts
      this.generation++
    }
  }

  protected override resize(capacity: number): void {
    for (const column of this.columns) {
      if (column.domainOf.length >= capacity) continue
      const domainOf = new Int32Array(capacity).fill(-1)
      domainOf.set(column.domainOf)
      column.domainOf = domainOf
      const counts = new Uint8Array(capacity)
      counts.set(column.counts)
      column.counts = counts
    }
  }
}

function domainId(column: DomainColumn, value: string): number {
  let id = column.ids.get(value)
  if (id === undefined) {
    id = column.ids.size
    column.ids.set(value, id)
    if (id >= column.nodes.length) {
      const nodes = new Int32Array(column.nodes.length * 2)
      nodes.set(column.nodes)
      column.nodes = nodes
    }
  }
  return id
}

function hasAllLabels(node: Node, constraints: readonly Constraint[]): boolean {
  const labels = node.metadata.labels ?? {}
  return constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined)
}
