import type { Draft } from '#api'
import type { Job, JobCondition, JobStatus } from '#api/batch/v1'
import type { Pod } from '#api/core/v1'
import { isPodActive, isPodReady, isPodTerminating } from '../common/pods/state.ts'
import { finishedAt, nextRecord } from './backoff.ts'
import type { BackoffRecord } from './backoff.ts'
import { judgeFailure } from './failure-policy.ts'
import { hasIndex, parseIndexes, totalOf, withIndexes } from './intervals.ts'
import type { Intervals } from './intervals.ts'
import {
  absoluteFailureCount,
  failureCount,
  hasLimitPerIndex,
  indexOf,
  isIndexed,
  isPodFailed,
  isTracked,
  validIndexOf,
} from './state.ts'

export interface TurnInput {
  readonly key: string
  readonly job: Job
  /** Pods of the Job. */
  readonly pods: readonly Pod[]
  /** UIDs of pods whose finalizer was taken away already. */
  readonly removed: ReadonlySet<string>
  readonly backoff: BackoffRecord
}

/** What one turn of work on a Job knows and has done. */
export class JobTurn {
  readonly key: string
  readonly removed: ReadonlySet<string>
  readonly pods: readonly Pod[]
  readonly active: readonly Pod[]
  readonly uncountedSucceeded: ReadonlySet<string>
  readonly uncountedFailed: ReadonlySet<string>
  readonly backoff: BackoffRecord
  /** Indexes that the status told as succeeded, and those that have by now. */
  readonly toldIndexes: Intervals
  readonly succeededIndexes: Intervals
  /** `undefined` for Jobs without a limit for each index. */
  readonly failedIndexes: Intervals | undefined
  /** Failed pods that are kept until they are replaced, for they remember how often their index failed. */
  readonly delayed: ReadonlyMap<number, Pod>
  readonly succeeded: number
  readonly failed: number
  job: Job
  status: Draft<JobStatus>
  activeCount: number
  ready: number
  terminating: number
  finished: JobCondition | undefined

  constructor({ key, job, pods, removed, backoff }: TurnInput) {
    this.key = key
    this.job = job
    this.removed = removed
    this.pods = isIndexed(job) ? pods.toSorted((a, b) => (indexOf(a) ?? -1) - (indexOf(b) ?? -1)) : pods
    this.status = structuredCloneOf(job.status ?? {})
    const uncounted = job.status?.uncountedTerminatedPods ?? {}
    this.status.uncountedTerminatedPods ??= {}
    this.uncountedSucceeded = new Set(uncounted.succeeded ?? [])
    this.uncountedFailed = new Set(uncounted.failed ?? [])
    this.active = pods.filter(isPodActive)
    this.activeCount = this.active.length
    this.ready = this.active.filter(isPodReady).length
    this.terminating = pods.filter(isPodTerminating).length
    const succeeded = this.#newlyEnded(this.uncountedSucceeded, ({ status }) => status?.phase === 'Succeeded')
    const failed = this.#newlyEnded(this.uncountedFailed, (pod) => isPodFailed(pod, job))
    this.backoff = nextRecord(backoff, succeeded, failed)
    const counting = failed.filter((pod) => judgeFailure(job.spec.podFailurePolicy, pod).counts)
    this.failed = (job.status?.failed ?? 0) + counting.length + this.uncountedFailed.size
    const completions = job.spec.completions ?? 0
    this.toldIndexes = isIndexed(job) ? parseIndexes(job.status?.completedIndexes ?? '', completions) : []
    this.succeededIndexes = isIndexed(job) ? withIndexes(this.toldIndexes, this.#indexes(hasSucceeded)) : []
    this.succeeded = isIndexed(job)
      ? totalOf(this.succeededIndexes)
      : (job.status?.succeeded ?? 0) + succeeded.length + this.uncountedSucceeded.size
    this.failedIndexes =
      isIndexed(job) && hasLimitPerIndex(job)
        ? withIndexes(
            parseIndexes(job.status?.failedIndexes ?? '', completions),
            this.#indexes((pod) => isIndexFailed(pod, job)),
          )
        : undefined
    this.delayed = this.failedIndexes ? this.#delayedPods(this.failedIndexes) : new Map()
  }

  /** Pods that ended and are in no count yet. */
  #newlyEnded(uncounted: ReadonlySet<string>, filter: (pod: Pod) => boolean): readonly Pod[] {
    return this.pods.filter((pod) => {
      const { uid = '' } = pod.metadata
      if (!isTracked(pod) || uncounted.has(uid) || this.removed.has(uid)) return false
      if (isIndexed(this.job) && validIndexOf(pod, this.job) === undefined) return false
      return filter(pod)
    })
  }

  *#indexes(filter: (pod: Pod) => boolean): Generator<number, void> {
    for (const pod of this.pods) {
      const index = validIndexOf(pod, this.job)
      if (index !== undefined && isTracked(pod) && filter(pod)) yield index
    }
  }

  #delayedPods(failedIndexes: Intervals): ReadonlyMap<number, Pod> {
    const active = indexesOf(this.active)
    const delayed = new Map<number, Pod>()
    for (const pod of this.#newlyEnded(new Set(), (each) => isPodFailed(each, this.job))) {
      const index = indexOf(pod) ?? 0
      if (active.has(index) || hasIndex(this.succeededIndexes, index) || hasIndex(failedIndexes, index)) continue
      const last = delayed.get(index)
      const later =
        !last || (absoluteFailureCount(last) <= absoluteFailureCount(pod) && finishedAt(pod) >= finishedAt(last))
      if (later) delayed.set(index, pod)
    }
    return delayed
  }
}

const hasSucceeded = ({ status }: Pod): boolean => status?.phase === 'Succeeded'

export function indexesOf(pods: readonly Pod[]): Set<number> {
  return new Set(pods.map(indexOf).filter((index) => index !== undefined))
}

function isIndexFailed(pod: Pod, job: Job): boolean {
  if (!isPodFailed(pod, job)) return false
  const { counts, action } = judgeFailure(job.spec.podFailurePolicy, pod)
  return action === 'FailIndex' || (counts && failureCount(pod) >= (job.spec.backoffLimitPerIndex ?? 0))
}

/** A status of one's own, with lists of one's own. */
function structuredCloneOf(status: JobStatus): Draft<JobStatus> {
  const { conditions, uncountedTerminatedPods: uncounted, ...others } = status
  return {
    ...others,
    ...(conditions ? { conditions: [...conditions] } : {}),
    ...(uncounted
      ? {
          uncountedTerminatedPods: {
            ...(uncounted.succeeded ? { succeeded: [...uncounted.succeeded] } : {}),
            ...(uncounted.failed ? { failed: [...uncounted.failed] } : {}),
          },
        }
      : {}),
  }
}
