import { termMatches } from '../../cache/affinity-terms.ts'
import type { WeightedTerm } from '../../cache/affinity-terms.ts'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { NodeTable } from '../../cache/node-table.ts'
import type { PodInfo, PodShape } from '../../cache/pod-info.ts'
import type { ScoreColumn } from '../../framework/columns.ts'
import { maxNodeScore } from '../../framework/plugin.ts'
import type { Namespaces } from './namespaces.ts'
import { AffinityTables } from './tables.ts'
import type { Contribution } from './tables.ts'
import type { Topologies } from './topologies.ts'

export interface ScoreArgs {
  /** What a required affinity term of a pod on a node is worth to pods that it means. */
  readonly hardPodAffinityWeight: number
  /** Pods without preferred terms are placed without regard to those of others. */
  readonly ignorePreferredTermsOfExistingPods: boolean
}

/** Sums of the weights of terms, for one class of pods. */
class ScoreTables extends AffinityTables {
  readonly #shape: PodShape
  readonly #namespaces: Namespaces
  readonly #hardWeight: number
  readonly #hasOwn: boolean

  constructor(nodes: NodeTable, topologies: Topologies, namespaces: Namespaces, shape: PodShape, hardWeight: number) {
    super(nodes, topologies, () => namespaces.generation())
    this.#shape = shape
    this.#namespaces = namespaces
    this.#hardWeight = hardWeight
    this.#hasOwn = hasPreferred(shape)
  }

  protected override relevant(info: NodeInfo): readonly PodInfo[] {
    return this.#hasOwn ? info.pods : info.podsWithAffinity
  }

  protected override contributionOf({ shape }: PodInfo): Contribution {
    const made: number[] = []
    const add = (terms: readonly WeightedTerm[], of: PodShape, sign: number): void => {
      const labels = this.#namespaces.labelsOf(of.namespace)
      for (const { term, weight } of terms) {
        if (weight === 0 || !termMatches(term, of.namespace, of.labels, labels)) continue
        made.push(this.table(term.topologyKey, term.topologyKey), sign * weight)
      }
    }
    const [own, theirs] = [this.#shape.terms, shape.terms]
    add(own.preferredAffinity, shape, 1)
    add(own.preferredAntiAffinity, shape, -1)
    const hard = this.#hardWeight
    if (hard > 0)
      add(
        theirs.requiredAffinity.map((term) => ({ term, weight: hard })),
        this.#shape,
        1,
      )
    add(theirs.preferredAffinity, this.#shape, 1)
    add(theirs.preferredAntiAffinity, this.#shape, -1)
    return made
  }
}

function hasPreferred({ terms }: PodShape): boolean {
  return terms.preferredAffinity.length > 0 || terms.preferredAntiAffinity.length > 0
}

/** Scores of preferred inter-pod affinity, and of what others prefer. */
export class AffinityScore implements ScoreColumn {
  readonly #tables: ScoreTables | undefined
  readonly #nodes: NodeTable
  readonly #hasOwn: boolean

  constructor(nodes: NodeTable, topologies: Topologies, namespaces: Namespaces, shape: PodShape, args: ScoreArgs) {
    this.#nodes = nodes
    this.#hasOwn = hasPreferred(shape)
    const ignored = args.ignorePreferredTermsOfExistingPods && !hasPreferred(shape)
    this.#tables = ignored
      ? undefined
      : new ScoreTables(nodes, topologies, namespaces, shape, args.hardPodAffinityWeight)
  }

  scores(slots: Int32Array, count: number, out: Float64Array): boolean {
    if (!this.#hasOwn && this.#nodes.withAffinity.size === 0) return false
    const tables = this.#tables?.current()
    if (!tables || tables.entries === 0) return false
    out.fill(0, 0, count)
    for (const { topology, counts } of tables.tables) {
      const of = topology.current()
      for (let i = 0; i < count; i++) {
        const value = of[slots[i]!]!
        if (value >= 0) out[i]! += counts[value] ?? 0
      }
    }
    let min = Infinity
    let max = -Infinity
    for (let i = 0; i < count; i++) {
      if (out[i]! < min) min = out[i]!
      if (out[i]! > max) max = out[i]!
    }
    const range = max - min
    for (let i = 0; i < count; i++) out[i] = range > 0 ? Math.trunc(maxNodeScore * ((out[i]! - min) / range)) : 0
    return true
  }
}
