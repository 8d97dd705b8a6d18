import { meetsNodeAffinity, scaledIntOrPercent, tolerates } from '#machinery'
import type { DaemonSet } from '#api/apps/v1'
import type { Node, Pod, Taint } from '#api/core/v1'
import { daemonTolerations } from './template.ts'

export interface NodeVerdict {
  readonly shouldRun: boolean
  /** A pod that is there may stay. */
  readonly mayStay: boolean
}

/** Whether a daemon belongs on a node. */
export function judgeNode({ spec }: DaemonSet, node: Node): NodeVerdict {
  const pod = spec.template.spec ?? { containers: [] }
  const { name = '' } = node.metadata
  if ((pod.nodeName && pod.nodeName !== name) || !meetsNodeAffinity(pod, node))
    return { shouldRun: false, mayStay: false }
  const all = daemonTolerations(pod)
  const isTolerated = (taint: Taint): boolean => all.some((toleration) => tolerates(toleration, taint))
  const repelling = (node.spec.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint),
  )
  if (repelling.length === 0) return { shouldRun: true, mayStay: true }
  return { shouldRun: false, mayStay: repelling.every(({ effect }) => effect !== 'NoExecute') }
}

/** Pods beyond one for each node, and nodes that may lack theirs, during an update. @param nodes that should have one. */
export function updateBounds(
  { spec }: DaemonSet,
  nodes: number,
): { readonly surge: number; readonly unavailable: number } {
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  if (type !== 'RollingUpdate' || !rollingUpdate) return { surge: 0, unavailable: 0 }
  const surge = scaledIntOrPercent(rollingUpdate.maxSurge ?? 0, nodes, 'up')
  const unavailable = scaledIntOrPercent(rollingUpdate.maxUnavailable ?? 0, nodes, 'up')
  return nodes > 0 && surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

export function allowsSurge({ spec }: DaemonSet): boolean {
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  return type === 'RollingUpdate' && scaledIntOrPercent(rollingUpdate?.maxSurge ?? 0, 1, 'up') > 0
}

/** Pods that have a node first, then the older ones. */
export function byAge(a: Pod, b: Pod): number {
  if (Boolean(a.spec.nodeName) !== Boolean(b.spec.nodeName)) return a.spec.nodeName ? -1 : 1
  const created = (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '')
  return created !== 0 ? created : (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}
