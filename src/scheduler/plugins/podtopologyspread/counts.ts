import type { Node, Pod } from '#api/core/v1'
import { meetsNodeAffinity } from '#machinery'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { NodeTable } from '../../cache/node-table.ts'
import type { PodInfo, PodShape } from '../../cache/pod-info.ts'
import { Follower } from '../../framework/columns.ts'
import { untoleratedTaint } from '../helper/tolerations.ts'
import type { Constraint } from './constraints.ts'

/** Domains of one constraint, numbered, and how many matching pods each has. */
export interface Domains {
  readonly ids: Map<string, number>
  /** Matching pods by domain, on nodes that count. */
  matching: Int32Array
  /** Nodes that count, by domain: a domain without any is none. */
  nodes: Int32Array
}

interface PerConstraint extends Domains {
  readonly constraint: Constraint
  /** Domain of each slot; -1 where the node lacks the label. */
  domainOf: Int32Array
  /** Matching pods on each slot. */
  onNode: Int32Array
  /** Whether the selector means a class of pods, as far as it was asked. */
  readonly matches: WeakMap<PodShape, boolean>
  /** 1 where the node counts towards its domain. */
  counts: Uint8Array
}

/** How pods that match constraints lie over domains, followed by difference as pods and nodes come and go. */
export class SpreadCounts extends Follower {
  readonly constraints: readonly Constraint[]
  readonly #pod: Pod
  readonly #requireAll: boolean
  readonly #namespace: string
  readonly #each: readonly PerConstraint[]

  /** @param requireAll counts only nodes that have the labels of all constraints. */
  constructor(nodes: NodeTable, pod: Pod, constraints: readonly Constraint[], requireAll: boolean) {
    super(nodes, 'pods')
    this.constraints = constraints
    this.#pod = pod
    this.#namespace = pod.metadata.namespace ?? ''
    this.#requireAll = requireAll
    this.#each = constraints.map((constraint) => ({
      constraint,
      ids: new Map<string, number>(),
      matching: new Int32Array(8),
      nodes: new Int32Array(8),
      domainOf: new Int32Array(0),
      onNode: new Int32Array(0),
      counts: new Uint8Array(0),
      matches: new WeakMap<PodShape, boolean>(),
    }))
  }

  /** Brings the counts up to date and gives them, by constraint. */
  current(): readonly PerConstraint[] {
    this.sync()
    return this.#each
  }

  /** Whether a node counts towards the domains of a constraint. */
  countsNode(node: Node, constraint: Constraint): boolean {
    if (this.#requireAll && !hasAllLabels(node, this.constraints)) return false
    if (constraint.honorAffinity && !meetsNodeAffinity(this.#pod.spec, node)) return false
    return !constraint.honorTaints || !untoleratedTaint(node.spec?.taints, this.#pod.spec?.tolerations)
  }

  protected override reset(): void {
    for (const each of this.#each) {
      each.ids.clear()
      each.matching.fill(0)
      each.nodes.fill(0)
      each.domainOf.fill(-1)
      each.counts.fill(0)
    }
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    for (const each of this.#each) {
      const before = each.domainOf[slot]!
      if (before >= 0 && each.counts[slot] === 1) {
        each.matching[before]! -= each.onNode[slot]!
        each.nodes[before]!--
      }
      const { constraint } = each
      const node = info?.node
      const value = info?.labels[constraint.topologyKey]
      const domain = value === undefined ? -1 : domainId(each, value)
      const count = info ? this.#countMatching(info.pods, each) : 0
      const counts = node !== undefined && domain >= 0 && this.countsNode(node, constraint)
      each.domainOf[slot] = domain
      each.onNode[slot] = count
      each.counts[slot] = counts ? 1 : 0
      if (counts) {
        each.matching[domain]! += count
        each.nodes[domain]!++
      }
    }
  }

  /** Pods on their way out don't count; a selector of everything selects nothing here. */
  #countMatching(pods: readonly PodInfo[], { constraint, matches }: PerConstraint): number {
    if (constraint.selector.isEmpty()) return 0
    let count = 0
    for (const pod of pods) {
      if (pod.namespace !== this.#namespace || pod.terminating) continue
      let match = matches.get(pod.shape)
      if (match === undefined) matches.set(pod.shape, (match = constraint.selector.matches(pod.labels)))
      if (match) count++
    }
    return count
  }

  protected override resize(capacity: number): void {
    for (const each of this.#each) {
      if (each.domainOf.length >= capacity) continue
      const domainOf = new Int32Array(capacity).fill(-1)
      domainOf.set(each.domainOf)
      each.domainOf = domainOf
      const onNode = new Int32Array(capacity)
      onNode.set(each.onNode)
      each.onNode = onNode
      const counts = new Uint8Array(capacity)
      counts.set(each.counts)
      each.counts = counts
    }
  }
}

function domainId(domains: Domains, value: string): number {
  let id = domains.ids.get(value)
  if (id === undefined) {
    id = domains.ids.size
    domains.ids.set(value, id)
    if (id >= domains.matching.length) {
      domains.matching = doubled(domains.matching)
      domains.nodes = doubled(domains.nodes)
    }
  }
  return id
}

function doubled(array: Int32Array): Int32Array {
  const copy = new Int32Array(array.length * 2)
  copy.set(array)
  return copy
}

export function hasAllLabels(node: Node, constraints: readonly Constraint[]): boolean {
  const labels = node.metadata.labels ?? {}
  return constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined)
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
