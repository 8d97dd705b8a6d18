import { messageOf } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { resourceclaims } from '#api/resource/v1'
import type { ResourceClaim, ResourceClaimConsumerReference } from '#api/resource/v1'
import type { Client, Lister } from '#client'
import { isNotFound } from '#machinery'
import { withoutFinalizer } from '../common/meta/finalizers.ts'
import type { RecentValues } from '../common/meta/recent.ts'
import { isPodDone } from './pods.ts'

/** Keeps a claim while it has devices. */
const finalizer = 'resource.kubernetes.io/delete-protection'

export interface ReleaseContext {
  readonly client: Client
  readonly pods: Lister<Pod>
  /** UIDs of pods that are known to be gone. */
  readonly gone: RecentValues
}

/**
 * Takes pods that will not run out of a claim's reservations, its devices away when none is left, and deletes it when it
 * was made for a pod that is done.
 */
export async function releaseClaim(claim: ResourceClaim, context: ReleaseContext): Promise<void> {
  const { client } = context
  const reserved = claim.status?.reservedFor ?? []
  const remaining: ResourceClaimConsumerReference[] = []
  for (const consumer of reserved) if (await isNeeded(claim, consumer, context)) remaining.push(consumer)
  const isProtected = claim.metadata.finalizers?.includes(finalizer) ?? false
  if (remaining.length < reserved.length) {
    const updated = await writeStatus(client, claim, remaining, isProtected && remaining.length === 0)
    if (updated.metadata.finalizers?.includes(finalizer) && !updated.status?.allocation) {
      await client.update(resourceclaims, withoutFinalizer(updated, finalizer))
    }
  } else if (isProtected && claim.metadata.deletionTimestamp !== undefined && remaining.length === 0) {
    const freed = claim.status?.allocation ? await writeStatus(client, claim, remaining, true) : claim
    await client.update(resourceclaims, withoutFinalizer(freed, finalizer))
  }
  if (remaining.length === 0) await deleteUnused(claim, context)
}

function writeStatus(
  client: Client,
  claim: ResourceClaim,
  reservedFor: readonly ResourceClaimConsumerReference[],
  deallocate: boolean,
): Promise<ResourceClaim> {
  const { allocation, reservedFor: _, ...rest } = claim.status ?? {}
  const status = {
    ...rest,
    ...(allocation && !deallocate ? { allocation } : {}),
    ...(reservedFor.length > 0 ? { reservedFor } : {}),
  }
  return client.update(resourceclaims, { ...claim, status }, { subresource: 'status' })
}

/** What is no pod is left alone: whoever reserved the claim for it takes care of that. */
async function isNeeded(
  { metadata }: ResourceClaim,
  { apiGroup = '', resource, name, uid }: ResourceClaimConsumerReference,
  context: ReleaseContext,
): Promise<boolean> {
  if (apiGroup !== '' || resource !== 'pods') return true
  if (context.gone.has(uid)) return false
  const key = { namespace: metadata.namespace ?? '', name }
  const pod = context.pods.get(key)
  if (pod) return pod.metadata.uid === uid && !isPodDone(pod)
  // The pod may be newer than what is known here: the scheduler may be about to place it.
  try {
    return (await context.client.get(pods, key)).metadata.uid === uid
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

async function deleteUnused({ metadata }: ResourceClaim, { client, pods: lister }: ReleaseContext): Promise<void> {
  const owner = metadata.ownerReferences?.find(
    ({ controller, apiVersion, kind }) => controller === true && apiVersion === 'v1' && kind === 'Pod',
  )
  if (!owner) return
  const { namespace = '', name = '' } = metadata
  const pod = lister.get({ namespace, name: owner.name })
  // Of a pod that is gone the garbage collector cleans up.
  if (!pod || (pod.metadata.uid === owner.uid && !isPodDone(pod))) return
  try {
    await client.delete(resourceclaims, { namespace, name })
  } catch (error) {
    throw new Error(`delete unused generated claim ${namespace}/${name}: ${messageOf(error)}`, { cause: error })
  }
}
