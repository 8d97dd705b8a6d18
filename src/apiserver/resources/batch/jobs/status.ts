import type { Job, JobCondition, JobStatus } from '#api/batch/v1'
import { semanticEqual } from '#base'
import { duplicate, invalidValue, omitted, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { goValue } from '../../common/go-value.ts'
import { nonnegative } from '../../common/values.ts'
import { isFalse, isFinished, isTrue } from './conditions.ts'
import { validateIndexes } from './status-indexes.ts'
import { validateObjectMetaUpdate } from '../../metadata.ts'

const at = Path.of('status')
const conditions = at.child('conditions')

/** A rule applies where something it speaks of changed: jobs of before the rule may go on. */
export function validateJobStatusUpdate(job: Job, old: Job): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(job.metadata, old.metadata, Path.of('metadata')),
    ...validateCounters(job.status ?? {}),
    ...validateEnd(job, old),
    ...validateIndexes(job, old),
    ...validatePods(job, old),
    ...validateSuccessCriteria(job),
    ...validateTransition(job, old),
  ]
}

function validateCounters(status: JobStatus): readonly FieldError[] {
  const errors = (['active', 'succeeded', 'failed', 'ready', 'terminating'] as const).flatMap((name) =>
    nonnegative(at.child(name), status[name]),
  )
  const seen = new Set<string>()
  for (const list of ['succeeded', 'failed'] as const) {
    for (const [index, uid] of (status.uncountedTerminatedPods?.[list] ?? []).entries()) {
      const path = at.child('uncountedTerminatedPods', list).index(index)
      if (uid === '') errors.push(invalidValue(path, uid, 'must not be empty'))
      else if (seen.has(uid)) errors.push(duplicate(path, uid))
      seen.add(uid)
    }
  }
  return errors
}

type Comparison = (type: JobCondition['type']) => boolean

const changes =
  (job: Job, old: Job): Comparison =>
  (type) =>
    isTrue(job.status?.conditions, type) !== isTrue(old.status?.conditions, type)

const misset = (why: string): FieldError => invalidValue(conditions, omitted, why)

/** What goes with the conditions that tell of the end, and with its times. */
function validateEnd(job: Job, old: Job): readonly FieldError[] {
  const { status = {}, spec } = job
  const is = (type: JobCondition['type']): boolean => isTrue(status.conditions, type)
  const changed = changes(job, old)
  const { startTime, completionTime, uncountedTerminatedPods: uncounted, active = 0 } = status
  const startChanged = startTime !== old.status?.startTime
  const completionChanged = completionTime !== old.status?.completionTime
  const finishedChanged = isFinished(job) !== isFinished(old)
  const complete = is('Complete')
  const errors: FieldError[] = []
  if ((changed('Complete') || changed('Failed')) && complete && is('Failed'))
    errors.push(misset('cannot set Complete=True and Failed=true conditions'))
  if ((changed('Complete') || changed('FailureTarget')) && complete && is('FailureTarget'))
    errors.push(misset('cannot set Complete=True and FailureTarget=true conditions'))
  const atCompletion = at.child('completionTime')
  if (changed('Complete') || completionChanged) {
    if (completionTime !== undefined && !complete) {
      const why = 'cannot set completionTime when there is no Complete=True condition'
      errors.push(invalidValue(atCompletion, completionTime, why))
    }
    if (completionTime === undefined && complete)
      errors.push(required(atCompletion, 'completionTime is required for Complete jobs'))
  }
  if ((startChanged || completionChanged) && startTime !== undefined && completionTime !== undefined) {
    if (Date.parse(completionTime) < Date.parse(startTime))
      errors.push(invalidValue(atCompletion, completionTime, 'must be equal to or after `startTime`'))
  }
  const failedChanged = changed('Failed') || status.failedIndexes !== old.status?.failedIndexes
  if (failedChanged && is('Failed') && !is('FailureTarget'))
    errors.push(misset('cannot set Failed=True condition without the FailureTarget=true condition'))
  if ((changed('Complete') || changed('SuccessCriteriaMet')) && complete && !is('SuccessCriteriaMet'))
    errors.push(misset('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'))
  if (!isFinished(job)) return errors
  if ((finishedChanged || active !== (old.status?.active ?? 0)) && active > 0)
    errors.push(invalidValue(at.child('active'), active, 'active>0 is invalid for finished job'))
  const idle = spec.suspend === true && spec.completions === 0
  if ((finishedChanged || startChanged) && !idle && startTime === undefined)
    errors.push(required(at.child('startTime'), 'startTime is required for finished job'))
  const count = (uncounted?.succeeded ?? []).length + (uncounted?.failed ?? []).length
  if ((finishedChanged || !semanticEqual(uncounted, old.status?.uncountedTerminatedPods)) && count > 0) {
    const shown = goValue('batch/v1.UncountedTerminatedPods', uncounted)
    errors.push(invalidValue(at.child('uncountedTerminatedPods'), shown, 'must be empty for finished job'))
  }
  return errors
}

function validatePods(job: Job, old: Job): readonly FieldError[] {
  const { ready, terminating, active = 0 } = job.status ?? {}
  const errors: FieldError[] = []
  const terminatingChanged = terminating !== old.status?.terminating || isFinished(job) !== isFinished(old)
  if (terminatingChanged && (terminating ?? 0) > 0 && isFinished(job))
    errors.push(invalidValue(at.child('terminating'), terminating, 'terminating>0 is invalid for finished job'))
  const readyChanged = ready !== old.status?.ready || active !== (old.status?.active ?? 0)
  if (readyChanged && ready !== undefined && ready > active)
    errors.push(invalidValue(at.child('ready'), ready, 'cannot set more ready pods than active'))
  return errors
}

function validateSuccessCriteria({ status, spec }: Job): readonly FieldError[] {
  const is = (type: JobCondition['type']): boolean => isTrue(status?.conditions, type)
  const met = is('SuccessCriteriaMet')
  const errors: FieldError[] = []
  if (met && is('Failed')) errors.push(misset('cannot set SuccessCriteriaMet=True and Failed=true conditions'))
  if (met && is('FailureTarget'))
    errors.push(misset('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'))
  if (spec.successPolicy && !met && is('Complete'))
    errors.push(misset('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'))
  return errors
}

/** What was said once can't be taken back. */
function validateTransition(job: Job, old: Job): readonly FieldError[] {
  const now = job.status ?? {}
  const before = old.status ?? {}
  const lost = (type: JobCondition['type']): boolean => isTrue(before.conditions, type) && !isTrue(now.conditions, type)
  const errors: FieldError[] = []
  for (const type of ['Failed', 'Complete', 'FailureTarget'] as const) {
    if (lost(type)) errors.push(misset(`cannot disable the terminal ${type}=True condition`))
  }
  if ((now.failed ?? 0) < (before.failed ?? 0))
    errors.push(invalidValue(at.child('failed'), now.failed ?? 0, 'cannot decrease the failed counter'))
  const elastic = job.spec.completionMode === 'Indexed' && job.spec.completions === job.spec.parallelism
  if (!elastic && (now.succeeded ?? 0) < (before.succeeded ?? 0))
    errors.push(invalidValue(at.child('succeeded'), now.succeeded ?? 0, 'cannot decrease the succeeded counter'))
  const { completionTime } = now
  if (completionTime !== undefined && before.completionTime !== undefined && completionTime !== before.completionTime)
    errors.push(invalidValue(at.child('completionTime'), completionTime, 'field is immutable'))
  const resumes = isTrue(before.conditions, 'Suspended') && isFalse(now.conditions, 'Suspended')
  const moved = before.startTime !== undefined && before.startTime !== now.startTime
  if (moved && !resumes && job.spec.suspend !== true) {
    const why = 'field is immutable for unsuspended job once set'
    errors.push(invalidValue(at.child('startTime'), now.startTime, why))
  }
  if (lost('SuccessCriteriaMet')) errors.push(misset('cannot disable the SuccessCriteriaMet=True condition'))
  const wasMet = isTrue(before.conditions, 'SuccessCriteriaMet')
  if (isTrue(before.conditions, 'Complete') && !wasMet && isTrue(now.conditions, 'SuccessCriteriaMet'))
    errors.push(misset('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'))
  return errors
}
