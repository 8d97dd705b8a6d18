import type { Job } from '#api/batch/v1'
import type { Pod } from '#api/core/v1'
import type { Clock } from '#base'
import { isNotFound } from '#machinery'
import { conditionOf } from '../common/meta/conditions.ts'
import { judgeFailure } from './failure-policy.ts'
import { formatIndexes, hasIndex, totalOf, withIndexes } from './intervals.ts'
import { indexOf, isIndexed, isPodFailed, isTracked, jobCondition, validIndexOf, withJobCondition } from './state.ts'
import type { JobTurn } from './turn.ts'

/** Pods that ended and are listed by UID until their finalizer is gone, at most. */
const maxUncounted = 500

export interface TrackTools {
  readonly clock: Clock
  /** Writes the status; resolves with the Job as it is now. */
  readonly writeStatus: (turn: JobTurn) => Promise<Job>
  readonly removeFinalizer: (pod: Pod) => Promise<void>
  /** Says that finalizers are about to go, and that one was not removed after all. */
  readonly expectRemoved: (pods: readonly Pod[]) => void
  readonly removalFailed: (pod: Pod) => void
  /** What was counted is written: the back-off counts it as well. */
  readonly counted: (turn: JobTurn) => void
}

/**
 * Counts pods that ended, each exactly once, whatever fails in between: first their UIDs are listed in the status, then
 * their finalizers go, then the UIDs become counts (KEP-2307).
 *
 * @returns the condition that ended the Job, when it is over by now.
 */
export async function trackPods(
  turn: JobTurn,
  needsWrite: boolean,
  tools: TrackTools,
): Promise<Job['status'] | undefined> {
  let changed = needsWrite
  const tracked = new Set<string>()
  for (const pod of turn.pods) {
    const { uid = '' } = pod.metadata
    if (isTracked(pod) && !turn.removed.has(uid)) tracked.add(uid)
  }
  if (countRemoved(turn, tracked)) changed = true
  const found = collectEnded(turn)
  if (found.changed) changed = true
  if (isIndexed(turn.job) && showIndexes(turn, found.newIndexes)) changed = true
  if (showEnd(turn, tools.clock.now())) changed = true
  if (changed) {
    await write(turn, tools)
    tools.counted(turn)
    changed = false
  }
  const failure = await removeFinalizers(found.toRelease, tracked, tools)
  if (countRemoved(turn, tracked)) changed = true
  if (failure !== undefined) {
    if (changed) await write(turn, tools)
    throw failure
  }
  const ended = !found.isFull && enactEnd(turn, tools.clock.now())
  if (changed || ended) await write(turn, tools)
  return ended ? turn.status : undefined
}

async function write(turn: JobTurn, { writeStatus }: TrackTools): Promise<void> {
  turn.job = await writeStatus(turn)
}

/** UIDs whose pods have lost their finalizer become counts. */
function countRemoved({ status }: JobTurn, tracked: ReadonlySet<string>): boolean {
  const uncounted = status.uncountedTerminatedPods ?? {}
  const { succeeded = [], failed = [] } = uncounted
  const keptSucceeded = succeeded.filter((uid) => tracked.has(uid))
  const keptFailed = failed.filter((uid) => tracked.has(uid))
  const newSucceeded = succeeded.length - keptSucceeded.length
  const newFailed = failed.length - keptFailed.length
  if (newSucceeded === 0 && newFailed === 0) return false
  status.uncountedTerminatedPods = {
    ...(keptSucceeded.length === 0 ? {} : { succeeded: keptSucceeded }),
    ...(keptFailed.length === 0 ? {} : { failed: keptFailed }),
  }
  if (newSucceeded > 0) status.succeeded = (status.succeeded ?? 0) + newSucceeded
  if (newFailed > 0) status.failed = (status.failed ?? 0) + newFailed
  return true
}

interface Ended {
  readonly toRelease: readonly Pod[]
  readonly newIndexes: readonly number[]
  readonly changed: boolean
  /** More ended than are counted in one turn. */
  readonly isFull: boolean
}

function collectEnded(turn: JobTurn): Ended {
  const { job, status } = turn
  const uncounted = status.uncountedTerminatedPods ?? {}
  const succeeded = [...(uncounted.succeeded ?? [])]
  const failed = [...(uncounted.failed ?? [])]
  const newIndexes: number[] = []
  const toRelease: Pod[] = []
  let changed = false
  let isFull = false
  for (const pod of turn.pods) {
    const { uid = '' } = pod.metadata
    if (!isTracked(pod) || turn.removed.has(uid)) continue
    const hasFailed = isPodFailed(pod, job)
    if (!mayRelease(turn, pod, hasFailed)) continue
    toRelease.push(pod)
    const index = validIndexOf(pod, job)
    const endsBadly = turn.finished !== undefined && turn.finished.type !== 'SuccessCriteriaMet'
    if (pod.status?.phase === 'Succeeded' && !turn.uncountedFailed.has(uid)) {
      if (isIndexed(job)) {
        if (index !== undefined && !hasIndex(turn.toldIndexes, index)) {
          newIndexes.push(index)
          changed = true
        }
      } else if (!turn.uncountedSucceeded.has(uid)) {
        succeeded.push(uid)
        changed = true
      }
    } else if ((hasFailed || endsBadly) && !turn.uncountedFailed.has(uid) && (!isIndexed(job) || index !== undefined)) {
      if (judgeFailure(job.spec.podFailurePolicy, pod).counts) {
        failed.push(uid)
        changed = true
      }
    }
    if (newIndexes.length + succeeded.length + failed.length >= maxUncounted) {
      isFull = true
      break
    }
  }
  status.uncountedTerminatedPods = {
    ...(succeeded.length === 0 ? {} : { succeeded }),
    ...(failed.length === 0 ? {} : { failed }),
  }
  return { toRelease, newIndexes, changed, isFull }
}

function mayRelease(turn: JobTurn, pod: Pod, hasFailed: boolean): boolean {
  const { job, finished, delayed } = turn
  if (job.metadata.deletionTimestamp !== undefined || finished || pod.status?.phase === 'Succeeded') return true
  if (!hasFailed) return false
  const index = indexOf(pod)
  return index === undefined || delayed.get(index)?.metadata.uid !== pod.metadata.uid
}

function showIndexes({ status, toldIndexes, failedIndexes }: JobTurn, added: readonly number[]): boolean {
  const succeeded = withIndexes(toldIndexes, added)
  const completed = formatIndexes(succeeded)
  const failed = failedIndexes && formatIndexes(failedIndexes)
  const changed = completed !== (status.completedIndexes ?? '') || failed !== status.failedIndexes
  status.succeeded = totalOf(succeeded)
  if (completed === '') delete status.completedIndexes
  else status.completedIndexes = completed
  if (failed === undefined) delete status.failedIndexes
  else status.failedIndexes = failed
  return changed
}

/** First the Job tells how it will end; it ends when its pods have. */
function showEnd(turn: JobTurn, now: number): boolean {
  const { finished, status } = turn
  if (finished?.type === 'FailureTarget') {
    status.conditions = [...(status.conditions ?? []), finished]
    turn.finished = jobCondition('Failed', 'True', finished.reason ?? '', finished.message ?? '', now)
    return true
  }
  if (finished?.type !== 'SuccessCriteriaMet') return false
  const isTold = conditionOf(status.conditions, 'SuccessCriteriaMet')?.status === 'True'
  if (!isTold) status.conditions = [...(status.conditions ?? []), finished]
  turn.finished = jobCondition('Complete', 'True', finished.reason ?? '', finished.message ?? '', now)
  return !isTold
}

async function removeFinalizers(
  pods: readonly Pod[],
  tracked: Set<string>,
  { expectRemoved, removeFinalizer, removalFailed }: TrackTools,
): Promise<unknown> {
  if (pods.length === 0) return undefined
  expectRemoved(pods)
  let failure: unknown
  await Promise.all(
    pods.map(async (pod) => {
      try {
        await removeFinalizer(pod)
      } catch (error) {
        removalFailed(pod)
        if (!isNotFound(error)) {
          failure ??= error
          return
        }
      }
      tracked.delete(pod.metadata.uid ?? '')
    }),
  )
  return failure
}

/** Ends the Job when everything is counted and no pod is left. */
function enactEnd({ finished, status, terminating }: JobTurn, now: number): boolean {
  if (!finished || terminating > 0) return false
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {}
  if (succeeded.length + failed.length > 0) return false
  const ended = jobCondition(finished.type, 'True', finished.reason ?? '', finished.message ?? '', now)
  status.conditions = [...(withJobCondition(status.conditions ?? [], ended) ?? status.conditions ?? [])]
  if (finished.type === 'Complete' && finished.lastTransitionTime !== undefined) {
    status.completionTime = finished.lastTransitionTime
  }
  return true
}
