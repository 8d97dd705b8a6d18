import type { PodTemplateSpec } from '#api/core/v1'
import { fieldForbidden, validateAnnotations, validateLabels } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { validatePodSpec } from './pod-spec.ts'

/** Rules for a pod template at `path`, new or changed; `options` are those of `podTemplateOptions`. */
export function validatePodTemplateSpec(
  template: PodTemplateSpec,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const { metadata = {}, spec } = template
  const errors = [
    ...validateLabels(metadata.labels, path.child('labels')),
    ...validateAnnotations(metadata.annotations, path.child('annotations')),
    ...(spec ? validatePodSpec(spec, undefined, path.child('spec'), options) : []),
  ]
  if ((spec?.ephemeralContainers ?? []).length > 0) {
    const at = path.child('spec', 'ephemeralContainers')
    errors.push(fieldForbidden(at, 'ephemeral containers not allowed in pod template'))
  }
  return errors
}
