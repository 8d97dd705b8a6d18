import type { Pod, PodSpec } from '#api/core/v1'
import { fieldForbidden, nameIsDNSSubdomain, Path } from '#machinery'
import type { FieldError } from '#machinery'
import { podOptions, validatePodSpec } from '../../pod-spec/index.ts'
import type { PodValidationOptions } from '../../pod-spec/index.ts'
import { validatePodAnnotations } from '../../pod-spec/validation/annotations.ts'
import { validateImagePadding } from '../../pod-spec/validation/containers.ts'
import { validateObjectMeta } from '../../../metadata.ts'

export const metaPath: Path = Path.of('metadata')
export const specPath: Path = Path.of('spec')
const noSpec: PodSpec = { containers: [] }

export const specOf = (pod: Pod): PodSpec => pod.spec ?? noSpec

/** What the rules let pass because `old` got past them before. */
export function optionsFor(old: Pod | undefined): PodValidationOptions {
  return podOptions(old?.spec, old?.metadata, true)
}

/** Rules for everything a writer says of a pod. */
export function validateMetadataAndSpec(pod: Pod, options: PodValidationOptions): FieldError[] {
  const spec = specOf(pod)
  const errors = [
    ...validateObjectMeta(pod.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metaPath),
    ...validatePodAnnotations(pod.metadata.annotations, spec, metaPath.child('annotations'), options),
    ...validatePodSpec(spec, pod.metadata, specPath, options),
  ]
  if (!spec.serviceAccountName) errors.push(...validateNoTokens(spec))
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries())
      errors.push(...validateImagePadding(container, specPath.child(list).index(index)))
  }
  return errors
}

/** Tokens are those of the pod's service account. */
function validateNoTokens({ volumes = [] }: PodSpec): FieldError[] {
  return volumes.flatMap(({ projected }, index) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken }, place) => {
      if (!serviceAccountToken) return []
      const source = specPath.child('volumes').index(index).child('projected', 'sources').index(place)
      const at = source.child('serviceAccountToken')
      return [fieldForbidden(at, 'must not be specified when serviceAccountName is not set')]
    }),
  )
}
