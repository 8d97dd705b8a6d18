import type { Pod } from '#api/core/v1'
import type { PodDisruptionBudget } from '#api/policy/v1'
import { millisOf, parseTime, selectorOf } from '#machinery'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { PodInfo } from '../../cache/pod-info.ts'
import type { CycleState } from '../../framework/cycle-state.ts'
import type { Framework } from '../../framework/framework.ts'
import { unresolvable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { names } from '../names.ts'

/** Pods that would have to go from a node, the most important first. */
export interface Victims {
  readonly node: string
  readonly pods: readonly PodInfo[]
  /** How many go against a disruption budget. */
  readonly violations: number
}

const noVictims = unresolvable(names.defaultPreemption, 'No preemption victims found for incoming pod')

/** What choosing victims needs. */
export interface VictimSearch {
  readonly framework: Framework
  /** The verdict about a node, with pods that were promised room there. */
  readonly filter: (cycle: CycleState, pod: PodInfo, node: NodeInfo) => Status | undefined
  readonly budgets: readonly PodDisruptionBudget[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * The fewest and least important pods that must go from a node for the pod to fit: all of lower priority are taken away,
 * then as many as possible are put back, those protected by budgets first and more important ones before others.
 *
 * @param node a copy, which is changed. @param cycle a copy as well.
 */
export function selectVictims(search: VictimSearch, cycle: CycleState, pod: PodInfo, node: NodeInfo): Victims | Status {
  const { framework, filter, now } = search
  const lower = node.pods.filter((other) => other.priority < pod.priority)
  if (lower.length === 0) return noVictims
  for (const victim of lower) {
    node.removePod(victim)
    framework.removePod(cycle, pod, victim, node)
  }
  const status = filter(cycle, pod, node)
  if (status) return status
  lower.sort((a, b) => byImportance(a, b, now))
  const victims: PodInfo[] = []
  let violations = 0
  /** Whether the pod fits beside one that is put back. */
  const putBack = (other: PodInfo): boolean => {
    node.addPod(other)
    framework.addPod(cycle, pod, other, node)
    if (!filter(cycle, pod, node)) return true
    node.removePod(other)
    framework.removePod(cycle, pod, other, node)
    victims.push(other)
    return false
  }
  const { violating, others } = divideByBudgets(lower, search.budgets)
  for (const other of violating) if (!putBack(other)) violations++
  for (const other of others) putBack(other)
  if (violating.length > 0 && others.length > 0) victims.sort((a, b) => byImportance(a, b, now))
  return { node: node.name, pods: victims, violations }
}

/** Higher priority first, then who runs longer. */
export function byImportance(a: PodInfo, b: PodInfo, now: number): number {
  return b.priority - a.priority || startOf(a.pod, now) - startOf(b.pod, now)
}

/** Milliseconds since 1970; now for pods that have not started. */
function startOf({ status }: Pod, now: number): number {
  return status?.startTime ? millisOf(parseTime(status.startTime)) : now
}

/** Which pods may not be disrupted any more, counting from the most important on. */
export function divideByBudgets(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  if (budgets.length === 0) return { violating: [], others: pods }
  const left = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0)
  const selectors = budgets.map(({ spec }) => selectorOf(spec?.selector))
  const violating: PodInfo[] = []
  const others: PodInfo[] = []
  for (const pod of pods) {
    let violated = false
    if (Object.keys(pod.labels).length > 0) {
      budgets.forEach(({ metadata, status }, i) => {
        const selector = selectors[i]!
        if (metadata.namespace !== pod.namespace || selector.isEmpty() || !selector.matches(pod.labels)) return
        // Already on its way out, and counted.
        if (status?.disruptedPods?.[pod.name] !== undefined) return
        left[i]!--
        if (left[i]! < 0) violated = true
      })
    }
    const side = violated ? violating : others
    side.push(pod)
  }
  return { violating, others }
}

/**
 * The best of several: fewest violated budgets, then the least important most important victim, the smallest sum of
 * priorities, the fewest victims, and last the one whose victims have run for the shortest time.
 */
export function bestVictims(candidates: readonly Victims[], now: number): Victims | undefined {
  let best: Victims | undefined
  let started: number | undefined
  for (const candidate of candidates) {
    const order = best ? compare(candidate, best) : -1
    if (order > 0) continue
    let start: number | undefined
    if (best && order === 0) {
      start = earliestStart(candidate, now)
      if (start <= (started ??= earliestStart(best, now))) continue
    }
    best = candidate
    started = start
  }
  return best
}

/** Below 0 where the first is better, but for how long they have run. */
function compare(a: Victims, b: Victims): number {
  const [ofA, ofB] = [priorityOf(a), priorityOf(b)]
  return a.violations - b.violations || ofA.first - ofB.first || ofA.sum - ofB.sum || a.pods.length - b.pods.length
}

/** What victims are compared by. */
interface Priority {
  /** That of the first pod. */
  readonly first: number
  /** Priorities are made positive, so that more victims are never a smaller sum. */
  readonly sum: number
  /** The pods with the highest one. */
  readonly highest: readonly PodInfo[]
}

/** The victims of a node are compared for many pods in a row. */
const priorities = new WeakMap<Victims, Priority>()

function priorityOf(victims: Victims): Priority {
  let priority = priorities.get(victims)
  if (!priority) {
    const { pods } = victims
    const sum = pods.reduce((total, each) => total + each.priority + 2 ** 31, 0)
    const max = pods.reduce((most, each) => Math.max(most, each.priority), -Infinity)
    priority = { first: pods[0]?.priority ?? 0, sum, highest: pods.filter((each) => each.priority === max) }
    priorities.set(victims, priority)
  }
  return priority
}

/** When the first of the most important pods began. */
function earliestStart(victims: Victims, now: number): number {
  let earliest = Infinity
  for (const { pod } of priorityOf(victims).highest) earliest = Math.min(earliest, startOf(pod, now))
  return earliest
}
