import type { Job, JobCondition } from '#api/batch/v1'
import type { Pod } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { conditionOf } from '../common/meta/conditions.ts'

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count'
export const ignoredFailureCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count'

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed'
export const isSuspended = ({ spec }: Job): boolean => spec.suspend === true
export const hasLimitPerIndex = ({ spec }: Job): boolean => spec.backoffLimitPerIndex !== undefined

/** Someone else looks after the Job (KEP-4368). */
export const isManagedElsewhere = ({ spec }: Job): boolean =>
  spec.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller'

/** A pod is replaced when it has ended, not already when it is told to. */
export const replacesFailedOnly = ({ spec }: Job): boolean =>
  spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined

export function isFinished({ status }: Job): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  )
}

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(trackingFinalizer) ?? false

/** Index that a pod works on, `undefined` when it tells none. */
export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[indexAnnotation]
  return text !== undefined && /^\+?\d+$/.test(text) ? Number(text) : undefined
}

/** The index of a pod, if the Job has it. */
export function validIndexOf(pod: Pod, { spec }: Job): number | undefined {
  const index = indexOf(pod)
  return index !== undefined && index < (spec.completions ?? 0) ? index : undefined
}

export function isPodFailed(pod: Pod, job: Job): boolean {
  const phase = pod.status?.phase
  if (phase === 'Failed') return true
  if (replacesFailedOnly(job)) return false
  return pod.metadata.deletionTimestamp !== undefined && phase !== 'Succeeded'
}

function countOf({ metadata }: Pod, annotation: string): number {
  const text = metadata.annotations?.[annotation]
  if (text === undefined || !/^\d+$/.test(text)) return 0
  const count = Number(text)
  return count < 2 ** 31 ? count : 0
}

/** Failures of its index before a pod, those that count. */
export const failureCount = (pod: Pod): number => countOf(pod, failureCountAnnotation)
export const ignoredFailureCount = (pod: Pod): number => countOf(pod, ignoredFailureCountAnnotation)
export const absoluteFailureCount = (pod: Pod): number => failureCount(pod) + ignoredFailureCount(pod)

/** @param now milliseconds since 1970. */
export function jobCondition(
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): JobCondition {
  const time = timeOfMillis(now)
  return {
    type,
    status,
    lastProbeTime: time,
    lastTransitionTime: time,
    ...(reason === '' ? {} : { reason }),
    ...(message === '' ? {} : { message }),
  }
}

/** Sets a condition in its place; one that is false and not there stays away. @returns `undefined` when nothing changes. */
export function withJobCondition(
  conditions: readonly JobCondition[],
  next: JobCondition,
): readonly JobCondition[] | undefined {
  const known = conditionOf(conditions, next.type)
  if (!known) return next.status === 'False' ? undefined : [...conditions, next]
  const same = known.status === next.status && known.reason === next.reason && known.message === next.message
  return same ? undefined : conditions.map((each) => (each === known ? next : each))
}
