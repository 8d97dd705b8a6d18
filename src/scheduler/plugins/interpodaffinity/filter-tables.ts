import { termMatches } from '../../cache/affinity-terms.ts'
import type { AffinityTerm } from '../../cache/affinity-terms.ts'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { NodeTable } from '../../cache/node-table.ts'
import type { PodInfo, PodShape } from '../../cache/pod-info.ts'
import type { Namespaces } from './namespaces.ts'
import { AffinityTables } from './tables.ts'
import type { Contribution } from './tables.ts'
import type { Topologies } from './topologies.ts'

/** What required terms hang on, for one class of pods. */
export class FilterTables extends AffinityTables {
  readonly shape: PodShape
  /** Tables of the class's own terms, in their order. */
  readonly affinity: readonly number[]
  readonly antiAffinity: readonly number[]
  /** Tables of labels for which pods on nodes have terms against the class. */
  readonly existing: number[] = []
  /** Whether the class meets its own affinity: then its first pod may go anywhere. */
  readonly meetsItself: boolean
  readonly #namespaces: Namespaces

  constructor(nodes: NodeTable, topologies: Topologies, namespaces: Namespaces, shape: PodShape) {
    super(nodes, topologies, () => namespaces.generation())
    this.shape = shape
    this.#namespaces = namespaces
    const { requiredAffinity, requiredAntiAffinity } = shape.terms
    this.affinity = requiredAffinity.map(({ topologyKey }, i) => this.table(`affinity ${i}`, topologyKey))
    this.antiAffinity = requiredAntiAffinity.map(({ topologyKey }, i) => this.table(`anti ${i}`, topologyKey))
    this.meetsItself = requiredAffinity.length > 0 && this.#meetsAll(requiredAffinity, shape)
  }

  /** No pod has terms against the class, and it has none of its own. */
  get cannotMatter(): boolean {
    return !this.hasOwnTerms && this.nodes.withAntiAffinity.size === 0
  }

  get hasOwnTerms(): boolean {
    return this.affinity.length > 0 || this.antiAffinity.length > 0
  }

  protected override relevant(info: NodeInfo): readonly PodInfo[] {
    return this.hasOwnTerms ? info.pods : info.podsWithRequiredAntiAffinity
  }

  protected override contributionOf({ shape }: PodInfo): Contribution {
    const { requiredAffinity, requiredAntiAffinity } = this.shape.terms
    const made: number[] = []
    if (this.affinity.length > 0 && this.#meetsAll(requiredAffinity, shape)) {
      for (const table of this.affinity) made.push(table, 1)
    }
    requiredAntiAffinity.forEach((term, i) => {
      if (this.#matches(term, shape)) made.push(this.antiAffinity[i]!, 1)
    })
    for (const term of shape.terms.requiredAntiAffinity) {
      if (!this.#matches(term, this.shape)) continue
      const table = this.table(`existing ${term.topologyKey}`, term.topologyKey)
      if (!this.existing.includes(table)) this.existing.push(table)
      made.push(table, 1)
    }
    return made
  }

  #matches(term: AffinityTerm, shape: PodShape): boolean {
    return termMatches(term, shape.namespace, shape.labels, this.#namespaces.labelsOf(shape.namespace))
  }

  #meetsAll(terms: readonly AffinityTerm[], shape: PodShape): boolean {
    return terms.every((term) => this.#matches(term, shape))
  }
}
