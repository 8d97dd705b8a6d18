import type { Job, JobCondition } from '#api/batch/v1'
import type { Pod } from '#api/core/v1'
import { conditionOf } from '../common/meta/conditions.ts'
import { judgeFailure } from './failure-policy.ts'
import { totalOf } from './intervals.ts'
import { isIndexed, isPodFailed, isSuspended, jobCondition } from './state.ts'
import { metSuccessRule } from './success-policy.ts'
import type { JobTurn } from './turn.ts'

/** The condition that ends the Job, if something does. @param now milliseconds since 1970. */
export function endOf(turn: JobTurn, now: number): JobCondition | undefined {
  const { job, pods } = turn
  const told = (type: string): JobCondition | undefined => {
    const condition = conditionOf(job.status?.conditions, type)
    return condition?.status === 'True' ? condition : undefined
  }
  const fails = (reason: string, message: string): JobCondition =>
    jobCondition('FailureTarget', 'True', reason, message, now)
  const met = told('SuccessCriteriaMet')
  if (met) return met
  const target = told('FailureTarget')
  if (target) return jobCondition('Failed', 'True', target.reason ?? '', target.message ?? '', now)
  const byPolicy = policyFailure(job, pods)
  if (byPolicy !== undefined) return fails('PodFailurePolicy', byPolicy)
  if (turn.failed > (job.spec.backoffLimit ?? 6) || restartsExceeded(job, pods)) {
    return fails('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  }
  const left = deadlineMs(job, now, turn.status.startTime)
  if (left !== undefined && left <= 0) {
    return fails('DeadlineExceeded', 'Job was active longer than specified deadline')
  }
  return isIndexed(job) ? endByIndexes(turn, now, fails) : undefined
}

function endByIndexes(
  { job, failedIndexes, succeededIndexes }: JobTurn,
  now: number,
  fails: (reason: string, message: string) => JobCondition,
): JobCondition | undefined {
  const { completions = 0, maxFailedIndexes, successPolicy } = job.spec
  const failed = totalOf(failedIndexes ?? [])
  if (failedIndexes && maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
    return fails('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
  }
  if (failed > 0 && failed + totalOf(succeededIndexes) >= completions)
    return fails('FailedIndexes', 'Job has failed indexes')
  const rule = metSuccessRule(successPolicy, completions, succeededIndexes)
  return rule === undefined ? undefined : jobCondition('SuccessCriteriaMet', 'True', 'SuccessPolicy', rule, now)
}

/** Milliseconds that are left of the deadline; `undefined` when none runs. */
export function deadlineMs(job: Job, now: number, startTime: string | undefined): number | undefined {
  const { activeDeadlineSeconds } = job.spec
  if (activeDeadlineSeconds === undefined || startTime === undefined || isSuspended(job)) return undefined
  return Date.parse(startTime) + activeDeadlineSeconds * 1000 - now
}

function policyFailure(job: Job, pods: readonly Pod[]): string | undefined {
  const { podFailurePolicy } = job.spec
  if (!podFailurePolicy) return undefined
  for (const pod of pods) {
    if (!isPodFailed(pod, job)) continue
    const { message } = judgeFailure(podFailurePolicy, pod)
    if (message !== undefined) return message
  }
  return undefined
}

/** Pods that restart their containers themselves fail by how often they did. */
function restartsExceeded({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue
    for (const { restartCount } of status.initContainerStatuses ?? []) restarts += restartCount
    for (const { restartCount } of status.containerStatuses ?? []) restarts += restartCount
  }
  const limit = spec.backoffLimit ?? 6
  return limit === 0 ? restarts > 0 : restarts >= limit
}
