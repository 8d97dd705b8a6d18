import type { Pod, PodSpec, PodTemplateSpec } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { Path } from '#machinery'

/** What the server warns of in a pod template at `path`. */
export function podTemplateWarnings(template: PodTemplateSpec | undefined, path: Path): readonly string[] {
  return template?.spec ? warningsFor(template.spec, template.metadata ?? {}, path) : []
}

/** What the server warns of in a pod. */
export function podWarnings(pod: Pod): readonly string[] {
  return pod.spec ? warningsFor(pod.spec, pod.metadata, undefined) : []
}

function warningsFor(spec: PodSpec, _meta: ObjectMeta, path: Path | undefined): readonly string[] {
  const warnings: string[] = []
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const at = path ? path.child('spec') : Path.of('spec')
    const field = at.child('terminationGracePeriodSeconds')
    warnings.push(`${field.toString()}: must be >= 0; negative values are invalid and will be treated as 1`)
  }
  return warnings
}
