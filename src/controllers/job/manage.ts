import { messageOf, Turns } from '#base'
import type { Clock } from '#base'
import { jobs } from '#api/batch/v1'
import type { Job } from '#api/batch/v1'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { slowStartBatch } from '#client'
import type { Client, Expectations } from '#client'
import { isNamespaceTerminating, isNotFound, keyOf } from '#machinery'
import type { OwnWrites } from '../common/meta/consistency.ts'
import type { PodControl } from '../common/pods/pod-control.ts'
import { podFromTemplate } from '../common/pods/pod-control.ts'
import { isPodReady, isPodTerminating } from '../common/pods/state.ts'
import { remainingMs, remainingMsOfIndex } from './backoff.ts'
import { freeIndexes, mergeIntervals, withIndexes } from './intervals.ts'
import { podsToRemove } from './removal.ts'
import { hasLimitPerIndex, isIndexed, isSuspended, isTracked, replacesFailedOnly, trackingFinalizer } from './state.ts'
import { indexNamePrefix, templateOfIndex, trackedTemplate } from './templates.ts'
import { indexesOf } from './turn.ts'
import type { JobTurn } from './turn.ts'

/** Pods that are created or deleted in one turn at most. */
const burst = 500

export interface ManageTools {
  readonly client: Client
  readonly clock: Clock
  readonly podControl: PodControl<Job>
  readonly expectations: Expectations
  readonly writes: OwnWrites
}

/**
 * Makes the number of active pods right; counts of the turn follow what was done.
 *
 * @returns milliseconds after which to look again, when pods have to wait for their back-off. @throws what failed first.
 */
export async function managePods(turn: JobTurn, tools: ManageTools): Promise<number | undefined> {
  const { job } = turn
  const wanted = isSuspended(job) ? 0 : wantedActive(turn)
  const doomed = podsToRemove(job, turn.active, Math.max(0, turn.activeCount - wanted))
  if (isSuspended(job) || doomed.length > 0) {
    await deletePods(turn, isSuspended(job) ? doomed : doomed.slice(0, burst), tools)
    return undefined
  }
  const terminating = replacesFailedOnly(job) ? turn.terminating : 0
  const missing = Math.min(wanted - terminating - turn.activeCount, burst)
  return missing > 0 ? createPods(turn, missing, tools) : undefined
}

function wantedActive({ job, succeeded, activeCount }: JobTurn): number {
  const { completions, parallelism = 1 } = job.spec
  // Without a number the first success tells that the work is done: nobody new begins.
  if (completions === undefined) return succeeded > 0 ? activeCount : parallelism
  return Math.max(0, Math.min(completions - succeeded, parallelism))
}

async function deletePods(turn: JobTurn, doomed: readonly Pod[], tools: ManageTools): Promise<void> {
  const { key, job } = turn
  const { expectations, podControl } = tools
  expectations.expectDeletions(key, doomed.map(keyOf))
  const failures: unknown[] = []
  await Promise.all(
    doomed.map(async (pod) => {
      let gone = true
      try {
        await removeTracking(tools.client, pod, { unchanged: true })
        if ((await podControl.delete(job, pod)) !== 'told') expectations.deletionObserved(key, keyOf(pod))
      } catch (error) {
        expectations.deletionObserved(key, keyOf(pod))
        if (!isNotFound(error)) {
          failures.push(error)
          gone = false
        }
      }
      if (gone) noteDeletion(turn, pod)
    }),
  )
  if (failures.length > 0) throw failures[0]
}

/** Deletes active pods of a Job that is over; they are still counted. @returns whether all went. */
export async function deleteActivePods(
  turn: JobTurn,
  { podControl }: ManageTools,
): Promise<{
  readonly all: boolean
  readonly error: unknown
}> {
  let error: unknown
  let all = true
  await Promise.all(
    turn.active.map(async (pod) => {
      try {
        await podControl.delete(turn.job, pod)
      } catch (failure) {
        all = false
        error ??= failure
        return
      }
      noteDeletion(turn, pod)
    }),
  )
  return { all, error }
}

/** Whoever counts ready pods must count them as active, or the API server refuses the status. */
function noteDeletion(turn: JobTurn, pod: Pod): void {
  turn.activeCount--
  turn.terminating++
  if (isPodReady(pod)) turn.ready--
}

async function createPods(turn: JobTurn, missing: number, tools: ManageTools): Promise<number | undefined> {
  const { job, key } = turn
  const { clock, expectations, podControl, writes } = tools
  const wait = hasLimitPerIndex(job) ? 0 : remainingMs(turn.backoff, clock.now())
  if (wait > 0) return wait
  let count = missing
  let indexes: readonly number[] | undefined
  if (isIndexed(job)) {
    const pending = pendingIndexes(turn, missing)
    const ready = readyIndexes(turn, pending, clock.now())
    if (typeof ready === 'number') return ready
    indexes = ready
    count = ready.length
  }
  expectations.expectCreations(key, count)
  const template = trackedTemplate(job)
  const { successes, error } = await slowStartBatch(
    count,
    1,
    async (i) => {
      const index = indexes?.[i]
      const pod =
        index === undefined
          ? podFromTemplate(template, job, jobs)
          : podFromTemplate(templateOfIndex(template, job, index, turn.delayed.get(index)), job, jobs, {
              generateName: indexNamePrefix(job, index),
            })
      try {
        writes.wrote(key, pods, await podControl.create(job, pod))
      } catch (failure) {
        if (!isNamespaceTerminating(failure)) throw failure
      }
    },
    new Turns(clock),
  )
  turn.activeCount += successes
  expectations.lower(key, count - successes, 0)
  if (error !== undefined) throw error
  return undefined
}

function pendingIndexes(turn: JobTurn, count: number): number[] {
  const { job, succeededIndexes, failedIndexes = [] } = turn
  let taken = withIndexes(succeededIndexes, indexesOf(turn.active))
  if (replacesFailedOnly(job)) taken = withIndexes(taken, indexesOf(turn.pods.filter(isPodTerminating)))
  return freeIndexes(mergeIntervals(taken, failedIndexes), count, job.spec.completions ?? 0)
}

/** Indexes whose back-off is over, or the milliseconds until the first is. */
function readyIndexes(turn: JobTurn, pending: readonly number[], now: number): readonly number[] | number {
  if (!hasLimitPerIndex(turn.job)) return pending
  const ready: number[] = []
  let wait = Infinity
  for (const index of pending) {
    const left = remainingMsOfIndex(turn.delayed.get(index), now)
    if (left === 0) ready.push(index)
    else wait = Math.min(wait, left)
  }
  return ready.length === 0 && wait < Infinity ? wait : ready
}

/**
 * Lets a pod go that needs not be counted.
 *
 * @param options `unchanged`: only as it is known here, for it may have succeeded meanwhile. @throws Conflict if it has
 */
export async function removeTracking(
  client: Client,
  pod: Pod,
  { unchanged = false }: { readonly unchanged?: boolean } = {},
): Promise<void> {
  if (!isTracked(pod)) return
  const { namespace = '', name = '', resourceVersion } = pod.metadata
  const only = unchanged && resourceVersion !== undefined ? { resourceVersion } : {}
  const patch = { metadata: { ...only, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } }
  try {
    await client.patch(pods, { namespace, name }, { type: 'strategic', patch })
  } catch (error) {
    if (isNotFound(error)) throw error
    throw new Error(`removing completion finalizer: ${messageOf(error)}`, { cause: error })
  }
}
