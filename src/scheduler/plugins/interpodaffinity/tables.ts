import type { NodeInfo } from '../../cache/node-info.ts'
import type { NodeTable } from '../../cache/node-table.ts'
import type { PodInfo, PodShape } from '../../cache/pod-info.ts'
import { Follower } from '../../framework/columns.ts'
import type { Topologies, Topology } from './topologies.ts'

/** Amounts by value of one label. */
export interface Table {
  readonly topology: Topology
  counts: Float64Array
}

/** What pods of a class contribute, wherever they are: amounts to tables, as pairs of the table's number and the amount. */
export type Contribution = readonly number[]

/**
 * Amounts that pods on nodes contribute to the values of their nodes' labels, followed by difference. What a pod
 * contributes depends on its class alone, so each class is asked once.
 */
export abstract class AffinityTables extends Follower {
  readonly tables: Table[] = []
  /** Contributions that were made; without any there is nothing to look at. */
  entries = 0
  readonly #topologies: Topologies
  readonly #byName = new Map<string, number>()
  #contributions = new WeakMap<PodShape, Contribution>()
  /** What each slot has contributed: number of table, value, amount. */
  #made: (number[] | undefined)[] = []

  constructor(nodes: NodeTable, topologies: Topologies, epoch: () => number) {
    super(nodes, 'pods', epoch)
    this.#topologies = topologies
  }

  /** Contributions of a pod. */
  protected abstract contributionOf(pod: PodInfo): Contribution
  /** Pods of a node that may contribute at all. */
  protected abstract relevant(info: NodeInfo): readonly PodInfo[]

  /** Brings the amounts up to date. */
  current(): this {
    for (const { topology } of this.tables) topology.current()
    this.sync()
    return this
  }

  /** The number of a table, made when it is first asked for. */
  protected table(name: string, topologyKey: string): number {
    let number = this.#byName.get(name)
    if (number === undefined) {
      number = this.tables.length
      this.#byName.set(name, number)
      const topology = this.#topologies.get(topologyKey)
      topology.current()
      this.tables.push({ topology, counts: new Float64Array(Math.max(8, topology.ids.size)) })
    }
    return number
  }

  /** As {@link contributionOf}, remembered. */
  contribution(pod: PodInfo): Contribution {
    let contribution = this.#contributions.get(pod.shape)
    if (!contribution) this.#contributions.set(pod.shape, (contribution = this.contributionOf(pod)))
    return contribution
  }

  protected override reset(): void {
    this.#contributions = new WeakMap()
    this.#made = []
    this.entries = 0
    for (const table of this.tables) table.counts.fill(0)
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    const old = this.#made[slot]
    if (old) {
      for (let i = 0; i < old.length; i += 3) this.tables[old[i]!]!.counts[old[i + 1]!]! -= old[i + 2]!
      this.entries -= old.length / 3
      this.#made[slot] = undefined
    }
    if (!info) return
    let made: number[] | undefined
    for (const pod of this.relevant(info)) {
      const contribution = this.contribution(pod)
      for (let i = 0; i < contribution.length; i += 2) {
        const number = contribution[i]!
        const table = this.tables[number]!
        const value = info.labels[table.topology.key]
        if (value === undefined) continue
        const id = table.topology.idOf(value)
        if (id >= table.counts.length) table.counts = grown(table.counts, id)
        table.counts[id]! += contribution[i + 1]!
        made ??= []
        made.push(number, id, contribution[i + 1]!)
      }
    }
    if (!made) return
    this.#made[slot] = made
    this.entries += made.length / 3
  }

  protected override resize(): void {}
}

export function grown(counts: Float64Array, id: number): Float64Array {
  const larger = new Float64Array(Math.max(2 * counts.length, id + 1))
  larger.set(counts)
  return larger
}
