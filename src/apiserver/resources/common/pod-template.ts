import type { PodTemplateSpec } from '#api/core/v1'
import type { FieldError, Path } from '#machinery'
import { podTemplateOptions, validatePodTemplateSpec } from '../core/pod-spec/index.ts'

/** Rules for a template of pods; `old` is the one it replaces. */
export function validateTemplate(
  template: PodTemplateSpec,
  old: PodTemplateSpec | undefined,
  at: Path,
): readonly FieldError[] {
  return validatePodTemplateSpec(template, at, podTemplateOptions(old))
}
