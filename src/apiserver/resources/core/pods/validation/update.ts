import type { Container, Pod, PodSpec, Toleration } from '#api/core/v1'
import { semanticEqual } from '#base'
import { fieldForbidden, inclusiveRangeError, invalidValue, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { diffPodSpecs } from '../../pod-spec/internal-form/pod-spec.ts'
import type { PodValidationOptions } from '../../pod-spec/index.ts'
import { validateAnnotationsUpdate, validatePodAnnotations } from '../../pod-spec/validation/annotations.ts'
import { validateTolerations } from '../../pod-spec/validation/tolerations.ts'
import { validateGatedUpdate } from './gated.ts'
import { metaPath, optionsFor, specOf, specPath, validateMetadataAndSpec } from './metadata-and-spec.ts'
import { validateObjectMetaUpdate } from '../../../metadata.ts'

const longestDeadline = 2 ** 31 - 1

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',')

/** Rules for a change of a pod: next to nothing of its spec may change. */
export function validatePodUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const options = optionsFor(old)
  const spec = specOf(pod)
  const before = specOf(old)
  const errors = [
    ...validateObjectMetaUpdate(pod.metadata, old.metadata, metaPath),
    ...validateMetadataAndSpec(pod, options),
    ...validateAnnotationsOf(pod, old, options),
  ]
  for (const list of ['containers', 'initContainers'] as const) {
    const at = specPath.child(list)
    if ((spec[list] ?? []).length !== (before[list] ?? []).length)
      return [...errors, fieldForbidden(at, 'pod updates may not add or remove containers')]
    errors.push(...validateImages(spec[list] ?? [], at))
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds)
  errors.push(...deadline)
  if (deadline.length > 0 && spec.activeDeadlineSeconds !== undefined) return errors
  errors.push(...validateAddedTolerations(spec, before, options), ...validateRemovedGates(spec, before))
  if (semanticEqual(spec, before)) return errors
  const { masked, errors: faults } = validateGatedUpdate(mask(spec, before), before)
  errors.push(...faults)
  if (!semanticEqual(masked, before)) {
    const diff = diffPodSpecs(before, masked)
    errors.push(fieldForbidden(specPath, `pod updates may not change fields other than ${changeable}\n${diff}`))
  }
  return errors
}

/** Rules for annotations that mean something to pods, and their changes. */
export function validateAnnotationsOf(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  const at = metaPath.child('annotations')
  const { annotations } = pod.metadata
  return [
    ...validateAnnotationsUpdate(annotations, old.metadata.annotations, at),
    ...validatePodAnnotations(annotations, specOf(pod), at, options),
  ]
}

function validateImages(containers: readonly Container[], path: Path): FieldError[] {
  return containers.flatMap(({ image = '' }, index) => {
    const at = path.index(index).child('image')
    if (image === '') return [required(at)]
    return image.trim() === image ? [] : [invalidValue(at, image, 'must not have leading or trailing whitespace')]
  })
}

/** A deadline can be set, and moved nearer. */
function validateDeadline(seconds: number | undefined, before: number | undefined): FieldError[] {
  const at = specPath.child('activeDeadlineSeconds')
  if (seconds === undefined) {
    if (before === undefined) return []
    return [invalidValue(at, null, 'must not update from a positive integer to nil value')]
  }
  if (seconds < 0 || seconds > longestDeadline)
    return [invalidValue(at, seconds, inclusiveRangeError(0, longestDeadline))]
  if (before === undefined || seconds <= before) return []
  return [invalidValue(at, seconds, 'must be less than or equal to previous value')]
}

/** Tolerations stay as they are, but for how long they last; others may come. */
function validateAddedTolerations(spec: PodSpec, before: PodSpec, options: PodValidationOptions): FieldError[] {
  const at = specPath.child('tolerations')
  const lasting = ({ key, operator, value, effect }: Toleration): string =>
    JSON.stringify([key ?? '', operator ?? '', value ?? '', effect ?? ''])
  const now = new Set((spec.tolerations ?? []).map(lasting))
  if (!(before.tolerations ?? []).every((toleration) => now.has(lasting(toleration))))
    return [fieldForbidden(at, 'existing toleration can not be modified except its tolerationSeconds')]
  return validateTolerations(spec.tolerations, at, options.allowTolerationComparison)
}

function validateRemovedGates({ schedulingGates = [] }: PodSpec, before: PodSpec): FieldError[] {
  const known = new Set((before.schedulingGates ?? []).map(({ name }) => name))
  // Of gates with the same name the last is told.
  const last = new Map(schedulingGates.map(({ name }, index) => [name, index]))
  return [...last].flatMap(([name, index]) => {
    if (known.has(name)) return []
    const at = specPath.child('schedulingGates').index(index).child('name')
    return [fieldForbidden(at, `only deletion is allowed, but found new scheduling gate '${name}'`)]
  })
}

/** The spec with everything put back that may change. */
function mask(spec: PodSpec, before: PodSpec): PodSpec {
  const { activeDeadlineSeconds: _, schedulingGates: __, tolerations: ___, initContainers: others = [], ...rest } = spec
  const images = (containers: readonly Container[], old: readonly Container[] = []): Container[] =>
    containers.map((container, index) => {
      const { image: _, ...others } = container
      const image = old[index]?.image
      return image === undefined ? others : { ...others, image }
    })
  const raised = (before.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1
  return {
    ...rest,
    containers: images(spec.containers ?? [], before.containers),
    ...(others.length === 0 ? {} : { initContainers: images(others, before.initContainers) }),
    ...(before.activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds: before.activeDeadlineSeconds }),
    ...(before.schedulingGates ? { schedulingGates: before.schedulingGates } : {}),
    ...(before.tolerations ? { tolerations: before.tolerations } : {}),
    ...(raised && before.terminationGracePeriodSeconds !== undefined
      ? { terminationGracePeriodSeconds: before.terminationGracePeriodSeconds }
      : {}),
  }
}
