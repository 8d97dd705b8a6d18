import type { NodeInfo } from '../cache/node-info.ts'
import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import { CycleState } from './cycle-state.ts'
import { maxNodeScore } from './plugin.ts'
import type { PerNode, Plugin, PreFilterOutcome } from './plugin.ts'
import type { StatusTable } from './status.ts'

/** One plugin's verdicts about one pod, or class of pods, over all nodes. */
export interface FilterColumn {
  /** What PreFilter says; asked before each use. */
  outcome(): PreFilterOutcome | undefined
  /** Writes the number of the status into each of the first `size` places that holds 0, where the node is refused. */
  apply(verdicts: Int32Array, size: number): void
}

/** One plugin's scores about one pod, or class of pods. */
export interface ScoreColumn {
  /**
   * Writes the normalized scores of the first `count` of `slots` into `out`, in the same order. Returns false, and may
   * write nothing, when there is nothing to score.
   */
  scores(slots: Int32Array, count: number, out: Float64Array): boolean
}

/** Slots that changed since a column was brought up to date. */
export abstract class Follower {
  protected readonly nodes: NodeTable
  readonly #on: PerNode['on']
  readonly #epoch: (() => number) | undefined
  #position = -1
  #seenEpoch = 0
  /** How often everything was computed anew. */
  resets = 0

  constructor(nodes: NodeTable, on: PerNode['on'], epoch?: () => number) {
    this.nodes = nodes
    this.#on = on
    this.#epoch = epoch
  }

  /** Computes the place of one node; `info` is absent where there is no node. */
  protected abstract compute(slot: number, info: NodeInfo | undefined): void
  /** Makes room for so many slots. */
  protected abstract resize(capacity: number): void
  /** Forgets everything; called before all places are computed. */
  protected reset(): void {}
  /** Computes all places. */
  protected computeAll(): void {
    for (let slot = 0; slot < this.nodes.size; slot++) this.compute(slot, liveAt(this.nodes, slot))
  }
  /** Beyond so many changes it is less work to compute all places. */
  protected mostChanges(): number {
    return this.nodes.size
  }

  /** Brings the column up to date. */
  sync(): void {
    const { nodes } = this
    const log = this.#on === 'node' ? nodes.nodeChanges : nodes.changes
    const epoch = this.#epoch?.() ?? 0
    const from = this.#position
    const to = log.position
    if (from === to && epoch === this.#seenEpoch) return
    this.resize(nodes.columns.capacity)
    if (from < 0 || epoch !== this.#seenEpoch || !log.remembers(from) || to - from > this.mostChanges()) {
      this.resets++
      this.reset()
      this.computeAll()
    } else {
      for (let position = from; position < to; position++) {
        const slot = log.at(position)
        this.compute(slot, liveAt(nodes, slot))
      }
    }
    this.#position = to
    this.#seenEpoch = epoch
  }
}

function liveAt(nodes: NodeTable, slot: number): NodeInfo | undefined {
  const info = nodes.at(slot)
  return info?.node ? info : undefined
}

/** Verdicts of a plugin that looks at one node at a time, kept for all pods with the same key. */
export class KeptFilter extends Follower implements FilterColumn {
  readonly #plugin: Plugin
  readonly #pod: PodInfo
  readonly #statuses: StatusTable
  readonly #cycle = new CycleState()
  readonly #outcome: PreFilterOutcome | undefined
  #verdicts = new Int32Array(0)
  /** Nodes that are refused: none of them, and there is nothing to merge. */
  #refused = 0

  constructor(nodes: NodeTable, statuses: StatusTable, plugin: Plugin, perNode: PerNode, pod: PodInfo) {
    super(nodes, perNode.on, perNode.epoch?.bind(perNode))
    this.#plugin = plugin
    this.#pod = pod
    this.#statuses = statuses
    this.#outcome = plugin.preFilter?.(this.#cycle, pod)
  }

  outcome(): PreFilterOutcome | undefined {
    return this.#outcome
  }

  /** The verdict about a slot, as of the last {@link sync}. */
  at(slot: number): number {
    return this.#verdicts[slot]!
  }

  apply(verdicts: Int32Array, size: number): void {
    this.sync()
    if (this.#refused === 0) return
    const own = this.#verdicts
    for (let slot = 0; slot < size; slot++) if (verdicts[slot] === 0) verdicts[slot] = own[slot]!
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    const before = this.#verdicts[slot]!
    const after = info ? this.#statuses.idOf(this.#plugin.filter?.(this.#cycle, this.#pod, info)) : 0
    if (before !== 0) this.#refused--
    if (after !== 0) this.#refused++
    this.#verdicts[slot] = after
  }

  protected override resize(capacity: number): void {
    if (this.#verdicts.length >= capacity) return
    const verdicts = new Int32Array(capacity)
    verdicts.set(this.#verdicts)
    this.#verdicts = verdicts
  }
}

/** Verdicts of a plugin that is asked anew for every pod and node. */
export class AskedFilter implements FilterColumn {
  readonly #nodes: NodeTable
  readonly #statuses: StatusTable
  readonly #plugin: Plugin
  readonly #pod: PodInfo
  readonly #cycle: CycleState

  constructor(nodes: NodeTable, statuses: StatusTable, plugin: Plugin, pod: PodInfo, cycle: CycleState) {
    this.#nodes = nodes
    this.#statuses = statuses
    this.#plugin = plugin
    this.#pod = pod
    this.#cycle = cycle
  }

  outcome(): PreFilterOutcome | undefined {
    return this.#plugin.preFilter?.(this.#cycle, this.#pod)
  }

  apply(verdicts: Int32Array, size: number): void {
    const { alive } = this.#nodes
    for (let slot = 0; slot < size; slot++) {
      if (verdicts[slot] !== 0 || alive[slot] === 0) continue
      const info = this.#nodes.at(slot)
      if (info) verdicts[slot] = this.#statuses.idOf(this.#plugin.filter?.(this.#cycle, this.#pod, info))
    }
  }
}

/** Raw scores of a plugin that looks at one node at a time, kept for all pods with the same key. */
export class KeptScore extends Follower implements ScoreColumn {
  readonly #plugin: Plugin
  readonly #pod: PodInfo
  readonly #cycle = new CycleState()
  readonly #skip: boolean
  #raw = new Float64Array(0)
  /** Places that are not 0. */
  #set = 0

  constructor(nodes: NodeTable, plugin: Plugin, perNode: PerNode, pod: PodInfo) {
    super(nodes, perNode.on, perNode.epoch?.bind(perNode))
    this.#plugin = plugin
    this.#pod = pod
    this.#skip = plugin.preScore?.(this.#cycle, pod, []) === true
  }

  /** There is nothing to score for the pods of the column. */
  get skipped(): boolean {
    return this.#skip
  }

  /** Scores count as they are, whatever others get. */
  get isPlain(): boolean {
    return this.#plugin.normalize === undefined
  }

  /** The raw score of a slot, as of the last {@link sync}. */
  at(slot: number): number {
    return this.#raw[slot]!
  }

  /** The score that all nodes get while none has any raw score; `undefined` when some have. */
  uniform(): number | undefined {
    this.sync()
    if (this.#set > 0) return undefined
    const one = new Float64Array(1)
    this.#plugin.normalize?.(this.#cycle, this.#pod, one, 1)
    return one[0]
  }

  scores(slots: Int32Array, count: number, out: Float64Array): boolean {
    if (this.#skip) return false
    this.sync()
    if (this.#set === 0) out.fill(0, 0, count)
    else {
      const raw = this.#raw
      for (let i = 0; i < count; i++) out[i] = raw[slots[i]!]!
    }
    this.#plugin.normalize?.(this.#cycle, this.#pod, out, count)
    return true
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    const before = this.#raw[slot]!
    const score = info ? Math.trunc(this.#plugin.score?.(this.#cycle, this.#pod, info) ?? 0) : 0
    const after = this.isPlain ? Math.max(0, Math.min(maxNodeScore, score)) : score
    if (before !== 0) this.#set--
    if (after !== 0) this.#set++
    this.#raw[slot] = after
  }

  protected override resize(capacity: number): void {
    if (this.#raw.length >= capacity) return
    const raw = new Float64Array(capacity)
    raw.set(this.#raw)
    this.#raw = raw
  }
}

/** Scores of a plugin that is asked anew for every pod and node. */
export class AskedScore implements ScoreColumn {
  readonly #nodes: NodeTable
  readonly #plugin: Plugin
  readonly #pod: PodInfo
  readonly #cycle: CycleState

  constructor(nodes: NodeTable, plugin: Plugin, pod: PodInfo, cycle: CycleState) {
    this.#nodes = nodes
    this.#plugin = plugin
    this.#pod = pod
    this.#cycle = cycle
  }

  scores(slots: Int32Array, count: number, out: Float64Array): boolean {
    const infos: NodeInfo[] = []
    for (let i = 0; i < count; i++) infos.push(this.#nodes.at(slots[i]!)!)
    if (this.#plugin.preScore?.(this.#cycle, this.#pod, infos) === true) return false
    for (let i = 0; i < count; i++) out[i] = this.#plugin.score?.(this.#cycle, this.#pod, infos[i]!) ?? 0
    this.#plugin.normalize?.(this.#cycle, this.#pod, out, count)
    return true
  }
}
