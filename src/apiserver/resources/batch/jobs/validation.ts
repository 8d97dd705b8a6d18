import type { Job, JobSpec } from '#api/batch/v1'
import { semanticEqual } from '#base'
import {
  invalidValue,
  isDNS1123Label,
  nameIsDNSSubdomain,
  Path,
  required,
  validateLabelSelector,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import type { PodTemplateSpec } from '#api/core/v1'
import { hasInvalidValues, selectorIfValid, shownSelector } from '../../common/selectors.ts'
import { goValue } from '../../common/go-value.ts'
import { immutable } from '../../common/values.ts'
import { labels, validateGeneratedSelector } from './selector.ts'
import { validateCommonJobSpec } from './spec.ts'
import { validateTemplateUpdate } from './template-update.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')

/** What a job that stands may keep. */
interface Leniency {
  readonly invalidSelectorValues: boolean
  /** The labels with a prefix must be there. */
  readonly prefixedLabels: boolean
  readonly oldTemplate: PodTemplateSpec | undefined
}

export function validateJobCreate(job: Job): readonly FieldError[] {
  return validateJob(job, { invalidSelectorValues: false, prefixedLabels: true, oldTemplate: undefined })
}

export function validateJobUpdate(job: Job, old: Job): readonly FieldError[] {
  const oldLabels = old.spec.template.metadata?.labels ?? {}
  const lenient: Leniency = {
    invalidSelectorValues: hasInvalidValues(old.spec.selector),
    prefixedLabels: oldLabels[labels.name] !== undefined && oldLabels[labels.uid] !== undefined,
    oldTemplate: old.spec.template,
  }
  const same = (name: keyof JobSpec, type?: string): readonly FieldError[] => {
    const value = job.spec[name]
    const shown = type === undefined || value === undefined ? named(value) : goValue(type, value)
    return immutable(spec.child(name), value, old.spec[name], shown)
  }
  return [
    ...validateJob(job, lenient),
    ...validateObjectMetaUpdate(job.metadata, old.metadata, metadata),
    ...validateSpec(job.spec, lenient),
    ...validateCompletionsUpdate(job.spec, old.spec),
    ...immutable(spec.child('selector'), job.spec.selector, old.spec.selector, shownSelector(job.spec.selector)),
    ...validateTemplateUpdate(job, old, spec),
    ...same('completionMode'),
    ...same('podFailurePolicy', 'batch/v1.PodFailurePolicy'),
    ...same('backoffLimitPerIndex'),
    ...same('managedBy'),
    ...same('successPolicy', 'batch/v1.SuccessPolicy'),
  ]
}

function validateJob(job: Job, lenient: Leniency): readonly FieldError[] {
  const { completionMode, completions = 0 } = job.spec
  const { name = '' } = job.metadata
  const errors = [
    ...validateObjectMeta(job.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateGeneratedSelector(job, lenient.prefixedLabels),
    ...validateSpec(job.spec, lenient),
  ]
  const lastPod = `${name}-${completions - 1}`
  if (completionMode === 'Indexed' && completions > 0 && isDNS1123Label(lastPod).length > 0) {
    const why = `will not able to create pod with invalid DNS label: ${lastPod}`
    errors.push(invalidValue(metadata.child('name'), name, why))
  }
  return errors
}

function validateSpec(wanted: JobSpec, lenient: Leniency): readonly FieldError[] {
  const { selector, template } = wanted
  const path = spec.child('selector')
  const allowInvalidValues = lenient.invalidSelectorValues
  const errors = [
    ...validateCommonJobSpec(wanted, lenient.oldTemplate, spec),
    ...(selector ? validateLabelSelector(selector, path, { allowInvalidValues }) : [required(path)]),
  ]
  const own = template.metadata?.labels
  if (selectorIfValid(selector)?.matches(own) === false) {
    const at = spec.child('template', 'metadata', 'labels')
    errors.push(invalidValue(at, own, '`selector` does not match template `labels`'))
  }
  return errors
}

/** An indexed job can grow and shrink, all of its pods at once. */
function validateCompletionsUpdate(wanted: JobSpec, old: JobSpec): readonly FieldError[] {
  const { completions, parallelism, completionMode } = wanted
  const at = spec.child('completions')
  if (completionMode !== 'Indexed') return immutable(at, completions, old.completions)
  if (semanticEqual(completions, old.completions) || completions === undefined || completions === parallelism) return []
  return [invalidValue(at, completions, 'can only be modified in tandem with spec.parallelism')]
}
