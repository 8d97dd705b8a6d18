import type { Pod } from '#api/core/v1'
import type { FieldError } from '#machinery'

/** The API's rules for pods of manifests, which are loaded when the first one comes. */
export async function validateStaticPod(pod: Pod): Promise<readonly FieldError[]> {
  const { validatePodCreate } = await import('#apiserver/pod-rules')
  return validatePodCreate(pod)
}
