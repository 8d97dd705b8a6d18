import type { Cache } from '../cache/cache.ts'
import type { NodeInfo } from '../cache/node-info.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import { CycleState } from '../framework/cycle-state.ts'
import type { Framework } from '../framework/framework.ts'
import type { Status } from '../framework/status.ts'
import type { QueuedPod } from '../queue/queued-pod.ts'
import type { Decision } from './decision.ts'
import { changesFor, effortOf } from './smallest-change.ts'
import type { Change, SmallestChange } from './smallest-change.ts'

/** Nodes against which the same plugins speak for the same reasons. */
export interface NodeGroup {
  readonly nodes: readonly string[]
  /** Every plugin that is against them, not only the first. None: these nodes will do. */
  readonly against: readonly Status[]
}

/** Why a pod is where it is, or nowhere. */
export interface Explanation {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /** Where the pod is in its life with the scheduler; `being tried` while it is taken from the queue. */
  readonly place: 'bound' | 'being bound' | 'being tried' | 'active' | 'backoff' | 'unschedulable' | 'gated'
  /** Its node, once it has one. */
  readonly node?: string
  readonly attempts: number
  /** Plugins whose mind must change. */
  readonly waitsFor: readonly string[]
  /** When it is tried again at the latest if it backs off, in milliseconds since 1970. */
  readonly nextAttempt?: number
  /** The last attempt. */
  readonly decision?: Decision
  /** What holds at present, for pods that wait: nodes by what is against them. */
  readonly nodes?: readonly NodeGroup[]
  /** What would have to change at least; absent where some node will do. */
  readonly smallestChange?: SmallestChange
}

export interface ExplainContext {
  readonly cache: Cache
  readonly framework: Framework | undefined
  readonly queued: QueuedPod
  readonly decision: Decision | undefined
}

/** Judges every node by every plugin anew: the answer is as the cluster is now. */
export function explainWaiting({ cache, framework, queued, decision }: ExplainContext): Explanation {
  const { info, attempts, unschedulablePlugins, pendingPlugins, gatingPlugin, place, backoffUntil } = queued
  const backsOff = place === 'backoff' || place === 'error-backoff'
  const judged = framework ? judge(cache, framework, info) : undefined
  return {
    namespace: info.namespace,
    name: info.name,
    uid: info.uid,
    place: gatingPlugin !== '' ? 'gated' : backsOff ? 'backoff' : place === 'none' ? 'being tried' : place,
    attempts,
    waitsFor: gatingPlugin === '' ? [...unschedulablePlugins, ...pendingPlugins] : [gatingPlugin],
    ...(backsOff && backoffUntil > 0 ? { nextAttempt: backoffUntil } : {}),
    ...(decision ? { decision } : {}),
    ...judged,
  }
}

function judge(cache: Cache, framework: Framework, pod: PodInfo): Pick<Explanation, 'nodes' | 'smallestChange'> {
  const cycle = new CycleState()
  const { status, nodeNames } = framework.preFilter(cycle, pod)
  const groups = new Map<string, { readonly nodes: string[]; readonly against: readonly Status[] }>()
  let least: { readonly node: string; readonly changes: readonly Change[]; readonly effort: number } | undefined
  for (const node of cache.nodes.list()) {
    const against = status ? [status] : allAgainst(framework, cycle, pod, node, nodeNames)
    const key = against.map(({ plugin, reasons }) => `${plugin}: ${reasons.join(', ')}`).join('\n')
    const group = groups.get(key)
    if (group) group.nodes.push(node.name)
    else groups.set(key, { nodes: [node.name], against })
    const changes = changesFor(pod, node, against, cache.resources)
    const effort = effortOf(changes)
    if (!least || effort < least.effort) least = { node: node.name, changes, effort }
  }
  const nodes = [...groups.values()].sort((a, b) => b.nodes.length - a.nodes.length)
  if (!least || least.effort === 0) return { nodes }
  return { nodes, smallestChange: { node: least.node, changes: least.changes } }
}

function allAgainst(
  framework: Framework,
  cycle: CycleState,
  pod: PodInfo,
  node: NodeInfo,
  nodeNames: ReadonlySet<string> | undefined,
): readonly Status[] {
  const against: Status[] = []
  for (const plugin of framework.plugins.filter) {
    if (cycle.skipFilter.has(plugin.name)) continue
    const status = plugin.filter?.(cycle, pod, node)
    if (status) against.push(status)
  }
  if (against.length === 0 && nodeNames && !nodeNames.has(node.name)) {
    against.push({ code: 'UnschedulableAndUnresolvable', plugin: '', reasons: ['the pod names other nodes'] })
  }
  return against
}
