import type { Pod } from '#api/core/v1'
import { semanticEqual } from '#base'
import { fieldForbidden } from '#machinery'
import type { FieldError } from '#machinery'
import { diffEphemeralContainers } from '../../pod-spec/internal-form/pod-spec.ts'
import { mirrorAnnotation } from '../../pod-spec/validation/annotations.ts'
import { metaPath, optionsFor, specOf, specPath, validateMetadataAndSpec } from './metadata-and-spec.ts'
import { validateAnnotationsOf } from './update.ts'
import { validateObjectMetaUpdate } from '../../../metadata.ts'

/** Rules for `pods/ephemeralcontainers`: they come, and stay as they are. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  if (old.metadata.annotations?.[mirrorAnnotation] !== undefined)
    return [fieldForbidden('[]', 'static pods do not support ephemeral containers')]
  const options = optionsFor(old)
  const at = specPath.child('ephemeralContainers')
  const now = specOf(pod).ephemeralContainers ?? []
  const errors = [
    ...validateObjectMetaUpdate(pod.metadata, old.metadata, metaPath),
    ...validateMetadataAndSpec(pod, options),
    ...validateAnnotationsOf(pod, old, options),
  ]
  for (const before of specOf(old).ephemeralContainers ?? []) {
    const subject = `existing ephemeral containers "${before.name}" may not be`
    const after = now.findLast(({ name }) => name === before.name)
    if (!after) errors.push(fieldForbidden(at, `${subject} removed\n`))
    else if (!semanticEqual(after, before))
      errors.push(fieldForbidden(at, `${subject} changed\n${diffEphemeralContainers(before, after)}`))
  }
  return errors
}
