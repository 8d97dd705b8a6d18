import type { Draft } from '#api'
import type { CronJob } from '#api/batch/v1'
import { excludeFields, Path } from '#machinery'
import type { KubeObject } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { warningsForPodOwnerName } from '../../common/names.ts'
import { dropDisabledTemplateFields } from '../../core/pod-spec/index.ts'
import { warningsForJobSpec } from '../jobs/warnings.ts'
import { validateCronJob, validateCronJobUpdate } from './validation.ts'

const jobSpec = Path.of('spec', 'jobTemplate', 'spec')

export const cronJobStrategy: Strategy = strategy<CronJob>({
  prepareForCreate(draft) {
    startGeneration(draft)
    dropDisabledTemplateFields(draft.spec.jobTemplate.spec?.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.spec.jobTemplate.spec?.template, old.spec.jobTemplate.spec?.template)
    raiseGenerationWithSpec(draft, old)
  },
  validate: validateCronJob,
  validateUpdate: validateCronJobUpdate,
  warningsOnCreate: (cronJob) => [...warningsForPodOwnerName(cronJob), ...warningsForTemplate(cronJob)],
  warningsOnUpdate: (cronJob, old) => [
    ...(cronJob.metadata.generation === old.metadata.generation ? [] : warningsForTemplate(cronJob)),
    ...(cronJob.spec.schedule.includes('TZ') ? [zoneInSchedule] : []),
  ],
})

const zoneInSchedule =
  'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details'

function warningsForTemplate({ spec }: CronJob): readonly string[] {
  return spec.jobTemplate.spec ? warningsForJobSpec(spec.jobTemplate.spec, jobSpec) : []
}

export const cronJobStatusRules: UpdateRules<KubeObject> = strategy<CronJob>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<CronJob>['spec']
  },
  resetFields: excludeFields(['spec']),
})
