import type { JobSpec } from '#api/batch/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import { byteLength, invalidValue, isDomainPrefixedPath, notSupported, required, tooLong } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateTemplate } from '../../common/pod-template.ts'
import { goValue } from '../../common/go-value.ts'
import { nonnegative } from '../../common/values.ts'
import { validatePodFailurePolicy } from './pod-failure-policy.ts'
import { validateSuccessPolicy } from './success-policy.ts'

const maxManagedBy = 63
const maxParallelism = 100_000
const maxFailedIndexesAtMost = 100_000
/** Above so many completions, figures are bounded more tightly. */
const manyCompletions = 100_000
const boundForMany = 10_000

/** Rules that jobs and the templates of jobs share. `oldTemplate` is the template of pods that is replaced. */
export function validateCommonJobSpec(
  spec: JobSpec,
  oldTemplate: PodTemplateSpec | undefined,
  at: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const figures = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const
  for (const name of figures) errors.push(...nonnegative(at.child(name), spec[name]))
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(at.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'))
  if (spec.managedBy !== undefined) {
    errors.push(...isDomainPrefixedPath(at.child('managedBy'), spec.managedBy))
    if (byteLength(spec.managedBy) > maxManagedBy) errors.push(tooLong(at.child('managedBy'), maxManagedBy))
  }
  errors.push(...validateCompletionMode(spec, at))
  if (spec.podFailurePolicy) errors.push(...validatePodFailurePolicy(spec, at.child('podFailurePolicy')))
  if (spec.successPolicy) {
    const path = at.child('successPolicy')
    if (spec.completionMode === 'Indexed') errors.push(...validateSuccessPolicy(spec, path))
    else errors.push(invalidValue(path, goValue('batch/v1.SuccessPolicy', spec.successPolicy), onlyIndexed))
  }
  return [
    ...errors,
    ...validateReplacementPolicy(spec, at.child('podReplacementPolicy')),
    ...validateTemplate(spec.template, oldTemplate, at.child('template')),
    ...validateRestartPolicy(spec, at.child('template', 'spec', 'restartPolicy')),
  ]
}

const onlyIndexed = 'requires indexed completion mode'

function validateCompletionMode(spec: JobSpec, at: Path): readonly FieldError[] {
  const { completionMode = 'NonIndexed', backoffLimitPerIndex, maxFailedIndexes } = spec
  const errors: FieldError[] = []
  if (completionMode !== 'NonIndexed' && completionMode !== 'Indexed')
    errors.push(notSupported(at.child('completionMode'), completionMode, ['NonIndexed', 'Indexed']))
  if (completionMode === 'Indexed') return [...errors, ...validateIndexed(spec, at)]
  if (completionMode !== 'NonIndexed') return errors
  if (backoffLimitPerIndex !== undefined)
    errors.push(invalidValue(at.child('backoffLimitPerIndex'), backoffLimitPerIndex, onlyIndexed))
  if (maxFailedIndexes !== undefined)
    errors.push(invalidValue(at.child('maxFailedIndexes'), maxFailedIndexes, onlyIndexed))
  return errors
}

function validateIndexed(spec: JobSpec, at: Path): readonly FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec
  const atParallelism = at.child('parallelism')
  const atFailed = at.child('maxFailedIndexes')
  const atMost = (path: Path, value: number, bound: string): FieldError =>
    invalidValue(path, value, `must be less than or equal to ${bound}`)
  const errors: FieldError[] = []
  if (completions === undefined) errors.push(required(at.child('completions'), 'when completion mode is Indexed'))
  if (parallelism > maxParallelism)
    errors.push(atMost(atParallelism, parallelism, `${maxParallelism} when completion mode is Indexed`))
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
    errors.push(atMost(atFailed, maxFailedIndexes, 'completions'))
  if (maxFailedIndexes !== undefined && maxFailedIndexes > maxFailedIndexesAtMost)
    errors.push(atMost(atFailed, maxFailedIndexes, String(maxFailedIndexesAtMost)))
  if ((completions ?? 0) <= manyCompletions || backoffLimitPerIndex === undefined) return errors
  const bound = `${boundForMany} when completions are above ${manyCompletions} and used with backoff limit per index`
  if (maxFailedIndexes === undefined)
    errors.push(required(atFailed, `must be specified when completions is above ${manyCompletions}`))
  if (parallelism > boundForMany) errors.push(atMost(atParallelism, parallelism, bound))
  if (maxFailedIndexes !== undefined && maxFailedIndexes > boundForMany)
    errors.push(atMost(atFailed, maxFailedIndexes, bound))
  return errors
}

function validateReplacementPolicy(spec: JobSpec, at: Path): readonly FieldError[] {
  const { podReplacementPolicy: policy, podFailurePolicy } = spec
  if (policy === undefined) return []
  const supported = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed']
  return supported.includes(policy) ? [] : [notSupported(at, policy, supported)]
}

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, at: Path): readonly FieldError[] {
  const policy = template.spec?.restartPolicy ?? ''
  if (policy === 'Always' || (policy as string) === '') return [required(at, 'valid values: "OnFailure", "Never"')]
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(at, policy, ['OnFailure', 'Never'])]
  if (podFailurePolicy && policy !== 'Never')
    return [invalidValue(at, policy, 'only "Never" is supported when podFailurePolicy is specified')]
  return []
}
