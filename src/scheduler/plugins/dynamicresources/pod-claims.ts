import type { Pod } from '#api/core/v1'
import type { ResourceClaim } from '#api/resource/v1'
import { claimOf, notMadeFor } from '#client'
import type { Lister } from '#client'

/** The claims of a pod, or why they can't be used. */
export type PodClaims = { readonly claims: readonly ResourceClaim[] } | { readonly problem: string }

/** Finds the claims that a pod names, or that were made for it from templates. */
export function claimsOfPod(pod: Pod, lister: Lister<ResourceClaim>): PodClaims {
  const claims: ResourceClaim[] = []
  const { namespace = '', name: podName = '' } = pod.metadata
  for (const entry of pod.spec?.resourceClaims ?? []) {
    const meant = claimOf(pod, entry)
    if (meant === 'missing') return { problem: `pod "${namespace}/${podName}": ResourceClaim not created yet` }
    if (typeof meant === 'string') continue
    const claim = lister.get({ namespace, name: meant.name })
    const quoted = JSON.stringify(meant.name)
    if (!claim) return { problem: `resourceclaim.resource.k8s.io ${quoted} not found` }
    if (claim.metadata.deletionTimestamp !== undefined) return { problem: `resourceclaim ${quoted} is being deleted` }
    const stranger = meant.generated ? notMadeFor(pod, claim) : undefined
    if (stranger !== undefined) return { problem: stranger }
    claims.push(claim)
  }
  return { claims }
}
