import type { JobSpec } from '#api/batch/v1'
import type { Path } from '#machinery'
import { podTemplateWarnings } from '../../core/pod-spec/index.ts'

const manyCompletions = 100_000
const manyAtOnce = 10_000

/** What the server warns of in the spec of a job at `at`. */
export function warningsForJobSpec(spec: JobSpec, at: Path): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec
  const warnings: string[] = []
  if (completionMode === 'Indexed' && completions > manyCompletions && parallelism > manyAtOnce) {
    warnings.push(
      `${at.toString()}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
    )
  }
  return [...warnings, ...podTemplateWarnings(spec.template, at.child('template'))]
}
