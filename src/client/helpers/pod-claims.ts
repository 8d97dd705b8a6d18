import type { Pod, PodResourceClaim } from '#api/core/v1'
import type { ResourceClaim } from '#api/resource/v1'
import { isControlledBy } from './owner.ts'

/** Which claim an entry of a pod means. */
export type MeantClaim =
  /** `generated`: made from a template, so that it has to be the pod's own. */
  | { readonly name: string; readonly generated: boolean }
  /** It was found that the pod needs none. */
  | 'none'
  /** Not made yet. */
  | 'missing'
  /** Neither a name nor a template: from a newer API than this one. */
  | 'unknown'

export function claimOf({ status }: Pod, entry: PodResourceClaim): MeantClaim {
  if (entry.resourceClaimName !== undefined) return { name: entry.resourceClaimName, generated: false }
  if (entry.resourceClaimTemplateName === undefined) return 'unknown'
  const made = status?.resourceClaimStatuses?.find(({ name }) => name === entry.name)
  if (!made) return 'missing'
  return made.resourceClaimName === undefined ? 'none' : { name: made.resourceClaimName, generated: true }
}

/** Names of the claims that a pod has, named or made for it. */
export function* claimNamesOf(pod: Pod): Generator<string, void> {
  for (const entry of pod.spec?.resourceClaims ?? []) {
    const claim = claimOf(pod, entry)
    if (typeof claim === 'object') yield claim.name
  }
}

/** Why a claim is not the one that was made for a pod, if it is not. */
export function notMadeFor(pod: Pod, claim: ResourceClaim): string | undefined {
  if (isControlledBy(claim, pod)) return undefined
  const { namespace = '', name = '' } = claim.metadata
  const podKey = `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`
  return `ResourceClaim ${namespace}/${name} was not created for Pod ${podKey} (Pod is not owner)`
}

export function isReservedFor({ status }: ResourceClaim, { metadata }: Pod): boolean {
  return status?.reservedFor?.some(({ uid }) => uid === metadata.uid) ?? false
}
