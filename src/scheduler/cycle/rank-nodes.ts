import type { Clock } from '#base'
import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import type { CycleState } from '../framework/cycle-state.ts'
import type { Framework } from '../framework/framework.ts'

/** A plugin's part in the score of the chosen node. */
export interface PluginScore {
  readonly plugin: string
  /** 0 to 100. */
  readonly score: number
  readonly weight: number
}

export interface Ranked {
  readonly slot: number
  readonly total: number
  readonly scores: () => readonly PluginScore[]
}

/** Scores feasible nodes and takes one of the best by chance. */
export class NodeRanker {
  readonly #nodes: NodeTable
  readonly #clock: Clock
  #totals = new Float64Array(0)
  readonly #scratch: Float64Array[] = []

  constructor(nodes: NodeTable, clock: Clock) {
    this.#nodes = nodes
    this.#clock = clock
  }

  /** @param extra scores of extenders by slot, which count in addition. */
  best(
    framework: Framework,
    pod: PodInfo,
    cycle: CycleState,
    slots: Int32Array,
    count: number,
    extra?: ReadonlyMap<number, number>,
  ): Ranked {
    const { capacity } = this.#nodes.columns
    if (this.#totals.length < capacity) this.#totals = new Float64Array(capacity)
    const totals = this.#totals.fill(0, 0, count)
    const counted: { readonly plugin: string; readonly weight: number; readonly scores: Float64Array }[] = []
    for (const { plugin, weight, column } of framework.scoresFor(pod, cycle)) {
      const scores = this.#scratchAt(counted.length, capacity)
      if (!column.scores(slots, count, scores)) continue
      counted.push({ plugin: plugin.name, weight, scores })
      for (let i = 0; i < count; i++) totals[i]! += weight * scores[i]!
    }
    if (extra) for (let i = 0; i < count; i++) totals[i]! += extra.get(slots[i]!) ?? 0
    const at = this.#pick(totals, count)
    return {
      slot: slots[at]!,
      total: totals[at]!,
      scores: () => counted.map(({ plugin, weight, scores }) => ({ plugin, weight, score: scores[at]! })),
    }
  }

  #pick(totals: Float64Array, count: number): number {
    let max = -Infinity
    let ties = 0
    for (let i = 0; i < count; i++) {
      const total = totals[i]!
      if (total > max) {
        max = total
        ties = 1
      } else if (total === max) ties++
    }
    let skip = ties === 1 ? 0 : Math.floor(this.#clock.random() * ties)
    for (let i = 0; i < count; i++) {
      if (totals[i] === max && skip-- === 0) return i
    }
    return 0
  }

  #scratchAt(index: number, capacity: number): Float64Array {
    const scratch = this.#scratch[index]
    if (scratch && scratch.length >= capacity) return scratch
    return (this.#scratch[index] = new Float64Array(capacity))
  }
}
