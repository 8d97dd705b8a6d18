import type { Draft } from '#api'
import type { CronJob } from '#api/batch/v1'
import { defaultJobTemplate } from '../jobs/defaults.ts'

/** Jobs may overlap; three that succeeded are kept and one that failed. */
export function defaultCronJob({ spec }: Draft<CronJob>): void {
  spec.concurrencyPolicy ||= 'Allow'
  spec.suspend ??= false
  spec.successfulJobsHistoryLimit ??= 3
  spec.failedJobsHistoryLimit ??= 1
  if (spec.jobTemplate.spec) defaultJobTemplate(spec.jobTemplate.spec)
}
