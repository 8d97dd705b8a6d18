import type { NodeInfo } from '../cache/node-info.ts'
import type { NodeTable } from '../cache/node-table.ts'
import { Follower } from './columns.ts'
import type { KeptFilter, KeptScore } from './columns.ts'

/** Verdict of a slot without a node. */
export const noNode = -1

/** A kept score with its weight. */
export interface WeightedKept {
  readonly column: KeptScore
  readonly weight: number
}

/**
 * The verdicts and scores of a class of pods put together, as far as they are kept per node, and feasible nodes by their
 * total. After a pod went to a node, only that node is judged again; the best node is found without looking at all.
 */
export class Board extends Follower {
  /** 0 where the node will do, the number of the first status against it, or {@link noNode}. */
  verdicts: Int32Array = new Int32Array(0)
  /** Sums of weighted scores. */
  totals: Int32Array = new Int32Array(0)
  /** Nodes that will do. */
  count = 0
  readonly #filters: readonly KeptFilter[]
  readonly #scores: readonly WeightedKept[]
  /** Slots of feasible nodes by total, in any order. */
  #buckets: (number[] | undefined)[] = []
  /** Place of each slot in its bucket. */
  #places = new Int32Array(0)
  #top = -1

  constructor(nodes: NodeTable, filters: readonly KeptFilter[], scores: readonly WeightedKept[]) {
    const all: readonly Follower[] = [...filters, ...scores.map(({ column }) => column)]
    super(nodes, 'pods', () => {
      let resets = 0
      for (const column of all) {
        column.sync()
        resets += column.resets
      }
      return resets
    })
    this.#filters = filters
    this.#scores = scores
  }

  /** One of the nodes with the highest total. @param random at least 0 and below 1. */
  best(random: number): number {
    while (this.#top >= 0 && !this.#buckets[this.#top]?.length) this.#top--
    const bucket = this.#buckets[this.#top] ?? []
    return bucket[Math.floor(random * bucket.length)] ?? -1
  }

  protected override reset(): void {
    this.#buckets = []
    this.#top = -1
    this.count = 0
    this.verdicts.fill(noNode)
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    if (this.verdicts[slot] === 0) this.#takeOut(slot)
    let verdict = info ? 0 : noNode
    if (info) {
      for (const column of this.#filters) {
        verdict = column.at(slot)
        if (verdict !== 0) break
      }
    }
    this.verdicts[slot] = verdict
    if (verdict !== 0) return
    let total = 0
    for (const { column, weight } of this.#scores) total += weight * column.at(slot)
    this.totals[slot] = total
    const bucket = (this.#buckets[total] ??= [])
    this.#places[slot] = bucket.length
    bucket.push(slot)
    this.count++
    if (total > this.#top) this.#top = total
  }

  protected override resize(capacity: number): void {
    if (this.verdicts.length >= capacity) return
    const larger = (column: Int32Array, empty: number): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(capacity).fill(empty)
      copy.set(column)
      return copy
    }
    this.verdicts = larger(this.verdicts, noNode)
    this.totals = larger(this.totals, 0)
    this.#places = larger(this.#places, 0)
  }

  #takeOut(slot: number): void {
    const bucket = this.#buckets[this.totals[slot]!]!
    const last = bucket.pop()!
    if (last !== slot) {
      const place = this.#places[slot]!
      bucket[place] = last
      this.#places[last] = place
    }
    this.count--
  }
}
