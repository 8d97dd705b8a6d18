import type { CronJob, CronJobSpec, JobTemplateSpec } from '#api/batch/v1'
import { byteLength, invalidValue, nameIsDNSSubdomain, notSupported, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { shownSelector } from '../../common/selectors.ts'
import { nonnegative } from '../../common/values.ts'
import { validateCommonJobSpec } from '../jobs/spec.ts'
import { scheduleProblem } from './schedule.ts'
import { validateTimeZone } from './time-zone.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')

/** The time of a job is added to its name: a dash and ten digits. */
const maxName = 52

export function validateCronJob(cronJob: CronJob): readonly FieldError[] {
  const { name = '' } = cronJob.metadata
  const errors = [
    ...validateObjectMeta(cronJob.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(cronJob.spec, undefined),
  ]
  if (byteLength(name) > maxName)
    errors.push(invalidValue(metadata.child('name'), name, `must be no more than ${maxName} characters`))
  return errors
}

export function validateCronJobUpdate(cronJob: CronJob, old: CronJob): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(cronJob.metadata, old.metadata, metadata),
    ...validateSpec(cronJob.spec, old.spec),
  ]
}

function validateSpec(wanted: CronJobSpec, old: CronJobSpec | undefined): readonly FieldError[] {
  return [
    ...validateSchedule(wanted, old),
    ...nonnegative(spec.child('startingDeadlineSeconds'), wanted.startingDeadlineSeconds),
    ...(old && old.timeZone === wanted.timeZone ? [] : validateTimeZone(wanted.timeZone, spec.child('timeZone'))),
    ...validateConcurrencyPolicy(wanted.concurrencyPolicy ?? '', spec.child('concurrencyPolicy')),
    ...validateJobTemplate(wanted.jobTemplate, old?.jobTemplate, spec.child('jobTemplate')),
    ...nonnegative(spec.child('successfulJobsHistoryLimit'), wanted.successfulJobsHistoryLimit),
    ...nonnegative(spec.child('failedJobsHistoryLimit'), wanted.failedJobsHistoryLimit),
  ]
}

/** Schedules can't name a time zone, but for those that always did. */
function validateSchedule({ schedule, timeZone }: CronJobSpec, old: CronJobSpec | undefined): readonly FieldError[] {
  const at = spec.child('schedule')
  if (schedule === '') return [required(at)]
  const problem = scheduleProblem(schedule)
  const errors = problem === undefined ? [] : [invalidValue(at, schedule, problem)]
  if (!schedule.includes('TZ')) return errors
  if (!(old?.schedule ?? '').includes('TZ')) {
    const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
    errors.push(invalidValue(at, schedule, why))
  } else if (timeZone !== undefined) {
    const why = 'cannot use both timeZone field and TZ or CRON_TZ in schedule'
    errors.push(invalidValue(at, schedule, why))
  }
  return errors
}

const policies = ['Allow', 'Forbid', 'Replace']

function validateConcurrencyPolicy(policy: string, at: Path): readonly FieldError[] {
  if (policy === '') return [required(at)]
  return policies.includes(policy) ? [] : [notSupported(at, policy, policies)]
}

function validateJobTemplate(
  { spec: job }: JobTemplateSpec,
  old: JobTemplateSpec | undefined,
  at: Path,
): readonly FieldError[] {
  if (!job) return []
  const path = at.child('spec')
  const errors = [...validateCommonJobSpec(job, old?.spec?.template, path)]
  if (job.selector)
    errors.push(invalidValue(path.child('selector'), shownSelector(job.selector), '`selector` will be auto-generated'))
  if (job.manualSelector === true)
    errors.push(notSupported(path.child('manualSelector'), job.manualSelector, ['nil', 'false']))
  return errors
}
