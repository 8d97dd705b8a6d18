import { messageOf } from '#base'
import { persistentvolumeclaims, pods } from '#api/core/v1'
import type { PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import { controllerReference } from '#client'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { keyOf } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { ephemeralClaimName, isClaimFor, podsByClaim, podsUsing } from '../common/volumes/claims.ts'
import type { ControllersOptions } from '../options.ts'

function create({ informers, client, queue, events }: ControllerContext<ControllersOptions>): Controller {
  const claims = informers.informer(persistentvolumeclaims)
  const podInformer = podsByClaim(informers)
  const record = recorderFor(events, pods)
  const enqueue = (pod: Pod): void => {
    if (pod.metadata.deletionTimestamp === undefined && pod.spec.volumes?.some(({ ephemeral }) => ephemeral)) {
      queue.add(keyOf(pod))
    }
  }

  const makeClaim = async (pod: Pod, volume: Volume): Promise<void> => {
    const { namespace = '', name: podName = '' } = pod.metadata
    const name = ephemeralClaimName(podName, volume.name)
    const existing = claims.lister.get({ namespace, name })
    if (existing) {
      if (isClaimFor(existing, pod)) return
      throw new Error(`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`)
    }
    const { metadata, spec } = volume.ephemeral?.volumeClaimTemplate ?? { spec: {} }
    const { labels, annotations } = metadata ?? {}
    const claim: PersistentVolumeClaim = {
      metadata: {
        name,
        namespace,
        ...(labels ? { labels } : {}),
        ...(annotations ? { annotations } : {}),
        ownerReferences: [controllerReference(pod, pods)],
      },
      spec,
    }
    try {
      await client.create(persistentvolumeclaims, claim)
    } catch (error) {
      throw new Error(`create PVC ${name}: ${messageOf(error)}`, { cause: error })
    }
  }

  return {
    concurrency: 5,
    watches: [
      watchEvents(pods, { added: enqueue }),
      watchEvents(persistentvolumeclaims, {
        deleted: (claim) => {
          for (const pod of podsUsing(podInformer, keyOf(claim))) enqueue(pod)
        },
      }),
    ],
    async reconcile(key) {
      const pod = podInformer.lister.getByKey(key)
      if (!pod || pod.metadata.deletionTimestamp !== undefined) return
      for (const volume of pod.spec.volumes ?? []) {
        if (!volume.ephemeral) continue
        try {
          await makeClaim(pod, volume)
        } catch (error) {
          const message = `ephemeral volume ${volume.name}: ${messageOf(error)}`
          record(pod, 'Warning', 'FailedBinding', message)
          throw new Error(message, { cause: error })
        }
      }
    },
  }
}

/** Makes the claims of volumes that live as long as their pod. */
export const ephemeralVolumeController: ControllerDescriptor<ControllersOptions> = {
  name: 'ephemeral-volume-controller',
  aliases: ['ephemeral-volume'],
  eventSource: 'ephemeral_volume',
  inputs: [pods, persistentvolumeclaims],
  outputs: [{ resource: persistentvolumeclaims, ownership: 'shared' }],
  create,
}
