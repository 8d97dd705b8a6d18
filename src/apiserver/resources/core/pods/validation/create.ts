import type { Pod } from '#api/core/v1'
import { fieldForbidden } from '#machinery'
import type { FieldError } from '#machinery'
import { validateAppArmorMatch } from '../../pod-spec/validation/app-armor.ts'
import { validateSeccompMatch } from '../../pod-spec/validation/seccomp.ts'
import { optionsFor, specOf, specPath, validateMetadataAndSpec } from './metadata-and-spec.ts'

/** Rules for a new pod. */
export function validatePodCreate(pod: Pod): readonly FieldError[] {
  const spec = specOf(pod)
  const { annotations } = pod.metadata
  const errors = validateMetadataAndSpec(pod, optionsFor(undefined))
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(fieldForbidden(specPath.child('ephemeralContainers'), 'cannot be set on create'))
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0) {
    const why = 'cannot be set until all schedulingGates have been cleared'
    errors.push(fieldForbidden(specPath.child('nodeName'), why))
  }
  return [
    ...errors,
    ...validateSeccompMatch(annotations, spec, specPath),
    ...validateAppArmorMatch(annotations, spec, specPath),
  ]
}
