import type { NodeInfo } from '../cache/node-info.ts'
import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import { Board } from './board.ts'
import { AskedFilter, AskedScore, KeptFilter, KeptScore } from './columns.ts'
import type { FilterColumn, Follower, ScoreColumn } from './columns.ts'
import type { CycleState } from './cycle-state.ts'
import { Recent } from './recent.ts'
import type { Plugin, PreFilterOutcome } from './plugin.ts'
import type { Status, StatusTable } from './status.ts'

/** The extension points that a profile lists plugins for. */
export const extensionPoints = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
] as const

export type ExtensionPoint = (typeof extensionPoints)[number]

/** The plugins of a profile at each extension point, in their order. */
export type PluginLists = { readonly [point in ExtensionPoint]: readonly Plugin[] }

export interface FrameworkOptions {
  /** `default-scheduler`. */
  readonly name: string
  readonly plugins: PluginLists
  /** Weights by name of plugin; 1 when absent. */
  readonly weights: ReadonlyMap<string, number>
  readonly nodes: NodeTable
  readonly statuses: StatusTable
  /** Percentage of nodes that are looked at before the best is taken; absent: all. */
  readonly percentageOfNodesToScore?: number
}

export interface NamedFilter {
  readonly plugin: Plugin
  readonly column: FilterColumn
}

export interface WeightedScore {
  readonly plugin: Plugin
  readonly weight: number
  readonly column: ScoreColumn
}

/** What a class of pods is judged by. */
export interface Plan {
  /** The first filters and all plain scores that are kept per node, put together. */
  readonly board: Board
  /** What PreFilter said in the plugins of the board. */
  readonly outcomes: readonly { readonly plugin: Plugin; readonly outcome: PreFilterOutcome | undefined }[]
  /** Plugins that filter after those of the board, in order; without a column they are asked anew for every pod. */
  readonly filters: readonly (NamedFilter | Plugin)[]
  /** Scores that hang on all nodes. */
  readonly scores: readonly (WeightedScore | Plugin)[]
  /** Scores on the board, by plugin. */
  readonly plain: readonly (WeightedScore & { readonly column: KeptScore })[]
}

/** Columns that are kept for each plugin; others are computed again when they are needed. */
const keptColumns = 256
/** Classes of pods whose plan is kept. */
const keptPlans = 1024

/** The plugins of one profile, and how they are run. */
export class Framework {
  readonly name: string
  readonly plugins: PluginLists
  readonly percentageOfNodesToScore: number | undefined
  readonly #nodes: NodeTable
  readonly #statuses: StatusTable
  readonly #weights: ReadonlyMap<string, number>
  readonly #filters = new Map<Plugin, Recent<FilterColumn>>()
  readonly #scores = new Map<Plugin, Recent<ScoreColumn>>()
  readonly #plans = new Recent<Plan>(keptPlans)
  readonly #boards = new Recent<Board>(keptColumns)
  /** Columns are told apart by number. */
  readonly #numbers = new WeakMap<Follower, number>()
  #nextNumber = 0

  constructor(options: FrameworkOptions) {
    this.name = options.name
    this.plugins = options.plugins
    this.percentageOfNodesToScore = options.percentageOfNodesToScore
    this.#nodes = options.nodes
    this.#statuses = options.statuses
    this.#weights = options.weights
  }

  /** Every plugin of the profile once. */
  all(): ReadonlySet<Plugin> {
    return new Set(Object.values(this.plugins).flat())
  }

  weightOf(plugin: Plugin): number {
    return this.#weights.get(plugin.name) ?? 1
  }

  /** How a pod is judged: the same for all pods of its class. */
  planFor(pod: PodInfo): Plan {
    return this.#plans.get(pod.shape.key, () => this.#makePlan(pod))
  }

  /** The filters of a plan beyond its board, ready to be applied. */
  filtersOf(plan: Plan, pod: PodInfo, cycle: CycleState): readonly NamedFilter[] {
    return plan.filters.map((filter) =>
      'column' in filter
        ? filter
        : { plugin: filter, column: new AskedFilter(this.#nodes, this.#statuses, filter, pod, cycle) },
    )
  }

  /** The scores of a plan beyond its board. */
  scoresOf(plan: Plan, pod: PodInfo, cycle: CycleState): readonly WeightedScore[] {
    return plan.scores.map((score) =>
      'column' in score
        ? score
        : { plugin: score, weight: this.weightOf(score), column: new AskedScore(this.#nodes, score, pod, cycle) },
    )
  }

  #makePlan(pod: PodInfo): Plan {
    const filters = this.plugins.filter.map((plugin): NamedFilter | Plugin => {
      const column = this.#keptFilter(plugin, pod)
      return column ? { plugin, column } : plugin
    })
    const scores = this.plugins.score.map((plugin): WeightedScore | Plugin => {
      const column = this.#keptScore(plugin, pod)
      return column ? { plugin, weight: this.weightOf(plugin), column } : plugin
    })
    // Only the first filters may be put together, so that the first plugin against a node is the one that is told.
    const onBoard: KeptFilter[] = []
    const outcomes: { readonly plugin: Plugin; readonly outcome: PreFilterOutcome | undefined }[] = []
    let at = 0
    for (; at < filters.length; at++) {
      const filter = filters[at]!
      if (!('column' in filter) || !(filter.column instanceof KeptFilter)) break
      const outcome = filter.column.outcome()
      outcomes.push({ plugin: filter.plugin, outcome })
      if (outcome?.skip !== true) onBoard.push(filter.column)
    }
    const plain: (WeightedScore & { readonly column: KeptScore })[] = []
    const others: (WeightedScore | Plugin)[] = []
    for (const score of scores) {
      if (!('column' in score) || !(score.column instanceof KeptScore)) others.push(score)
      else if (score.column.skipped) continue
      else if (score.column.isPlain) plain.push({ ...score, column: score.column })
      else others.push(score)
    }
    const key = [...onBoard, ...plain.map(({ column }) => column)].map((column) => this.#numberOf(column)).join()
    return {
      board: this.#boards.get(key, () => new Board(this.#nodes, onBoard, plain)),
      outcomes,
      filters: filters.slice(at),
      scores: others,
      plain,
    }
  }

  #numberOf(column: Follower): number {
    let number = this.#numbers.get(column)
    if (number === undefined) this.#numbers.set(column, (number = this.#nextNumber++))
    return number
  }

  #keptFilter(plugin: Plugin, pod: PodInfo): FilterColumn | undefined {
    if (plugin.filterColumn) return plugin.filterColumn(pod)
    const perNode = plugin.filterPerNode
    if (!perNode) return undefined
    return recentOf(this.#filters, plugin).get(
      perNode.key(pod),
      () => new KeptFilter(this.#nodes, this.#statuses, plugin, perNode, pod),
    )
  }

  #keptScore(plugin: Plugin, pod: PodInfo): ScoreColumn | undefined {
    if (plugin.scoreColumn) return plugin.scoreColumn(pod)
    const perNode = plugin.scorePerNode
    if (!perNode) return undefined
    return recentOf(this.#scores, plugin).get(perNode.key(pod), () => new KeptScore(this.#nodes, plugin, perNode, pod))
  }

  /** Runs PreFilter of all plugins into a state that single nodes can be judged by. */
  preFilter(cycle: CycleState, pod: PodInfo): PreFilterOutcome {
    let nodeNames: ReadonlySet<string> | undefined
    for (const plugin of this.plugins.preFilter) {
      const outcome = plugin.preFilter?.(cycle, pod)
      if (!outcome) continue
      if (outcome.status) return outcome
      if (outcome.skip === true) cycle.skipFilter.add(plugin.name)
      nodeNames = intersect(nodeNames, outcome.nodeNames)
    }
    return nodeNames ? { nodeNames } : {}
  }

  /** The first verdict against a node, after {@link preFilter}. */
  filter(cycle: CycleState, pod: PodInfo, node: NodeInfo): Status | undefined {
    for (const plugin of this.plugins.filter) {
      if (cycle.skipFilter.has(plugin.name)) continue
      const status = plugin.filter?.(cycle, pod, node)
      if (status) return status
    }
    return undefined
  }

  /** Tells all plugins of a pod that is thought to be on a node in addition. */
  addPod(cycle: CycleState, pod: PodInfo, added: PodInfo, node: NodeInfo): void {
    for (const plugin of this.plugins.preFilter) plugin.addPod?.(cycle, pod, added, node)
  }

  removePod(cycle: CycleState, pod: PodInfo, removed: PodInfo, node: NodeInfo): void {
    for (const plugin of this.plugins.preFilter) plugin.removePod?.(cycle, pod, removed, node)
  }

  /** Reserves in order; undoes all when one refuses. */
  reserve(cycle: CycleState, pod: PodInfo, node: string): Status | undefined {
    for (const plugin of this.plugins.reserve) {
      const status = plugin.reserve?.(cycle, pod, node)
      if (status) return status
    }
    return undefined
  }

  unreserve(cycle: CycleState, pod: PodInfo, node: string): void {
    for (const plugin of this.plugins.reserve.toReversed()) plugin.unreserve?.(cycle, pod, node)
  }
}

function recentOf<T>(columns: Map<Plugin, Recent<T>>, plugin: Plugin): Recent<T> {
  let recent = columns.get(plugin)
  if (!recent) columns.set(plugin, (recent = new Recent(keptColumns)))
  return recent
}

/** Both, where each may be unlimited. */
export function intersect(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (!a || !b) return a ?? b
  return new Set([...a].filter((name) => b.has(name)))
}
