import type { PodTemplateSpec } from '#api/core/v1'
import type { LabelSelector } from '#api/meta/v1'
import { invalidValue } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateTemplate } from '../common/pod-template.ts'
import { selectorIfValid, shownSelector } from '../common/selectors.ts'
import { validatePodSelector, validateRunsForever, validateTemplateLabels } from './template.ts'

/** Selector and template of deployments and replica sets, which share their rules. `at` is the path of the spec. */
export function validateReplicatedTemplate(
  spec: { readonly selector: LabelSelector; readonly template?: PodTemplateSpec },
  old: PodTemplateSpec | undefined,
  at: Path,
): readonly FieldError[] {
  const errors = [...validatePodSelector(spec.selector, at.child('selector'), 'deployment')]
  const selector = selectorIfValid(spec.selector)
  if (!selector)
    return [...errors, invalidValue(at.child('selector'), shownSelector(spec.selector), 'invalid label selector')]
  const template = spec.template ?? {}
  const path = at.child('template')
  return [
    ...errors,
    ...(selector.isEmpty() ? [] : validateTemplateLabels(template, selector, path)),
    ...validateTemplate(template, old, path),
    ...validateRunsForever(template, path, 'ReplicaSet'),
  ]
}
