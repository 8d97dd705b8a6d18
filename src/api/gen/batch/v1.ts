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
  readonly startingDeadlineSeconds?: number
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace'
  readonly suspend?: boolean
  readonly jobTemplate: JobTemplateSpec
  readonly successfulJobsHistoryLimit?: number
  readonly failedJobsHistoryLimit?: number
}

export type CronJobStatus = {
  readonly active?: readonly corev1.ObjectReference[]
  readonly lastScheduleTime?: string
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
  readonly lastProbeTime?: string
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type JobSpec = {
  readonly parallelism?: number
  readonly completions?: number
  readonly activeDeadlineSeconds?: number
  readonly podFailurePolicy?: PodFailurePolicy
  readonly successPolicy?: SuccessPolicy
  readonly backoffLimit?: number
  readonly backoffLimitPerIndex?: number
  readonly maxFailedIndexes?: number
  readonly selector?: metav1.LabelSelector
  readonly manualSelector?: boolean
  readonly template: corev1.PodTemplateSpec
  readonly ttlSecondsAfterFinished?: number
  readonly completionMode?: 'Indexed' | 'NonIndexed'
  readonly suspend?: boolean
  readonly podReplacementPolicy?: 'Failed' | 'TerminatingOrFailed'
  readonly managedBy?: string
}

export type JobStatus = {
  readonly conditions?: readonly JobCondition[]
  readonly startTime?: string
  readonly completionTime?: string
  readonly active?: number
  readonly succeeded?: number
  readonly failed?: number
  readonly terminating?: number
  readonly completedIndexes?: string
  readonly failedIndexes?: string
  readonly uncountedTerminatedPods?: UncountedTerminatedPods
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
  readonly succeededCount?: number
}

export type UncountedTerminatedPods = {
  readonly succeeded?: readonly string[]
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

export const cronjobs: Resource<CronJob> = { group: 'batch', version: 'v1', plural: 'cronjobs', kind: 'CronJob', namespaced: true }

export const jobs: Resource<Job> = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true }
