import type { Draft } from '#api'
import type { Job, JobSpec } from '#api/batch/v1'
import { defaultPodTemplateSpec } from '../../core/pod-spec/index.ts'

const unlimited = 2 ** 31 - 1

export function defaultJob(draft: Draft<Job>): void {
  const { spec, metadata } = draft
  if (spec.parallelism === undefined) {
    spec.completions ??= 1
    spec.parallelism = 1
  }
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : unlimited
  const labels = spec.template.metadata?.labels
  // One map for both: what the server adds to the template's labels shows on the job as well.
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
  spec.manualSelector ??= false
  defaultJobTemplate(spec)
}

/** What the spec of a job and the template of one share. */
export function defaultJobTemplate(spec: Draft<JobSpec>): void {
  for (const { onPodConditions } of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of onPodConditions ?? []) pattern.status ||= 'True'
  }
  defaultPodTemplateSpec(spec.template)
}
