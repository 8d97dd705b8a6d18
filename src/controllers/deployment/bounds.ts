import type { Deployment } from '#api/apps/v1'
import { scaledIntOrPercent } from '#machinery'

const noDeadline = 2 ** 31 - 1

export const replicasOf = ({ spec }: { readonly spec: { readonly replicas?: number } }): number => spec.replicas ?? 1

export const isRollingUpdate = ({ spec }: Deployment): boolean => spec.strategy?.type === 'RollingUpdate'

/** Pods that may be there beyond the wanted number while a rolling update goes on. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? bounds(deployment).surge : 0
}

/** Pods that may be missing while a rolling update goes on. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment)
  if (!isRollingUpdate(deployment) || replicas === 0) return 0
  return Math.min(bounds(deployment).unavailable, replicas)
}

/** Percentages of the surge round up, those of the unavailable down; when both come to nothing, one may be missing. */
function bounds(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 0 } = deployment.spec.strategy?.rollingUpdate ?? {}
  const replicas = replicasOf(deployment)
  try {
    const surge = scaledIntOrPercent(maxSurge, replicas, 'up')
    const unavailable = scaledIntOrPercent(maxUnavailable, replicas, 'down')
    return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
  } catch {
    return { surge: 0, unavailable: 0 }
  }
}

/** Seconds within which a rollout has to get on; `undefined` when it has all the time in the world. */
export function progressDeadline({ spec }: Deployment): number | undefined {
  const { progressDeadlineSeconds } = spec
  return progressDeadlineSeconds === noDeadline ? undefined : progressDeadlineSeconds
}

/** How many old ReplicaSets are kept; `undefined` when all are. */
export function historyLimit({ spec }: Deployment): number | undefined {
  const { revisionHistoryLimit } = spec
  return revisionHistoryLimit === noDeadline ? undefined : revisionHistoryLimit
}
