// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'

export type CronJob = {
  readonly kind?: 'CronJob'
  readonly apiVersion?: 'batch/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: CronJobSpec
  readonly status?: CronJobStatus
}

export type CronJobSpec = {
  readonly schedule: string
  readonly timeZone?: string
  /** Whole number (int64). */
  readonly startingDeadlineSeconds?: number
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace'
  readonly suspend?: boolean
  readonly jobTemplate: JobTemplateSpec
  /** Whole number (int32). */
  readonly successfulJobsHistoryLimit?: number
  /** Whole number (int32). */
  readonly failedJobsHistoryLimit?: number
}

export type CronJobStatus = {
  readonly active?: readonly corev1.ObjectReference[]
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastScheduleTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastSuccessfulTime?: string
}

export type Job = {
  readonly kind?: 'Job'
  readonly apiVersion?: 'batch/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: JobSpec
  readonly status?: JobStatus
}

export type JobCondition = {
  readonly type: 'Suspended' | 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastProbeTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type JobSpec = {
  /** Whole number (int32). */
  readonly parallelism?: number
  /** Whole number (int32). */
  readonly completions?: number
  /** Whole number (int64). */
  readonly activeDeadlineSeconds?: number
  readonly podFailurePolicy?: PodFailurePolicy
  readonly successPolicy?: SuccessPolicy
  /** Whole number (int32). */
  readonly backoffLimit?: number
  /** Whole number (int32). */
  readonly backoffLimitPerIndex?: number
  /** Whole number (int32). */
  readonly maxFailedIndexes?: number
  readonly selector?: metav1.LabelSelector
  readonly manualSelector?: boolean
  readonly template: corev1.PodTemplateSpec
  /** Whole number (int32). */
  readonly ttlSecondsAfterFinished?: number
  readonly completionMode?: 'Indexed' | 'NonIndexed'
  readonly suspend?: boolean
  readonly podReplacementPolicy?: 'Failed' | 'TerminatingOrFailed'
  readonly managedBy?: string
}

export type JobStatus = {
  readonly conditions?: readonly JobCondition[]
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly startTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly completionTime?: string
  /** Whole number (int32). */
  readonly active?: number
  /** Whole number (int32). */
  readonly succeeded?: number
  /** Whole number (int32). */
  readonly failed?: number
  /** Whole number (int32). */
  readonly terminating?: number
  readonly completedIndexes?: string
  readonly failedIndexes?: string
  readonly uncountedTerminatedPods?: UncountedTerminatedPods
  /** Whole number (int32). */
  readonly ready?: number
}

export type JobTemplateSpec = {
  readonly metadata?: metav1.ObjectMeta
  readonly spec?: JobSpec
}

export type PodFailurePolicy = {
  readonly rules: readonly PodFailurePolicyRule[]
}

export type PodFailurePolicyOnExitCodesRequirement = {
  readonly containerName?: string
  readonly operator: 'In' | 'NotIn'
  /** Whole number (int32). No item stands twice. */
  readonly values: readonly number[]
}

export type PodFailurePolicyOnPodConditionsPattern = {
  readonly type: 'ContainersReady' | 'Initialized' | 'Ready' | 'PodScheduled' | 'DisruptionTarget' | 'PodReadyToStartContainers' | 'PodResizePending' | 'PodResizeInProgress' | 'AllContainersRestarting' | (string & {})
  readonly status?: 'True' | 'False' | 'Unknown' | (string & {})
}

export type PodFailurePolicyRule = {
  readonly action: 'Count' | 'FailIndex' | 'FailJob' | 'Ignore'
  readonly onExitCodes?: PodFailurePolicyOnExitCodesRequirement
  readonly onPodConditions?: readonly PodFailurePolicyOnPodConditionsPattern[]
}

export type SuccessPolicy = {
  readonly rules: readonly SuccessPolicyRule[]
}

export type SuccessPolicyRule = {
  readonly succeededIndexes?: string
  /** Whole number (int32). */
  readonly succeededCount?: number
}

export type UncountedTerminatedPods = {
  /** No item stands twice. */
  readonly succeeded?: readonly string[]
  /** No item stands twice. */
  readonly failed?: readonly string[]
}

export type CronJobList = {
  readonly kind?: 'CronJobList'
  readonly apiVersion?: 'batch/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly CronJob[]
}

export type JobList = {
  readonly kind?: 'JobList'
  readonly apiVersion?: 'batch/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Job[]
}

/** CronJob, in namespaces. Short: `cj`. Subresources: `status`. */
export const cronjobs: Resource<CronJob> = { group: 'batch', version: 'v1', plural: 'cronjobs', kind: 'CronJob', namespaced: true }

/** Job, in namespaces. Subresources: `status`. */
export const jobs: Resource<Job> = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true }
