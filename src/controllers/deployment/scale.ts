import type { Deployment, ReplicaSet } from '#api/apps/v1'
import { desiredReplicasOf, maxReplicasOf } from './annotations.ts'
import { isRollingUpdate, maxSurge, replicasOf } from './bounds.ts'
import { all, byCreation, isObserved, isScaledUp, lasting, wanted } from './replica-sets.ts'
import type { ReplicaSets } from './replica-sets.ts'

/** A ReplicaSet is to have so many replicas. */
export interface Scaling {
  readonly replicaSet: ReplicaSet
  readonly replicas: number
  /** Its memory of the Deployment's size is brought up to date even where the number stays. */
  readonly always?: true
}

/** Whether the Deployment was scaled since its ReplicaSets were. */
export function wasScaled(deployment: Deployment, replicaSets: ReplicaSets): boolean {
  return all(replicaSets)
    .filter(isScaledUp)
    .some((each) => {
      const desired = desiredReplicasOf(each)
      return desired !== undefined && desired !== replicasOf(deployment)
    })
}

/**
 * What a new size of the Deployment means for its ReplicaSets. In the midst of a rollout all of them grow or shrink in
 * proportion, so that the risk stays divided as it was.
 */
export function scalingPlan(deployment: Deployment, replicaSets: ReplicaSets): readonly Scaling[] {
  const { current, old } = replicaSets
  const replicas = replicasOf(deployment)
  const only = activeOrLatest(replicaSets)
  if (only) return replicasOf(only) === replicas ? [] : [{ replicaSet: only, replicas }]
  if (current && isSaturated(deployment, current)) {
    return old.filter(isScaledUp).map((replicaSet) => ({ replicaSet, replicas: 0 }))
  }
  return isRollingUpdate(deployment) ? proportionalPlan(deployment, all(replicaSets).filter(isScaledUp)) : []
}

/** The one that has replicas; when none has, the new one or else the youngest. `undefined` when several have. */
function activeOrLatest(replicaSets: ReplicaSets): ReplicaSet | undefined {
  const active = all(replicaSets).filter(isScaledUp)
  if (active.length > 1) return undefined
  return active[0] ?? replicaSets.current ?? replicaSets.old.toSorted(byCreation).at(-1)
}

function isSaturated(deployment: Deployment, current: ReplicaSet): boolean {
  const replicas = replicasOf(deployment)
  return (
    replicasOf(current) === replicas &&
    desiredReplicasOf(current) === replicas &&
    isObserved(current) &&
    lasting(current) === replicas
  )
}

function proportionalPlan(deployment: Deployment, active: readonly ReplicaSet[]): readonly Scaling[] {
  const replicas = replicasOf(deployment)
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0
  const toAdd = allowed - wanted(active)
  // The largest come first; among equals the newest grow first and the oldest shrink first.
  const sorted = active.toSorted((a, b) => {
    const bySize = replicasOf(b) - replicasOf(a)
    if (bySize !== 0) return bySize
    return toAdd > 0 ? byCreation(b, a) : byCreation(a, b)
  })
  let added = 0
  const sizes = sorted.map((replicaSet) => {
    const share = shareOf(deployment, replicaSet, toAdd, added)
    added += share
    return replicasOf(replicaSet) + share
  })
  return sorted.map((replicaSet, i) => {
    const size = sizes[i] ?? 0
    // Rounding leaves something over: it goes to the first.
    const replicas = i === 0 && toAdd !== 0 ? Math.max(0, size + toAdd - added) : size
    return { replicaSet, replicas, always: true }
  })
}

/** What one ReplicaSet gets of what is to be added (or, below zero, taken away). */
function shareOf(deployment: Deployment, replicaSet: ReplicaSet, toAdd: number, added: number): number {
  if (replicasOf(replicaSet) === 0 || toAdd === 0 || toAdd === added) return 0
  const fraction = fractionOf(deployment, replicaSet)
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added)
}

function fractionOf(deployment: Deployment, replicaSet: ReplicaSet): number {
  const replicas = replicasOf(deployment)
  const size = replicasOf(replicaSet)
  if (replicas === 0) return -size
  const before = maxReplicasOf(replicaSet) || (deployment.status?.replicas ?? 0)
  if (before === 0) return 0
  const scaled = (size * (replicas + maxSurge(deployment))) / before
  return Math.floor(scaled + 0.5) - size
}
