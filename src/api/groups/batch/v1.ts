import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of batch v1. */
export const batchV1: GroupVersionData = {
  group: 'batch',
  version: 'v1',
  priority: { group: 17400, version: 15 },
  definitionPrefix: 'io.k8s.api.batch.v1',
  goPackage: 'k8s.io/api/batch/v1',
  protoPackage: 'k8s.io.api.batch.v1',
  resources: {
    cronjobs: {
      kind: 'CronJob',
      singular: 'cronjob',
      shortNames: ['cj'],
      categories: ['all'],
      storageVersionHash: 'sd5LIXh4Fjs=',
      lifecycle: { introduced: '1.21' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    jobs: {
      kind: 'Job',
      singular: 'job',
      categories: ['all'],
      storageVersionHash: 'mudhfqk/qZY=',
      lifecycle: { introduced: '1.2' },
      fieldSelectors: ['status.successful'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    CronJob: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'CronJobSpec', required: true, emit: 'nonEmpty' },
        status: { id: 3, type: 'CronJobStatus' },
      },
    },
    CronJobSpec: {
      fields: {
        schedule: { id: 1, type: 'string', required: true, rules: { required: true } },
        timeZone: { id: 8, type: '*string' },
        startingDeadlineSeconds: { id: 2, type: '*int64' },
        concurrencyPolicy: {
          id: 3,
          type: 'string',
          goType: 'v1.ConcurrencyPolicy',
          enum: ['Allow', 'Forbid', 'Replace'],
        },
        suspend: { id: 4, type: '*bool' },
        jobTemplate: { id: 5, type: 'JobTemplateSpec', required: true },
        successfulJobsHistoryLimit: { id: 6, type: '*int32' },
        failedJobsHistoryLimit: { id: 7, type: '*int32' },
      },
    },
    CronJobStatus: {
      fields: {
        active: { id: 1, type: '[]core/v1.ObjectReference', listType: 'atomic' },
        lastScheduleTime: { id: 4, type: '*time' },
        lastSuccessfulTime: { id: 5, type: '*time' },
      },
    },
    Job: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'JobSpec' },
        status: { id: 3, type: 'JobStatus' },
      },
    },
    JobCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.JobConditionType',
          required: true,
          values: ['Suspended', 'Complete', 'Failed', 'FailureTarget', 'SuccessCriteriaMet'],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastProbeTime: { id: 3, type: 'time' },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    JobSpec: {
      fields: {
        parallelism: { id: 1, type: '*int32' },
        completions: { id: 2, type: '*int32' },
        activeDeadlineSeconds: { id: 3, type: '*int64' },
        podFailurePolicy: { id: 11, type: '*PodFailurePolicy' },
        successPolicy: { id: 16, type: '*SuccessPolicy' },
        backoffLimit: { id: 7, type: '*int32' },
        backoffLimitPerIndex: { id: 12, type: '*int32' },
        maxFailedIndexes: { id: 13, type: '*int32' },
        selector: { id: 4, type: '*meta/v1.LabelSelector' },
        manualSelector: { id: 5, type: '*bool' },
        template: { id: 6, type: 'core/v1.PodTemplateSpec', required: true },
        ttlSecondsAfterFinished: { id: 8, type: '*int32' },
        completionMode: { id: 9, type: '*string', goType: 'v1.CompletionMode', enum: ['Indexed', 'NonIndexed'] },
        suspend: { id: 10, type: '*bool' },
        podReplacementPolicy: {
          id: 14,
          type: '*string',
          goType: 'v1.PodReplacementPolicy',
          enum: ['Failed', 'TerminatingOrFailed'],
        },
        managedBy: { id: 15, type: '*string' },
      },
    },
    JobStatus: {
      fields: {
        conditions: { id: 1, type: '[]JobCondition', listType: 'atomic', patch: 'merge', mergeKey: 'type' },
        startTime: { id: 2, type: '*time' },
        completionTime: { id: 3, type: '*time' },
        active: { id: 4, type: 'int32' },
        succeeded: { id: 5, type: 'int32' },
        failed: { id: 6, type: 'int32' },
        terminating: { id: 11, type: '*int32' },
        completedIndexes: { id: 7, type: 'string' },
        failedIndexes: { id: 10, type: '*string' },
        uncountedTerminatedPods: { id: 8, type: '*UncountedTerminatedPods' },
        ready: { id: 9, type: '*int32' },
      },
    },
    JobTemplateSpec: {
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'JobSpec' },
      },
    },
    PodFailurePolicy: {
      fields: {
        rules: { id: 1, type: '[]PodFailurePolicyRule', required: true, listType: 'atomic' },
      },
    },
    PodFailurePolicyOnExitCodesRequirement: {
      fields: {
        containerName: { id: 1, type: '*string' },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.PodFailurePolicyOnExitCodesOperator',
          required: true,
          enum: ['In', 'NotIn'],
        },
        values: { id: 3, type: '[]int32', required: true, listType: 'set' },
      },
    },
    PodFailurePolicyOnPodConditionsPattern: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.PodConditionType',
          required: true,
          values: [
            'ContainersReady',
            'Initialized',
            'Ready',
            'PodScheduled',
            'DisruptionTarget',
            'PodReadyToStartContainers',
            'PodResizePending',
            'PodResizeInProgress',
            'AllContainersRestarting',
          ],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          emit: 'always',
          values: ['True', 'False', 'Unknown'],
        },
      },
    },
    PodFailurePolicyRule: {
      fields: {
        action: {
          id: 1,
          type: 'string',
          goType: 'v1.PodFailurePolicyAction',
          required: true,
          enum: ['Count', 'FailIndex', 'FailJob', 'Ignore'],
        },
        onExitCodes: { id: 2, type: '*PodFailurePolicyOnExitCodesRequirement' },
        onPodConditions: { id: 3, type: '[]PodFailurePolicyOnPodConditionsPattern', listType: 'atomic' },
      },
    },
    SuccessPolicy: {
      fields: {
        rules: { id: 1, type: '[]SuccessPolicyRule', required: true, listType: 'atomic' },
      },
    },
    SuccessPolicyRule: {
      fields: {
        succeededIndexes: { id: 1, type: '*string' },
        succeededCount: { id: 2, type: '*int32' },
      },
    },
    UncountedTerminatedPods: {
      fields: {
        succeeded: { id: 1, type: '[]string', goType: '[]types.UID', listType: 'set' },
        failed: { id: 2, type: '[]string', goType: '[]types.UID', listType: 'set' },
      },
    },
  },
}
