import type { Draft } from '#api'
import type { PersistentVolumeClaim, PodTemplateSpec } from '#api/core/v1'
import { validateAnnotations, validateLabels } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** Fills in what a template of pods leaves open. */
export function defaultTemplate(template: Draft<PodTemplateSpec>): void {
  const spec = (template.spec ??= { containers: [] })
  spec.restartPolicy ||= 'Always'
}

/** Takes out of a template what belongs to features that are off, unless it was there before. */
export function dropDisabledTemplateFields(_draft: Draft<PodTemplateSpec>, _old: PodTemplateSpec | undefined): void {
  return undefined
}

/** Rules for a template of pods; `old` is the one it replaces. */
export function validateTemplate(
  template: PodTemplateSpec,
  _old: PodTemplateSpec | undefined,
  at: Path,
): readonly FieldError[] {
  const { labels, annotations } = template.metadata ?? {}
  return [
    ...validateLabels(labels, at.child('metadata', 'labels')),
    ...validateAnnotations(annotations, at.child('metadata', 'annotations')),
  ]
}

export function warningsForTemplate(
  _template: PodTemplateSpec,
  _old: PodTemplateSpec | undefined,
  _at: Path,
): readonly string[] {
  return []
}

/** Fills in what a template of claims leaves open. */
export function defaultClaim(claim: Draft<PersistentVolumeClaim>): void {
  claim.kind = 'PersistentVolumeClaim'
  claim.apiVersion = 'v1'
  const spec = (claim.spec ??= {})
  spec.volumeMode ||= 'Filesystem'
  const status = (claim.status ??= {})
  status.phase ||= 'Pending'
}

export function validateClaimTemplate(_claim: PersistentVolumeClaim, _at: Path): readonly FieldError[] {
  return []
}
