import type { CronJob, Job } from '#api/batch/v1'
import { defaults } from '../../resource/registration.ts'
import type { ResourceRegistration } from '../../resource/registration.ts'
import { cronJobColumns } from './cronjobs/columns.ts'
import { defaultCronJob } from './cronjobs/defaults.ts'
import { cronJobStatusRules, cronJobStrategy } from './cronjobs/strategy.ts'
import { jobColumns } from './jobs/columns.ts'
import { defaultJob } from './jobs/defaults.ts'
import { jobStatusRules, jobStrategy } from './jobs/strategy.ts'

const place = 'batch/v1'

export const batchRegistrations: readonly ResourceRegistration[] = [
  {
    place,
    plural: 'cronjobs',
    strategy: cronJobStrategy,
    defaults: defaults<CronJob>(defaultCronJob),
    columns: cronJobColumns,
    updates: { status: cronJobStatusRules },
  },
  {
    place,
    plural: 'jobs',
    strategy: jobStrategy,
    defaults: defaults<Job>(defaultJob),
    columns: jobColumns,
    updates: { status: jobStatusRules },
  },
]
