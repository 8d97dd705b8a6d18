import type { Draft } from '#api'
import type { Job } from '#api/batch/v1'
import { excludeFields, Path, quote } from '#machinery'
import type { KubeObject } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { warningsForPodOwnerName } from '../../common/names.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { dropDisabledTemplateFields } from '../../core/pod-spec/index.ts'
import { shareLabels } from './defaults.ts'
import { generateSelector, sharesGeneratedLabels } from './selector.ts'
import { validateJobStatusUpdate } from './status.ts'
import { validateJobCreate, validateJobUpdate } from './validation.ts'
import { warningsForJobSpec } from './warnings.ts'

const spec = Path.of('spec')
const podsStay =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

export const jobStrategy: Strategy = strategy<Job>({
  // Jobs are kept for their logs: without another word, deleting one leaves its pods.
  garbageCollection: 'orphan',
  warningsOnDelete: ({ propagationPolicy, orphanDependents }) =>
    propagationPolicy === undefined && orphanDependents === undefined ? [podsStay] : [],
  fields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
  unknownField: (label) => `field label ${quote(label)} not supported for Job`,
  prepareForCreate(draft) {
    if (draft.spec.manualSelector !== true) generateSelector(draft)
    startGeneration(draft)
    dropDisabledTemplateFields(draft.spec.template, undefined)
  },
  lacksDefaults: sharesGeneratedLabels,
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.spec.template, old.spec.template)
    raiseGenerationWithSpec(draft, old)
  },
  validate: validateJobCreate,
  // The labels of the pods have been looked at once, where they came from.
  canonicalize: shareLabels,
  validateUpdate: validateJobUpdate,
  warningsOnCreate: (job) => [...warningsForPodOwnerName(job), ...warningsForJobSpec(job.spec, spec)],
  warningsOnUpdate: (job, old) =>
    job.metadata.generation === old.metadata.generation ? [] : warningsForJobSpec(job.spec, spec),
})

export const jobStatusRules: UpdateRules<KubeObject> = strategy<Job>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<Job>['spec']
  },
  validateUpdate: validateJobStatusUpdate,
  resetFields: excludeFields(['spec']),
})
