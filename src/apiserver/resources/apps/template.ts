import type { PodTemplateSpec } from '#api/core/v1'
import type { LabelSelector } from '#api/meta/v1'
import { fieldForbidden, invalidValue, notSupported, required, validateLabelSelector } from '#machinery'
import type { FieldError, Path, Selector } from '#machinery'
import { isEmptySelector, shownSelector } from '../common/selectors.ts'

/** The selector of the pods of a set, which can't be left out, empty or malformed. `kind` is the word errors use. */
export function validatePodSelector(
  selector: LabelSelector | null | undefined,
  at: Path,
  kind: string,
): readonly FieldError[] {
  if (!selector) return [required(at)]
  const errors = [...validateLabelSelector(selector, at)]
  if (isEmptySelector(selector))
    errors.push(invalidValue(at, shownSelector(selector), `empty selector is invalid for ${kind}`))
  return errors
}

/** The template's pods must be among those that the selector selects. */
export function validateTemplateLabels(
  template: PodTemplateSpec,
  selector: Selector | undefined,
  at: Path,
): readonly FieldError[] {
  const labels = template.metadata?.labels
  if (!selector || selector.matches(labels)) return []
  return [invalidValue(at.child('metadata', 'labels'), labels, '`selector` does not match template `labels`')]
}

/** Pods of a set run for ever. */
export function validateRunsForever(template: PodTemplateSpec, at: Path, kind: string): readonly FieldError[] {
  const { restartPolicy = 'Always', activeDeadlineSeconds } = template.spec ?? {}
  const errors: FieldError[] = []
  if (restartPolicy !== 'Always')
    errors.push(notSupported(at.child('spec', 'restartPolicy'), restartPolicy, ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    const why = `activeDeadlineSeconds in ${kind} is not Supported`
    errors.push(fieldForbidden(at.child('spec', 'activeDeadlineSeconds'), why))
  }
  return errors
}
