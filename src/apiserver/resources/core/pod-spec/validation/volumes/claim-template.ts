import type { EphemeralVolumeSource } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { fieldForbidden, required, validateAnnotations, validateLabels } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { strictClaimSpec, validateClaimSpec } from '../../../persistentvolumeclaims/validation.ts'

export function validateEphemeral({ volumeClaimTemplate: template }: EphemeralVolumeSource, path: Path): FieldError[] {
  const at = path.child('volumeClaimTemplate')
  if (!template) return [required(at)]
  return [
    ...validateTemplateMeta(template.metadata ?? {}, at.child('metadata')),
    ...validateClaimSpec(template.spec, strictClaimSpec, at.child('spec')),
  ]
}

/** What is made from a template takes labels and annotations from it, and nothing else. */
function validateTemplateMeta(meta: ObjectMeta, path: Path): FieldError[] {
  const errors = [
    ...validateAnnotations(meta.annotations, path.child('annotations')),
    ...validateLabels(meta.labels, path.child('labels')),
  ]
  const { annotations: _, labels: __, ...others } = meta
  // Fields go by their Go names, with a small first letter.
  for (const field of Object.keys(others))
    errors.push(fieldForbidden(path.child(field === 'uid' ? 'uID' : field), 'cannot be set'))
  return errors
}
