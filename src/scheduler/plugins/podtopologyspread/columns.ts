import type { NodeTable } from '../../cache/node-table.ts'
import type { PodInfo } from '../../cache/pod-info.ts'
import type { FilterColumn, ScoreColumn } from '../../framework/columns.ts'
import { maxNodeScore } from '../../framework/plugin.ts'
import type { PreFilterOutcome } from '../../framework/plugin.ts'
import { unresolvable, unschedulable } from '../../framework/status.ts'
import type { Status, StatusTable } from '../../framework/status.ts'
import { names } from '../names.ts'
import { hostnameKey } from './constraints.ts'
import { fewest } from './counts.ts'
import type { SpreadCounts } from './counts.ts'

const message = "node(s) didn't match pod topology spread constraints"
export const skewed: Status = unschedulable(names.podTopologySpread, message)
export const unlabelled: Status = unresolvable(names.podTopologySpread, `${message} (missing required label)`)

/** Verdicts of hard constraints. */
export class SpreadFilter implements FilterColumn {
  readonly #pod: PodInfo
  readonly #statuses: StatusTable
  readonly #counts: () => SpreadCounts | undefined

  /** @param counts of the constraints that apply at present; none when there are none. */
  constructor(pod: PodInfo, statuses: StatusTable, counts: () => SpreadCounts | undefined) {
    this.#pod = pod
    this.#statuses = statuses
    this.#counts = counts
  }

  outcome(): PreFilterOutcome | undefined {
    return this.#counts() ? undefined : { skip: true }
  }

  apply(verdicts: Int32Array, size: number): void {
    const missing = this.#statuses.idOf(unlabelled)
    const refused = this.#statuses.idOf(skewed)
    for (const { constraint, domainOf, matching, nodes, ids } of this.#counts()?.current() ?? []) {
      const self = constraint.selector.matches(this.#pod.labels) ? 1 : 0
      const most = constraint.maxSkew - self + fewest(matching, nodes, ids.size, constraint.minDomains)
      for (let slot = 0; slot < size; slot++) {
        if (verdicts[slot] !== 0) continue
        const domain = domainOf[slot]!
        if (domain < 0) verdicts[slot] = missing
        else if (matching[domain]! > most) verdicts[slot] = refused
      }
    }
  }
}

/** Scores of soft constraints: the fewer matching pods in a node's domains, the better. */
export class SpreadScore implements ScoreColumn {
  readonly #nodes: NodeTable
  readonly #requireAll: boolean
  readonly #counts: () => SpreadCounts | undefined
  #seen = new Uint8Array(0)

  constructor(nodes: NodeTable, requireAll: boolean, counts: () => SpreadCounts | undefined) {
    this.#nodes = nodes
    this.#requireAll = requireAll
    this.#counts = counts
  }

  scores(slots: Int32Array, count: number, out: Float64Array): boolean {
    const counts = this.#counts()
    if (!counts || this.#nodes.count === 0) return false
    const each = counts.current()
    // -1 marks nodes that lack a label and are left out.
    out.fill(0, 0, count)
    let scored = count
    if (this.#requireAll) {
      for (let i = 0; i < count; i++) {
        if (each.every(({ domainOf }) => domainOf[slots[i]!]! >= 0)) continue
        out[i] = -1
        scored--
      }
    }
    for (const { constraint, domainOf, onNode, matching, ids } of each) {
      const perNode = constraint.topologyKey === hostnameKey
      const size = perNode ? scored : this.#domainsAmong(slots, count, out, domainOf, ids.size)
      const weight = Math.log(size + 2)
      for (let i = 0; i < count; i++) {
        const slot = slots[i]!
        const domain = domainOf[slot]!
        if (out[i] === -1 || domain < 0) continue
        out[i]! += (perNode ? onNode[slot]! : matching[domain]!) * weight + (constraint.maxSkew - 1)
      }
    }
    normalize(out, count)
    return true
  }

  /** Different domains among the nodes; those without one count as one more. */
  #domainsAmong(slots: Int32Array, count: number, out: Float64Array, domainOf: Int32Array, known: number): number {
    if (this.#seen.length <= known) this.#seen = new Uint8Array(2 * known + 1)
    const seen = this.#seen.fill(0, 0, known + 1)
    let size = 0
    for (let i = 0; i < count; i++) {
      if (out[i] === -1) continue
      const domain = domainOf[slots[i]!]! + 1
      if (seen[domain] === 0) {
        seen[domain] = 1
        size++
      }
    }
    return size
  }
}

/** Turns sums around: the smallest gets most. Nodes that were left out get 0. */
function normalize(out: Float64Array, count: number): void {
  let min = Infinity
  let max = 0
  for (let i = 0; i < count; i++) {
    if (out[i] === -1) continue
    const score = (out[i] = Math.round(out[i]!))
    if (score < min) min = score
    if (score > max) max = score
  }
  for (let i = 0; i < count; i++) {
    if (out[i] === -1) out[i] = 0
    else out[i] = max === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (max + min - out[i]!)) / max)
  }
}
