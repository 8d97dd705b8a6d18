import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '#api/apps/v1'
import { quote, timeOfMillis } from '#machinery'
import { conditionOf, withCondition, withoutCondition } from '../common/meta/conditions.ts'
import { compactStatus } from '../common/meta/status.ts'
import { maxUnavailable, progressDeadline, replicasOf } from './bounds.ts'
import { actual, all, available, ready, terminating, wanted } from './replica-sets.ts'
import type { ReplicaSets } from './replica-sets.ts'

/** Fields of a status whose zero is said. */
export const pointerFields = ['terminatingReplicas', 'collisionCount'] as const

const progressing = 'Progressing'
export const reasons = {
  available: 'NewReplicaSetAvailable',
  updated: 'ReplicaSetUpdated',
  timedOut: 'ProgressDeadlineExceeded',
  created: 'NewReplicaSetCreated',
  found: 'FoundNewReplicaSet',
  createFailed: 'ReplicaSetCreateError',
  paused: 'DeploymentPaused',
  resumed: 'DeploymentResumed',
} as const

/** A condition that became so now. @param now milliseconds since 1970. */
export function condition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): DeploymentCondition {
  const time = timeOfMillis(now)
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message }
}

/** Sets a condition, unless it is told already with the same status and reason. */
export function setCondition(
  conditions: readonly DeploymentCondition[] | undefined,
  next: DeploymentCondition,
): readonly DeploymentCondition[] {
  const known = conditionOf(conditions, next.type)
  if (known?.status === next.status && known.reason === next.reason) return conditions ?? []
  if (known?.status !== next.status || known.lastTransitionTime === undefined) return withCondition(conditions, next)
  return withCondition(conditions, { ...next, lastTransitionTime: known.lastTransitionTime })
}

/** Counts and availability. @param now milliseconds since 1970. */
export function countedStatus(deployment: Deployment, replicaSets: ReplicaSets, now: number): DeploymentStatus {
  const everything = all(replicaSets)
  const availableReplicas = available(everything)
  const { collisionCount, conditions } = deployment.status ?? {}
  const terminatingReplicas = terminating(everything)
  const enough = availableReplicas >= replicasOf(deployment) - maxUnavailable(deployment)
  const availability = enough
    ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : condition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        now,
      )
  return compactStatus<DeploymentStatus>(
    {
      observedGeneration: deployment.metadata.generation ?? 0,
      replicas: actual(everything),
      updatedReplicas: replicaSets.current ? actual([replicaSets.current]) : 0,
      readyReplicas: ready(everything),
      availableReplicas,
      unavailableReplicas: Math.max(0, wanted(everything) - availableReplicas),
      ...(terminatingReplicas === undefined ? {} : { terminatingReplicas }),
      conditions: setCondition(conditions, availability),
      ...(collisionCount === undefined ? {} : { collisionCount }),
    },
    pointerFields,
  )
}

/** Every replica is of the new template and available, and the status speaks of the newest spec. */
export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const replicas = replicasOf(deployment)
  return (
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

/** More new replicas, fewer old ones, or more that are ready or available than the status told before. */
function hasProgressed(before: DeploymentStatus, next: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (next.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(next) < old(before) ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

/** The status of a rollout: counts, progress and the failures of its ReplicaSets. @param now milliseconds since 1970. */
export function rolloutStatus(deployment: Deployment, replicaSets: ReplicaSets, now: number): DeploymentStatus {
  const status = countedStatus(deployment, replicaSets, now)
  const withProgress = progress(deployment, replicaSets, status, now)
  const failure = replicaFailure(replicaSets)
  const conditions = failure ? setCondition(withProgress, failure) : withoutCondition(withProgress, 'ReplicaFailure')
  const { conditions: _, ...counts } = status
  return conditions.length === 0 ? counts : { ...counts, conditions }
}

function progress(
  deployment: Deployment,
  { current }: ReplicaSets,
  status: DeploymentStatus,
  now: number,
): readonly DeploymentCondition[] {
  const deadline = progressDeadline(deployment)
  const { conditions = [] } = status
  if (deadline === undefined) return withoutCondition(conditions, progressing)
  const told = conditionOf(deployment.status?.conditions, progressing)
  // A rollout that was complete stays so, whatever becomes of its pods later.
  const wasComplete = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && told?.reason === reasons.available
  if (wasComplete) return conditions
  const subject = current
    ? `ReplicaSet ${quote(current.metadata.name ?? '')}`
    : `Deployment ${quote(deployment.metadata.name ?? '')}`
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`
    return setCondition(conditions, condition(progressing, 'True', reasons.available, message, now))
  }
  if (hasProgressed(deployment.status ?? {}, status)) {
    const next = condition(progressing, 'True', reasons.updated, `${subject} is progressing.`, now)
    const { lastTransitionTime } = told ?? {}
    const since = told?.status === 'True' && lastTransitionTime !== undefined ? { lastTransitionTime } : {}
    // Replaced as a whole: the time of the last update is what the deadline counts from.
    return withCondition(conditions, { ...next, ...since })
  }
  if (hasTimedOut(conditions, deadline, now)) {
    const message = `${subject} has timed out progressing.`
    return setCondition(conditions, condition(progressing, 'False', reasons.timedOut, message, now))
  }
  return conditions
}

function hasTimedOut(conditions: readonly DeploymentCondition[], deadline: number, now: number): boolean {
  const told = conditionOf(conditions, progressing)
  if (!told || told.reason === reasons.available) return false
  if (told.reason === reasons.timedOut) return true
  return Date.parse(told.lastUpdateTime ?? '0001-01-01T00:00:00Z') + deadline * 1000 < now
}

/** The new ReplicaSet's failure to make pods, or else that of another. */
function replicaFailure(replicaSets: ReplicaSets): DeploymentCondition | undefined {
  const failureOf = (replicaSet: ReplicaSet | undefined): DeploymentCondition | undefined => {
    const failure = conditionOf(replicaSet?.status?.conditions, 'ReplicaFailure')
    const { lastTransitionTime } = failure ?? {}
    return (
      failure && { ...failure, ...(lastTransitionTime === undefined ? {} : { lastUpdateTime: lastTransitionTime }) }
    )
  }
  const current = failureOf(replicaSets.current)
  if (current) return current
  for (const each of replicaSets.old) {
    const failure = failureOf(each)
    if (failure) return failure
  }
  return undefined
}

/** The condition that pausing or resuming calls for, `undefined` when it is told. */
export function pauseCondition(deployment: Deployment, now: number): DeploymentCondition | undefined {
  if (progressDeadline(deployment) === undefined) return undefined
  const told = conditionOf(deployment.status?.conditions, progressing)
  if (told?.reason === reasons.timedOut) return undefined
  const isTold = told?.reason === reasons.paused
  if (deployment.spec.paused === true) {
    return isTold ? undefined : condition(progressing, 'Unknown', reasons.paused, 'Deployment is paused', now)
  }
  return isTold ? condition(progressing, 'Unknown', reasons.resumed, 'Deployment is resumed', now) : undefined
}

/**
 * Milliseconds until the deadline has to be checked, while nothing happens; `undefined` when none runs. The whole second
 * on top lets the deadline be over for sure.
 */
export function untilDeadline(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const deadline = progressDeadline(deployment)
  const told = conditionOf(deployment.status?.conditions, progressing)
  if (deadline === undefined || !told) return undefined
  if (isComplete(deployment, status) || told.reason === reasons.timedOut) return undefined
  return Date.parse(told.lastUpdateTime ?? '0001-01-01T00:00:00Z') + deadline * 1000 - now
}
