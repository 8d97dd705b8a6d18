import type { DaemonSet, DaemonSetStatus } from '#api/apps/v1'
import type { Node } from '#api/core/v1'
import { isPodAvailable, isPodReady } from '../common/pods/state.ts'
import { byAge, judgeNode } from './nodes.ts'
import type { PodsByNode } from './plan.ts'
import { isUpdated } from './template.ts'

/** The counts that a set should show. @param now milliseconds since 1970. */
export function daemonStatus(
  set: DaemonSet,
  nodes: readonly Node[],
  byNode: PodsByNode,
  hash: string,
  now: number,
): DaemonSetStatus {
  let desired = 0
  let current = 0
  let misscheduled = 0
  let ready = 0
  let available = 0
  let updated = 0
  for (const node of nodes) {
    const pods = byNode.get(node.metadata.name ?? '') ?? []
    if (!judgeNode(set, node).shouldRun) {
      if (pods.length > 0) misscheduled++
      continue
    }
    desired++
    const [pod] = pods.toSorted(byAge)
    if (!pod) continue
    current++
    if (isPodReady(pod)) {
      ready++
      if (isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now)) available++
    }
    if (isUpdated(set, pod, hash)) updated++
  }
  return {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
    ...(available === 0 ? {} : { numberAvailable: available }),
    ...(desired === available ? {} : { numberUnavailable: desired - available }),
  }
}

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const

/** Whether a set shows these counts, and speaks of its newest spec. */
export function shows({ status, metadata }: DaemonSet, next: DaemonSetStatus): boolean {
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return false
  return counts.every((field) => (status?.[field] ?? 0) === (next[field] ?? 0))
}
