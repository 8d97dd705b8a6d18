import type { DaemonSet } from '#api/apps/v1'
import type { Node, Pod } from '#api/core/v1'
import { isPodAvailable, isPodReady } from '../common/pods/state.ts'
import { allowsSurge, byAge, judgeNode, updateBounds } from './nodes.ts'
import { hashLabel, isUpdated } from './template.ts'

/** What is to be done: nodes that get a pod, and pods that go. */
export interface DaemonPlan {
  readonly create: readonly string[]
  readonly remove: readonly Pod[]
  /** These go because they are not well: one that became so meanwhile stays. */
  readonly ill: readonly Pod[]
}

export type PodsByNode = ReadonlyMap<string, readonly Pod[]>

export interface FailedPods {
  /** Pods that failed and are deleted now; those that failed shortly after others wait. */
  mayDelete(pod: Pod, node: string): boolean
  /** Pods that ended well are deleted; someone is told. */
  sawSucceeded(pod: Pod, node: string): void
}

/** One pod on every node that wants one, and no other. @param now milliseconds since 1970. */
export function planNodes(
  set: DaemonSet,
  nodes: readonly Node[],
  byNode: PodsByNode,
  hash: string,
  failed: FailedPods,
  now: number,
): DaemonPlan {
  const create: string[] = []
  const remove: Pod[] = []
  const ill: Pod[] = []
  for (const node of nodes) {
    const { name = '' } = node.metadata
    const pods = byNode.get(name)
    const { shouldRun, mayStay } = judgeNode(set, node)
    if (shouldRun && !pods) create.push(name)
    else if (mayStay) {
      const running = (pods ?? []).filter((pod) => {
        if (pod.metadata.deletionTimestamp !== undefined) return false
        if (pod.status?.phase === 'Failed') {
          if (failed.mayDelete(pod, name)) remove.push(pod)
          return false
        }
        if (pod.status?.phase !== 'Succeeded') return true
        failed.sawSucceeded(pod, name)
        remove.push(pod)
        return false
      })
      if (running.length === 0 && shouldRun && allowsSurge(set)) create.push(name)
      const surplus = superfluous(set, running.sort(byAge), hash, now)
      remove.push(...surplus.remove)
      ill.push(...surplus.ill)
    } else remove.push(...(pods ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined))
  }
  const known = new Set(nodes.map(({ metadata }) => metadata.name))
  for (const [name, pods] of byNode) if (!known.has(name)) remove.push(...pods.filter(({ spec }) => !spec.nodeName))
  return { create, remove, ill }
}

/** Of several pods on a node the oldest stays; while a surge goes on the oldest of each template. */
function superfluous(
  set: DaemonSet,
  running: readonly Pod[],
  hash: string,
  now: number,
): Pick<DaemonPlan, 'remove' | 'ill'> {
  if (running.length <= 1) return { remove: [], ill: [] }
  if (!allowsSurge(set)) return { remove: running.slice(1), ill: [] }
  const isNew = ({ metadata }: Pod): boolean => metadata.labels?.[hashLabel] === hash
  const fresh = running.find(isNew)
  const old = running.find((pod) => !isNew(pod))
  const remove = running.filter((pod) => pod !== fresh && pod !== old)
  if (!fresh || !old) return { remove, ill: [] }
  if (isPodAvailable(fresh, set.spec.minReadySeconds ?? 0, now)) return { remove: [...remove, old], ill: [] }
  return { remove, ill: isPodReady(old) ? [] : [old] }
}

/** The next step of a rolling update. @param now milliseconds since 1970. */
export function planUpdate(
  set: DaemonSet,
  nodes: readonly Node[],
  podsByNode: PodsByNode,
  hash: string,
  now: number,
): DaemonPlan {
  const byNode = new Map(podsByNode)
  const verdicts = new Map(nodes.map((node) => [node.metadata.name ?? '', judgeNode(set, node).shouldRun]))
  let desired = 0
  for (const [name, shouldRun] of verdicts) {
    if (!shouldRun) continue
    desired++
    if (!byNode.has(name)) byNode.set(name, [])
  }
  const { surge, unavailable } = updateBounds(set, desired)
  const isAvailable = (pod: Pod): boolean => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now)
  const context: StepContext = { set, hash, isAvailable, shouldRun: (node) => verdicts.get(node) === true }
  return surge === 0 ? planReplacement(byNode, unavailable, context) : planSurge(byNode, surge, desired, context)
}

interface StepContext {
  readonly set: DaemonSet
  readonly hash: string
  readonly isAvailable: (pod: Pod) => boolean
  readonly shouldRun: (node: string) => boolean
}

/** Old pods go first where they are ill anyway, then as many as may be missing. */
function planReplacement(byNode: PodsByNode, maxUnavailable: number, context: StepContext): DaemonPlan {
  let missing = 0
  const ill: Pod[] = []
  const candidates: Pod[] = []
  for (const pods of byNode.values()) {
    const { fresh, old, clear } = divide(pods, context)
    if (!clear || Boolean(fresh) === Boolean(old)) missing++
    else if (fresh) {
      if (!context.isAvailable(fresh)) missing++
    } else if (old && !context.isAvailable(old)) {
      ill.push(old)
      missing++
    } else if (old && missing < maxUnavailable) candidates.push(old)
  }
  return { create: [], remove: candidates.slice(0, Math.max(0, maxUnavailable - missing)), ill }
}

/** New pods come beside the old ones, which go when the new ones are available. */
function planSurge(byNode: PodsByNode, maxSurge: number, desired: number, context: StepContext): DaemonPlan {
  const remove: Pod[] = []
  const misplaced: Pod[] = []
  const now: string[] = []
  const candidates: string[] = []
  let surging = 0
  let available = 0
  for (const [node, pods] of byNode) {
    const { fresh, old, clear } = divide(pods, context)
    if (!clear) {
      surging++
      continue
    }
    const shown = old ?? fresh
    if (shown && context.isAvailable(shown)) available++
    if (!old) continue
    if (fresh) {
      if (context.isAvailable(fresh)) remove.push(old)
      else surging++
    } else if (!context.isAvailable(old)) {
      if (context.shouldRun(node)) now.push(node)
      else remove.push(old)
    } else if (!context.shouldRun(node)) misplaced.push(old)
    else if (surging < maxSurge) candidates.push(node)
  }
  remove.push(...misplaced.slice(0, Math.max(0, available - desired)))
  return { create: [...now, ...candidates.slice(0, Math.max(0, maxSurge - surging))], remove, ill: [] }
}

/** The new and the old pod of a node; not clear where there are several of one. */
function divide(
  pods: readonly Pod[],
  { set, hash }: StepContext,
): { readonly fresh: Pod | undefined; readonly old: Pod | undefined; readonly clear: boolean } {
  const living = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const fresh = living.filter((pod) => isUpdated(set, pod, hash))
  const old = living.filter((pod) => !isUpdated(set, pod, hash))
  return { fresh: fresh[0], old: old[0], clear: fresh.length <= 1 && old.length <= 1 }
}
