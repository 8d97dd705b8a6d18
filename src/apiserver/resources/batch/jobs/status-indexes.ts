import type { Job } from '#api/batch/v1'
import { invalidValue, Path, named } from '#machinery'
import type { FieldError } from '#machinery'
import { indexesProblem, overlapOf } from './indexes.ts'

const atCompleted = Path.of('status', 'completedIndexes')
const atFailed = Path.of('status', 'failedIndexes')

/** Lists of indexes in the status, where they changed. */
export function validateIndexes(job: Job, old: Job): readonly FieldError[] {
  const { completions, backoffLimitPerIndex, completionMode } = job.spec
  const { completedIndexes = '', failedIndexes } = job.status ?? {}
  const completedChanged = completedIndexes !== (old.status?.completedIndexes ?? '')
  const failedChanged = failedIndexes !== old.status?.failedIndexes
  const errors: FieldError[] = []
  const parses = (at: Path, text: string, field: string, shown: unknown): void => {
    const problem = completions === undefined ? undefined : indexesProblem(text, completions)
    if (problem !== undefined) errors.push(invalidValue(at, shown, `error parsing ${field}: ${problem}`))
  }
  if (completedChanged) parses(atCompleted, completedIndexes, 'completedIndexes', completedIndexes)
  if (failedChanged && backoffLimitPerIndex !== undefined && failedIndexes !== undefined)
    parses(atFailed, failedIndexes, 'failedIndexes', named(failedIndexes))
  if (completedChanged && completedIndexes !== '' && completionMode !== 'Indexed') {
    const why = 'cannot set non-empty completedIndexes when non-indexed completion mode'
    errors.push(invalidValue(atCompleted, completedIndexes, why))
  }
  if (failedIndexes === undefined) return errors
  if (failedChanged && backoffLimitPerIndex === undefined) {
    const why = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'
    errors.push(invalidValue(atFailed, named(failedIndexes), why))
  }
  if ((failedChanged || completedChanged) && completions !== undefined) {
    const overlap = overlapOf(completedIndexes, failedIndexes, completions)
    if (overlap !== undefined) {
      const why = `failedIndexes and completedIndexes overlap at index: ${overlap}`
      errors.push(invalidValue(atFailed, named(failedIndexes), why))
    }
  }
  return errors
}
