import { scaledIntOrPercent } from '#machinery'
import type { Deployment, ReplicaSet } from '#api/apps/v1'
import { maxUnavailable, replicasOf } from './bounds.ts'
import { allLasting, byCreation, isObserved, isScaledUp, lasting, wanted } from './replica-sets.ts'
import type { Scaling } from './scale.ts'

/**
 * Replicas that the new ReplicaSet may have now: at once all for Recreate, as many as the surge has place for in a rolling
 * update.
 *
 * @param everything all ReplicaSets, the new one included. @throws Error for a strategy that is unknown.
 */
export function newReplicas(deployment: Deployment, everything: readonly ReplicaSet[], current: ReplicaSet): number {
  const replicas = replicasOf(deployment)
  const type = deployment.spec.strategy?.type
  switch (type) {
    case 'RollingUpdate': {
      const surge = scaledIntOrPercent(deployment.spec.strategy?.rollingUpdate?.maxSurge ?? 0, replicas, 'up')
      const room = replicas + surge - wanted(everything)
      if (room <= 0) return replicasOf(current)
      return replicasOf(current) + Math.min(room, replicas - replicasOf(current))
    }
    case 'Recreate':
      return replicas
    default:
      throw new Error(`deployment type ${type ?? ''} isn't supported`)
  }
}

/** How far the new ReplicaSet can go; nothing when it is there. */
export function scaleUpPlan(
  deployment: Deployment,
  everything: readonly ReplicaSet[],
  current: ReplicaSet,
): readonly Scaling[] {
  const replicas = replicasOf(deployment)
  if (replicasOf(current) === replicas) return []
  if (replicasOf(current) > replicas) return [{ replicaSet: current, replicas }]
  const next = newReplicas(deployment, everything, current)
  return next === replicasOf(current) ? [] : [{ replicaSet: current, replicas: next }]
}

/**
 * How far the old ReplicaSets can go down. An example: 10 replicas, maxUnavailable 2, maxSurge 3. At 13 pods, of which 5
 * are new and 2 of these not available yet: 13 - 8 - 2 = 3 old ones may go. Pods that are not available anyway go first,
 * whatever their age; then, oldest ReplicaSet first, as many of the available as the minimum leaves.
 *
 * Nothing goes before all ReplicaSets tell of their present size: who believes an older status counts pods that are gone.
 *
 * A ReplicaSet may be named twice; the second number builds on the first.
 *
 * @param availableNow pods of a ReplicaSet that are available by what is known of them, which its status may not tell yet.
 */
export function scaleDownPlan(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  current: ReplicaSet,
  availableNow: (replicaSet: ReplicaSet) => number,
): readonly Scaling[] {
  const active = old.filter(isScaledUp).toSorted(byCreation)
  if (active.length === 0) return []
  const everything = [...old, current]
  if (!everything.filter(isScaledUp).every(isObserved)) return []
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment)
  const newUnavailable = replicasOf(current) - lasting(current)
  const room = wanted(everything) - minAvailable - newUnavailable
  if (room <= 0) return []

  const plan: Scaling[] = []
  const sizes = new Map(active.map((each) => [each, replicasOf(each)]))
  let left = room
  for (const replicaSet of active) {
    if (left <= 0) break
    const size = replicasOf(replicaSet)
    const ill = size - lasting(replicaSet)
    const count = Math.min(left, ill === 0 ? 0 : Math.min(ill, size - availableNow(replicaSet)))
    if (count <= 0) continue
    sizes.set(replicaSet, size - count)
    plan.push({ replicaSet, replicas: size - count })
    left -= count
  }

  let spare = allLasting([...active, current]) - minAvailable
  for (const replicaSet of active) {
    if (spare <= 0) break
    const size = sizes.get(replicaSet) ?? 0
    if (size === 0) continue
    const count = Math.min(size, spare)
    plan.push({ replicaSet, replicas: size - count })
    spare -= count
  }
  return plan
}
