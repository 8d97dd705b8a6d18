import type { PodSpec } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { required, validateLabels } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { validateSysctls } from './sysctls.ts'

/** Rules for a pod spec. `_meta` is that of the pod, where there is one. */
export function validatePodSpec(
  spec: PodSpec,
  _meta: ObjectMeta | undefined,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = []
  if ((spec.containers ?? []).length === 0) errors.push(required(path.child('containers')))
  return [
    ...errors,
    ...validateLabels(spec.nodeSelector, path.child('nodeSelector')),
    ...validateSysctls(spec, path.child('securityContext', 'sysctls'), options),
  ]
}
