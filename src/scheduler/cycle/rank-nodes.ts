import type { Clock } from '#base'
import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import type { Board } from '../framework/board.ts'
import { KeptScore } from '../framework/columns.ts'
import type { CycleState } from '../framework/cycle-state.ts'
import type { Framework, WeightedScore } from '../framework/framework.ts'
import type { Found } from './find-nodes.ts'

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

  /** The best of several nodes. @param extra scores of extenders by slot, which count in addition. */
  best(
    framework: Framework,
    pod: PodInfo,
    cycle: CycleState,
    found: Found,
    extra?: ReadonlyMap<number, number>,
  ): Ranked {
    const plan = framework.planFor(pod)
    const columns = framework.scoresOf(plan, pod, cycle)
    const uniform: PluginScore[] = []
    const telling: WeightedScore[] = []
    for (const { plugin, weight, column } of columns) {
      const same = column instanceof KeptScore ? column.uniform() : undefined
      if (same === undefined) telling.push({ plugin, weight, column })
      else uniform.push({ plugin: plugin.name, weight, score: same })
    }
    const onBoard = (slot: number): PluginScore[] =>
      plan.plain.map(({ plugin, weight, column }) => ({ plugin: plugin.name, weight, score: column.at(slot) }))
    const constant = uniform.reduce((sum, { weight, score }) => sum + weight * score, 0)
    plan.board.sync()
    const { board } = found
    if (board && !extra && !telling.some((score) => this.#tells(score, found))) {
      const slot = board.best(this.#clock.random())
      const total = board.totals[slot]! + constant
      return { slot, total, scores: () => [...onBoard(slot), ...uniform] }
    }
    const { slots } = found
    const count = found.list()
    const totals = this.#start(plan.board, slots, count)
    const counted: { readonly plugin: string; readonly weight: number; readonly scores: Float64Array }[] = []
    for (const { plugin, weight, column } of telling) {
      const scores = this.#scratchAt(counted.length)
      if (!column.scores(slots, count, scores)) continue
      counted.push({ plugin: plugin.name, weight, scores })
      for (let i = 0; i < count; i++) totals[i]! += weight * scores[i]!
    }
    if (extra) for (let i = 0; i < count; i++) totals[i]! += extra.get(slots[i]!) ?? 0
    const at = this.#pick(totals, count)
    const slot = slots[at]!
    const scores = (): readonly PluginScore[] => [
      ...onBoard(slot),
      ...uniform,
      ...counted.map(({ plugin, weight, scores }) => ({ plugin, weight, score: scores[at]! })),
    ]
    return { slot, total: totals[at]! + constant, scores }
  }

  /** Whether a column has anything to say of this pod at all; asked of none of the nodes. */
  #tells({ column }: WeightedScore, { slots }: Found): boolean {
    return column.scores(slots, 0, this.#scratchAt(0))
  }

  #start(board: Board, slots: Int32Array, count: number): Float64Array {
    const { capacity } = this.#nodes.columns
    if (this.#totals.length < capacity) this.#totals = new Float64Array(capacity)
    const totals = this.#totals
    const sums = board.totals
    for (let i = 0; i < count; i++) totals[i] = sums[slots[i]!]!
    return totals
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

  #scratchAt(index: number): Float64Array {
    const { capacity } = this.#nodes.columns
    const scratch = this.#scratch[index]
    if (scratch && scratch.length >= capacity) return scratch
    return (this.#scratch[index] = new Float64Array(capacity))
  }
}
