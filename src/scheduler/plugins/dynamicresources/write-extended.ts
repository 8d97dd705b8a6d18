import type { Clock } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { resourceclaims } from '#api/resource/v1'
import type { ResourceClaim } from '#api/resource/v1'
import { retryOnConflict } from '#client'
import type { Client } from '#client'
import { isNotFound } from '#machinery'
import type { ExtendedClaim } from './extended.ts'
import { finalizer } from './write-claims.ts'

/** Tells in the pod's status which claim has its extended resources. */
export async function tellOfExtended(
  client: Client,
  { metadata }: Pod,
  claim: ResourceClaim,
  { mappings }: ExtendedClaim,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = '', name = '', uid = '' } = metadata
  const requestMappings = mappings.map((mapping) => ({ ...mapping }))
  const extendedResourceClaimStatus = { requestMappings, resourceClaimName: claim.metadata.name ?? '' }
  const patch = { metadata: { uid }, status: { extendedResourceClaimStatus } }
  await client.patch(pods, { namespace, name }, { type: 'strategic', patch }, { subresource: 'status', signal })
}

/** Deletes a claim that was made for extended resources, devices and all. */
export async function deleteExtended(client: Client, clock: Clock, claim: ResourceClaim): Promise<void> {
  const { namespace = '', name = '' } = claim.metadata
  let current: ResourceClaim | undefined = claim
  const unprotect = async (): Promise<void> => {
    const known: ResourceClaim = current ?? (await client.get(resourceclaims, { namespace, name }))
    current = undefined
    const finalizers = (known.metadata.finalizers ?? []).filter((each) => each !== finalizer)
    await client.update(resourceclaims, { ...known, metadata: { ...known.metadata, finalizers } })
  }
  try {
    await retryOnConflict(unprotect, { clock })
    await client.delete(resourceclaims, { namespace, name })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
