import type { Pod } from '#api/core/v1'
import type { ResourceClaim } from '#api/resource/v1'
import type { Lister } from '#client'

/** The claims of a pod, or why they can't be used. */
export type PodClaims = { readonly claims: readonly ResourceClaim[] } | { readonly problem: string }

/** Finds the claims that a pod names, or that were made for it from templates. */
export function claimsOfPod(pod: Pod, lister: Lister<ResourceClaim>): PodClaims {
  const claims: ResourceClaim[] = []
  const { namespace = '', name: podName = '' } = pod.metadata
  for (const { name, resourceClaimName, resourceClaimTemplateName } of pod.spec?.resourceClaims ?? []) {
    let claimName = resourceClaimName
    if (claimName === undefined) {
      if (resourceClaimTemplateName === undefined) continue
      const made = pod.status?.resourceClaimStatuses?.find((status) => status.name === name)
      if (!made) return { problem: `pod "${namespace}/${podName}": ResourceClaim not created yet` }
      // The template asked for no claim.
      if (made.resourceClaimName === undefined) continue
      claimName = made.resourceClaimName
    }
    const claim = lister.get({ namespace, name: claimName })
    const quoted = JSON.stringify(claimName)
    if (!claim) return { problem: `resourceclaim.resource.k8s.io ${quoted} not found` }
    if (claim.metadata.deletionTimestamp !== undefined) return { problem: `resourceclaim ${quoted} is being deleted` }
    if (resourceClaimName === undefined && !isOwnedBy(claim, pod)) {
      const why = `was not created for Pod ${namespace}/${podName} (Pod is not owner)`
      return { problem: `ResourceClaim ${namespace}/${claimName} ${why}` }
    }
    claims.push(claim)
  }
  return { claims }
}

function isOwnedBy(claim: ResourceClaim, pod: Pod): boolean {
  return (claim.metadata.ownerReferences ?? []).some(
    ({ controller, uid }) => controller === true && uid === pod.metadata.uid,
  )
}

export function isReservedFor(claim: ResourceClaim, pod: Pod): boolean {
  return (claim.status?.reservedFor ?? []).some(({ uid }) => uid === pod.metadata.uid)
}
