import type { PodTemplateSpec } from '#api/core/v1'
import { fieldForbidden, validateAnnotations, validateLabels } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { validatePodAnnotations } from './annotations.ts'
import { validateAppArmorMatch } from './app-armor.ts'
import { validatePodSpec } from './pod-spec.ts'
import { validateSeccompMatch } from './seccomp.ts'

/** Rules for a pod template at `path`, new or changed; `options` are those of `podTemplateOptions`. */
export function validatePodTemplateSpec(
  { metadata = {}, spec = { containers: [] } }: PodTemplateSpec,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const { annotations } = metadata
  const at = path.child('spec')
  const errors = [
    ...validateLabels(metadata.labels, path.child('labels')),
    ...validateAnnotations(annotations, path.child('annotations')),
    ...validatePodAnnotations(annotations, spec, path.child('annotations'), options),
    ...validatePodSpec(spec, undefined, at, options),
    ...validateSeccompMatch(annotations, spec, at),
    ...validateAppArmorMatch(annotations, spec, at),
  ]
  if ((spec.ephemeralContainers ?? []).length > 0) {
    const why = 'ephemeral containers not allowed in pod template'
    errors.push(fieldForbidden(at.child('ephemeralContainers'), why))
  }
  return errors
}
