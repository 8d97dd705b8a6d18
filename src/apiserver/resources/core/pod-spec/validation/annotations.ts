import { messageOf } from '#base'
import type { PodSpec, Toleration } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { fieldForbidden, invalidValue, parseJsonText } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { appArmorPrefix } from '../app-armor.ts'
import { validateAppArmorAnnotations } from './app-armor.ts'
import { deletionCostAnnotation, deletionCostIsValid } from './deletion-cost.ts'
import { validateSeccompAnnotations } from './seccomp.ts'
import { validateTolerations } from './tolerations.ts'

/** On pods that stand for one that a kubelet runs from a file of its own. */
export const mirrorAnnotation = 'kubernetes.io/config.mirror'
const tolerationsAnnotation = 'scheduler.alpha.kubernetes.io/tolerations'

type Annotations = ObjectMeta['annotations']

/** Annotations that mean something to pods. */
export function validatePodAnnotations(
  annotations: Annotations,
  spec: PodSpec,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = []
  const mirror = annotations?.[mirrorAnnotation]
  if (mirror !== undefined && !spec.nodeName) {
    const why = 'must set spec.nodeName if mirror pod annotation is set'
    errors.push(invalidValue(path.key(mirrorAnnotation), mirror, why))
  }
  const tolerations = annotations?.[tolerationsAnnotation]
  if (tolerations) errors.push(...validateTolerationsText(tolerations, path, options))
  if (!options.allowInvalidDeletionCost && !deletionCostIsValid(annotations)) {
    const cost = annotations?.[deletionCostAnnotation]
    errors.push(invalidValue(path.key(deletionCostAnnotation), cost, 'must be a 32bit integer'))
  }
  return [
    ...errors,
    ...validateSeccompAnnotations(annotations, path),
    ...validateAppArmorAnnotations(annotations, spec, path),
  ]
}

function validateTolerationsText(text: string, path: Path, options: PodValidationOptions): FieldError[] {
  let value: unknown
  try {
    value = parseJsonText(text)
  } catch (error) {
    return [invalidValue(path, tolerationsAnnotation, messageOf(error))]
  }
  const tolerations = Array.isArray(value) ? (value as Toleration[]) : []
  return validateTolerations(tolerations, path.child(tolerationsAnnotation), options.allowTolerationComparison)
}

/** Some annotations are for good. */
export function validateAnnotationsUpdate(
  annotations: Annotations = {},
  old: Annotations = {},
  path: Path,
): FieldError[] {
  const errors: FieldError[] = []
  const refuse = (key: string, what: string): void => {
    if (key.startsWith(appArmorPrefix))
      errors.push(fieldForbidden(path.key(key), `may not ${what} AppArmor annotations`))
    if (key === mirrorAnnotation) errors.push(fieldForbidden(path.key(key), `may not ${what} mirror pod annotation`))
  }
  for (const [key, value] of Object.entries(old)) if (annotations[key] !== value) refuse(key, 'remove or update')
  for (const key of Object.keys(annotations)) if (old[key] === undefined) refuse(key, 'add')
  return errors
}
