import type { Draft } from '#api'
import type { Job, JobSpec } from '#api/batch/v1'
import { defaultPodTemplateSpec } from '#machinery'

const unlimited = 2 ** 31 - 1

export function defaultJob(draft: Draft<Job>): void {
  const { spec } = draft
  if (spec.parallelism === undefined) {
    spec.completions ??= 1
    spec.parallelism = 1
  }
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : unlimited
  shareLabels(draft)
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

/** A job without labels has those of its pods: one map for both, so that what the server adds to it shows on both. */
export function shareLabels({ metadata, spec }: Draft<Job>): void {
  const labels = spec.template.metadata?.labels
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels
}
