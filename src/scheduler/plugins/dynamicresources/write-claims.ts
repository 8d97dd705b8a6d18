import type { Clock } from '#base'
import type { Pod } from '#api/core/v1'
import { resourceclaims } from '#api/resource/v1'
import type { AllocationResult, ResourceClaim, ResourceClaimStatus } from '#api/resource/v1'
import { retryOnConflict } from '#client'
import type { Client } from '#client'
import { timeOfMillis } from '#machinery'

/** Keeps a claim with devices from vanishing. */
export const finalizer = 'resource.kubernetes.io/delete-protection'

/** Reserves a claim for a pod, with the devices it gets where it has none yet; resolves with it. @throws when another was faster. */
export async function reserveClaim(
  claim: ResourceClaim,
  pod: Pod,
  allocation: AllocationResult | undefined,
  { client, clock, signal }: { readonly client: Client; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ResourceClaim> {
  const { namespace = '', name = '' } = claim.metadata
  let current = claim
  const attempt = async (): Promise<void> => {
    const key = `${namespace}/${name}`
    if (current.metadata.deletionTimestamp !== undefined) throw new Error(`claim ${key} got deleted in the meantime`)
    if (allocation) {
      if (current.status?.allocation) throw new Error(`claim ${key} got allocated elsewhere in the meantime`)
      const finalizers = current.metadata.finalizers ?? []
      if (!finalizers.includes(finalizer)) {
        const metadata = { ...current.metadata, finalizers: [...finalizers, finalizer] }
        current = await client.update(resourceclaims, { ...current, metadata }, { signal })
      }
    } else if (!current.status?.allocation) throw new Error(`claim ${key} got deallocated elsewhere in the meantime`)
    const given = allocation ?? current.status?.allocation
    const stamped = given && { ...given, allocationTimestamp: given.allocationTimestamp ?? timeOfMillis(clock.now()) }
    const reservedFor = [...(current.status?.reservedFor ?? []), consumer(pod)]
    const status: ResourceClaimStatus = { ...current.status, ...(stamped ? { allocation: stamped } : {}), reservedFor }
    current = await client.update(resourceclaims, { ...current, status }, { subresource: 'status', signal })
  }
  let first = true
  const again = async (): Promise<void> => {
    if (!first) current = await client.get(resourceclaims, { namespace, name }, { signal })
    first = false
    await attempt()
  }
  await retryOnConflict(again, { clock, signal })
  return current
}

function consumer(pod: Pod): { readonly resource: string; readonly name: string; readonly uid: string } {
  return { resource: 'pods', name: pod.metadata.name ?? '', uid: pod.metadata.uid ?? '' }
}

/** Takes a pod's reservation of a claim back. */
export async function releaseClaim(client: Client, claim: ResourceClaim, pod: Pod): Promise<void> {
  const reservedFor = (claim.status?.reservedFor ?? []).filter(({ uid }) => uid !== pod.metadata.uid)
  await client.update(resourceclaims, { ...claim, status: { ...claim.status, reservedFor } }, { subresource: 'status' })
}

/** Takes a claim's devices away, so that it may get others. */
export async function deallocateClaim(client: Client, claim: ResourceClaim): Promise<void> {
  const { allocation: _, reservedFor: __, devices: ___, ...status } = claim.status ?? {}
  await client.update(resourceclaims, { ...claim, status }, { subresource: 'status' })
}
