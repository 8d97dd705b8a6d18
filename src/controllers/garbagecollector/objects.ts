import { deepEqual } from '#base'
import type { Clock } from '#base'
import type { Json, Resource } from '#api'
import { retryOnConflict } from '#client'
import type { Client } from '#client'
import { isConflict, isNotFound } from '#machinery'
import type { KubeObject, ObjectKey, OwnerReference } from '#machinery'
import { isUnsupportedMediaType } from '../common/meta/errors.ts'
import type { ObjectReference } from './references.ts'

/** An object of the graph with the resource that it belongs to. */
export interface Target {
  readonly resource: Resource<KubeObject>
  readonly reference: ObjectReference
}

export type Propagation = 'Orphan' | 'Background' | 'Foreground'

export function keyOfTarget({ resource, reference }: Target): ObjectKey {
  const { name, namespace } = reference
  return resource.namespaced ? { namespace, name } : { name }
}

/** Deletes the object as it was read; once more when it changed since, but its owners did not. */
export async function deleteObject(
  client: Client,
  target: Target,
  latest: KubeObject,
  propagationPolicy: Propagation,
): Promise<void> {
  const { uid } = target.reference
  const { resourceVersion = '', ownerReferences = [] } = latest.metadata
  const key = keyOfTarget(target)
  try {
    await client.delete(target.resource, key, { preconditions: { uid, resourceVersion }, propagationPolicy })
  } catch (error) {
    if (!isConflict(error)) throw error
    const live = await client.get(target.resource, key)
    const { metadata } = live
    const sameOwners = deepEqual(metadata.ownerReferences ?? [], ownerReferences)
    if (metadata.uid !== uid || metadata.resourceVersion === resourceVersion || !sameOwners) throw error
    await client.delete(target.resource, key, { preconditions: { uid }, propagationPolicy })
  }
}

/** Takes owners away from an object. */
export async function removeOwners(client: Client, target: Target, uids: readonly string[]): Promise<void> {
  await patchOwners(
    client,
    target,
    uids.map((uid) => ({ $patch: 'delete', uid })),
    (owners) => owners.filter(({ uid }) => !uids.includes(uid)),
  )
}

/** Lets owners go before the object does. */
export async function unblockOwners(client: Client, target: Target, owners: readonly OwnerReference[]): Promise<void> {
  const blocking = owners.filter(({ blockOwnerDeletion }) => blockOwnerDeletion === true)
  await patchOwners(
    client,
    target,
    blocking.map((owner) => ({ ...owner, blockOwnerDeletion: false })),
    (current) => current.map((owner) => (owner.blockOwnerDeletion ? { ...owner, blockOwnerDeletion: false } : owner)),
  )
}

/** Custom resources know no strategic patch: for them the whole list is written, on top of what was read. */
async function patchOwners(
  client: Client,
  target: Target,
  strategic: readonly { readonly [field: string]: Json }[],
  change: (owners: readonly OwnerReference[]) => readonly OwnerReference[],
): Promise<void> {
  const { resource, reference } = target
  const key = keyOfTarget(target)
  const { uid } = reference
  try {
    const patch = { metadata: { uid, ownerReferences: strategic } }
    await client.patch(resource, key, { type: 'strategic', patch })
  } catch (error) {
    if (!isUnsupportedMediaType(error)) throw error
    const { metadata } = await client.get(resource, key)
    const { resourceVersion = '', ownerReferences = [] } = metadata
    const owners = change(ownerReferences).map((owner) => ({ ...owner }))
    const patch = { metadata: { uid, resourceVersion, ownerReferences: owners } }
    await client.patch(resource, key, { type: 'merge', patch })
  }
}

/** Takes a finalizer away. An object that is gone has none. */
export async function removeFinalizer(client: Client, clock: Clock, target: Target, finalizer: string): Promise<void> {
  const key = keyOfTarget(target)
  try {
    await retryOnConflict(
      async () => {
        const { metadata } = await client.get(target.resource, key)
        if (metadata.uid !== target.reference.uid || !metadata.finalizers?.includes(finalizer)) return
        const finalizers = metadata.finalizers.filter((each) => each !== finalizer)
        const { resourceVersion = '' } = metadata
        const patch = { metadata: { resourceVersion, finalizers: finalizers.length === 0 ? null : finalizers } }
        await client.patch(target.resource, key, { type: 'merge', patch })
      },
      { clock },
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
