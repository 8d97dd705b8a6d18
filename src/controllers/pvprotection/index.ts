import { persistentvolumes } from '#api/core/v1'
import type { PersistentVolume } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { keyOf } from '#machinery'
import { awaitsFinalizer, lacksFinalizer, withFinalizer, withoutFinalizer } from '../common/meta/finalizers.ts'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const finalizer = 'kubernetes.io/pv-protection'

function create({ informers, client, queue }: ControllerContext<ControllersOptions>): Controller {
  const volumes = informers.informer(persistentvolumes)
  const enqueue = (volume: PersistentVolume): void => {
    if (awaitsFinalizer(volume, finalizer) || lacksFinalizer(volume, finalizer)) queue.add(keyOf(volume))
  }
  return {
    watches: [watchEvents(persistentvolumes, { added: enqueue, updated: (_, volume) => enqueue(volume) })],
    async reconcile(key) {
      const volume = volumes.lister.getByKey(key)
      if (!volume) return
      if (awaitsFinalizer(volume, finalizer)) {
        if (volume.status?.phase === 'Bound') return
        await client.update(persistentvolumes, withoutFinalizer(volume, finalizer))
      } else if (lacksFinalizer(volume, finalizer)) {
        await client.update(persistentvolumes, withFinalizer(volume, finalizer))
      }
    },
  }
}

/** Keeps volumes that are bound from being deleted. */
export const pvProtectionController: ControllerDescriptor<ControllersOptions> = {
  name: 'persistentvolume-protection-controller',
  aliases: ['pv-protection'],
  serviceAccount: 'pv-protection-controller',
  inputs: [persistentvolumes],
  outputs: [{ resource: persistentvolumes, ownership: 'shared' }],
  create,
}
