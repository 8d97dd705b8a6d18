import { persistentvolumeclaims, pods } from '#api/core/v1'
import type { PersistentVolumeClaim, Pod } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { keyOf } from '#machinery'
import { awaitsFinalizer, lacksFinalizer, withFinalizer, withoutFinalizer } from '../common/meta/finalizers.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { isPodTerminal } from '../common/pods/state.ts'
import { claimNameOf, isClaimFor, podsByClaim, podsUsing } from '../common/volumes/claims.ts'
import type { ControllersOptions } from '../options.ts'

const finalizer = 'kubernetes.io/pvc-protection'

/** Whether a pod keeps the claim from going: it has a node, where the volume may be mounted. */
function uses(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if (!pod.spec.nodeName) return false
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata
  const isShutDown = deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0
  return (pod.spec.volumes ?? []).some((volume) => {
    if (claimNameOf(pod, volume) !== claim.metadata.name) return false
    return volume.persistentVolumeClaim !== undefined || (!isShutDown && isClaimFor(claim, pod))
  })
}

function create({ informers, client, queue }: ControllerContext<ControllersOptions>): Controller {
  const claims = informers.informer(persistentvolumeclaims)
  const podInformer = podsByClaim(informers)
  const enqueueClaim = (claim: PersistentVolumeClaim): void => {
    if (awaitsFinalizer(claim, finalizer) || lacksFinalizer(claim, finalizer)) queue.add(keyOf(claim))
  }
  const enqueueClaimsOf = (pod: Pod): void => {
    for (const volume of pod.spec.volumes ?? []) {
      const name = claimNameOf(pod, volume)
      if (name !== undefined) queue.add(`${pod.metadata.namespace ?? ''}/${name}`)
    }
  }
  const podChanged = (pod: Pod): void => {
    if (isPodTerminal(pod) || !pod.spec.nodeName) enqueueClaimsOf(pod)
  }
  const isUsed = async (claim: PersistentVolumeClaim): Promise<boolean> => {
    for (const pod of podsUsing(podInformer, keyOf(claim))) if (uses(pod, claim)) return true
    // What the informer does not know yet counts as well: afterwards nothing brings the data back.
    const { items } = await client.list(pods, { namespace: claim.metadata.namespace ?? '' })
    return items.some((pod) => uses(pod, claim))
  }
  return {
    watches: [
      watchEvents(persistentvolumeclaims, { added: enqueueClaim, updated: (_, claim) => enqueueClaim(claim) }),
      watchEvents(pods, {
        added: podChanged,
        updated(old, pod) {
          podChanged(pod)
          if (old.metadata.uid !== pod.metadata.uid) enqueueClaimsOf(old)
        },
        deleted: enqueueClaimsOf,
      }),
    ],
    async reconcile(key) {
      const claim = claims.lister.getByKey(key)
      if (!claim) return
      if (awaitsFinalizer(claim, finalizer)) {
        if (!(await isUsed(claim))) await client.update(persistentvolumeclaims, withoutFinalizer(claim, finalizer))
      } else if (lacksFinalizer(claim, finalizer)) {
        await client.update(persistentvolumeclaims, withFinalizer(claim, finalizer))
      }
    },
  }
}

/** Keeps claims that pods use from being deleted. */
export const pvcProtectionController: ControllerDescriptor<ControllersOptions> = {
  name: 'persistentvolumeclaim-protection-controller',
  aliases: ['pvc-protection'],
  serviceAccount: 'pvc-protection-controller',
  inputs: [persistentvolumeclaims, pods],
  outputs: [{ resource: persistentvolumeclaims, ownership: 'shared' }],
  create,
}
