import type { NodeInfo } from '../cache/node-info.ts'
import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import { AskedFilter, AskedScore, KeptFilter, KeptScore } from './columns.ts'
import type { FilterColumn, ScoreColumn } from './columns.ts'
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

/** What a class of pods is judged by: columns that are kept, and the plugins that are asked anew for every pod. */
interface Plan {
  readonly filters: readonly (NamedFilter | Plugin)[]
  readonly scores: readonly (WeightedScore | Plugin)[]
}

/** Columns that are kept for each plugin; others are computed again when they are needed. */
const keptColumns = 256

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

  /** The columns that a pod is filtered by, in the order of the plugins. */
  filtersFor(pod: PodInfo, cycle: CycleState): readonly NamedFilter[] {
    return this.#planFor(pod).filters.map((filter) =>
      'column' in filter
        ? filter
        : { plugin: filter, column: new AskedFilter(this.#nodes, this.#statuses, filter, pod, cycle) },
    )
  }

  scoresFor(pod: PodInfo, cycle: CycleState): readonly WeightedScore[] {
    return this.#planFor(pod).scores.map((score) =>
      'column' in score
        ? score
        : { plugin: score, weight: this.weightOf(score), column: new AskedScore(this.#nodes, score, pod, cycle) },
    )
  }

  #planFor(pod: PodInfo): Plan {
    const known = pod.shape.plans.get(this)
    // What lies under the framework was put there below.
    if (known) return known as Plan
    const plan = this.#makePlan(pod)
    pod.shape.plans.set(this, plan)
    return plan
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
    return { filters, scores }
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
