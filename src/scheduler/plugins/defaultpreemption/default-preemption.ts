import { messageOf } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { poddisruptionbudgets } from '#api/policy/v1'
import { NodeColumns } from '../../cache/node-columns.ts'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { PodInfo, PodShape } from '../../cache/pod-info.ts'
import { filterWithNominated } from '../../cycle/nominated.ts'
import type { CycleState } from '../../framework/cycle-state.ts'
import type { Diagnosis } from '../../framework/diagnosis.ts'
import type { Plugin, PluginContext, PostFilterResult } from '../../framework/plugin.ts'
import { failed, statusMessage, unresolvable, unschedulable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { names } from '../names.ts'
import { createEvictions } from './evict.ts'
import { reviewVictims } from './review.ts'
import { bestVictims, selectVictims } from './victims.ts'
import type { Victims, VictimSearch } from './victims.ts'

const waiting = unresolvable(names.defaultPreemption, 'waiting for the preemption for this pod to be finished')
const notHelpful = 'Preemption is not helpful for scheduling'

/** What trying a node came to. */
interface Tried {
  readonly version: number
  readonly priority: number
  readonly victims: Victims | Status
}

/** Makes room for pods by deleting pods of lower priority. */
export function createDefaultPreemption(context: PluginContext): Plugin {
  const { args, cache, clock, informers, log, nominator } = context
  const minPercentage = (args['minCandidateNodesPercentage'] as number | undefined) ?? 10
  const minAbsolute = (args['minCandidateNodesAbsolute'] as number | undefined) ?? 100
  const podLister = informers.informer(pods).lister
  const budgets = informers.informer(poddisruptionbudgets).lister
  const evictions = createEvictions(context, podLister)
  const tried = new WeakMap<PodShape, Map<NodeInfo, Tried>>()
  const scratch = new NodeColumns(1)
  const crowded = new NodeColumns(1)

  const ineligible = (pod: Pod, diagnosis: Diagnosis): string | undefined => {
    if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
    const node = cache.nodes.get(pod.status?.nominatedNodeName ?? '')
    if (!node || diagnosis.statusOf(node)?.code === 'UnschedulableAndUnresolvable') return undefined
    const priority = pod.spec?.priority ?? 0
    return node.pods.some((other) => other.priority < priority && isBeingPreempted(other.pod))
      ? 'not eligible due to a terminating pod on the nominated node.'
      : undefined
  }

  /** What was found out for pods of the same class, and holds as long as the node does not change; nothing where it may not. */
  const keptFor = ({ shape }: PodInfo, cycle: CycleState): Map<NodeInfo, Tried> | undefined => {
    const alone = cycle.skipFilter.has(names.podTopologySpread) && cycle.skipFilter.has(names.interPodAffinity)
    if (!alone || shape.hasVolumes || shape.hasClaims) return undefined
    let known = tried.get(shape)
    if (!known) tried.set(shape, (known = new Map()))
    return known
  }

  const dryRun = (
    cycle: CycleState,
    pod: PodInfo,
    slots: readonly number[],
  ): { readonly candidates: readonly Victims[]; readonly statuses: ReadonlyMap<string, Status> } => {
    const framework = context.framework()
    const { priority } = pod
    const search: VictimSearch = {
      framework,
      filter: (state, incoming, node) => filterWithNominated(framework, nominator, state, incoming, node, crowded),
      budgets: [...budgets.list()],
      now: clock.now(),
    }
    const kept = search.budgets.length === 0 ? keptFor(pod, cycle) : undefined
    // Its own promise is not in a pod's way, but in that of others.
    const own = cache.nodes.get(nominator.nodeOf(pod.uid) ?? '')
    const wanted = Math.min(slots.length, Math.max(minAbsolute, Math.floor((slots.length * minPercentage) / 100)))
    const candidates: Victims[] = []
    const statuses = new Map<string, Status>()
    let harmless = 0
    const start = Math.floor(clock.random() * slots.length)
    for (let i = 0; i < slots.length; i++) {
      const node = cache.nodes.at(slots[(start + i) % slots.length]!)!
      const last = node === own ? undefined : kept?.get(node)
      const holds = last?.version === node.version && last.priority === priority
      const victims = holds ? last.victims : selectVictims(search, cycle.clone(), pod, node.copy(scratch))
      if (!holds && node !== own) kept?.set(node, { version: node.version, priority, victims })
      if ('code' in victims) statuses.set(node.name, victims)
      else if (victims.pods.length > 0) {
        candidates.push(victims)
        if (victims.violations === 0) harmless++
        if (harmless > 0 && candidates.length >= wanted) break
      }
    }
    return { candidates, statuses }
  }

  const choose = (candidates: readonly Victims[], pod: Pod): PostFilterResult => {
    const best = bestVictims(candidates, clock.now())
    if (!best) return { status: unschedulable(names.defaultPreemption, 'no candidate node for preemption') }
    evictions.start(best, pod)
    const victims = best.pods.map(({ namespace, name, priority }) => ({ namespace, name, priority }))
    return { nominatedNode: best.node, victims }
  }

  const preempt = (
    cycle: CycleState,
    info: PodInfo,
    diagnosis: Diagnosis,
    signal: AbortSignal,
  ): PostFilterResult | Promise<PostFilterResult> => {
    const pod = podLister.get({ namespace: info.namespace, name: info.name }) ?? info.pod
    const reason = ineligible(pod, diagnosis)
    if (reason !== undefined) return { status: unschedulable(names.defaultPreemption, reason) }
    const { candidates, statuses } = dryRun(cycle, info, diagnosis.slotsWith('Unschedulable'))
    if (candidates.length === 0) {
      return {
        nominatedNode: '',
        status: unschedulable(names.defaultPreemption, noCandidates(statuses, cache.nodes.count)),
      }
    }
    const asked = context.extenders.filter((extender) => extender.preempts && extender.isInterestedIn(pod))
    if (asked.length === 0) return choose(candidates, pod)
    return reviewVictims(asked, pod, candidates, { nodes: cache.nodes, log, signal }).then(
      (left) => choose(left, pod),
      (error: unknown): PostFilterResult => ({
        status: failed(names.defaultPreemption, messageOf(error)),
      }),
    )
  }

  return {
    name: names.defaultPreemption,
    // The room that deletions make is told by the plugins that found none.
    events: [{ resource: 'Pod', actions: ['Delete'], hint: () => 'skip' }],
    preEnqueue: (pod) => (evictions.isRunning(pod.metadata.uid ?? '') ? waiting : undefined),
    postFilter(cycle, pod, diagnosis, signal) {
      const result = preempt(cycle, pod, diagnosis, signal)
      return result instanceof Promise ? result.then(told) : told(result)
    },
  }
}

/** A result as the pod's condition has it. */
function told(result: PostFilterResult): PostFilterResult {
  if (!result.status) return result
  const { code } = result.status
  const message = `preemption: ${statusMessage(result.status)}`
  const status =
    code === 'Error' ? failed(names.defaultPreemption, message) : unschedulable(names.defaultPreemption, message)
  return { ...result, status }
}

function isBeingPreempted({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp === undefined) return false
  const condition = status?.conditions?.find(({ type }) => type === 'DisruptionTarget')
  return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler'
}

function noCandidates(statuses: ReadonlyMap<string, Status>, nodes: number): string {
  const counts = new Map<string, number>()
  const add = (reason: string, count: number): unknown => counts.set(reason, (counts.get(reason) ?? 0) + count)
  for (const { reasons } of statuses.values()) for (const reason of reasons) add(reason, 1)
  if (statuses.size < nodes) add(notHelpful, nodes - statuses.size)
  const list = [...counts].map(([reason, count]) => `${count} ${reason}`).sort((a, b) => (a < b ? -1 : 1))
  return `0/${nodes} nodes are available: ${list.join(', ')}.`
}
