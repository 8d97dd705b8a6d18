import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import { volumeattributesclasses } from '#api/storage/v1'
import type { VolumeAttributesClass } from '#api/storage/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { awaitsFinalizer, lacksFinalizer, withFinalizer, withoutFinalizer } from '../common/meta/finalizers.ts'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const finalizer = 'kubernetes.io/vac-protection'
const index = 'volumeAttributesClassName'

const named = (...names: (string | undefined)[]): string[] => [
  ...new Set(names.flatMap((name) => (name ? [name] : []))),
]
const classesOfVolume = ({ spec }: PersistentVolume): string[] => named(spec.volumeAttributesClassName)
const classesOfClaim = ({ spec, status }: PersistentVolumeClaim): string[] =>
  named(
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  )

function create({ informers, client, queue }: ControllerContext<ControllersOptions>): Controller {
  const classes = informers.informer(volumeattributesclasses)
  const volumes = informers.informer(persistentvolumes)
  const claims = informers.informer(persistentvolumeclaims)
  volumes.addIndexer(index, classesOfVolume)
  claims.addIndexer(index, classesOfClaim)
  const enqueue = (object: VolumeAttributesClass): void => {
    if (awaitsFinalizer(object, finalizer) || lacksFinalizer(object, finalizer)) queue.add(object.metadata.name ?? '')
  }
  const isUsed = (name: string): boolean => {
    for (const _ of volumes.lister.byIndex(index, name)) return true
    for (const _ of claims.lister.byIndex(index, name)) return true
    return false
  }
  /** Classes that an object no longer names may go. */
  const released = <T>(
    classesOf: (object: T) => readonly string[],
  ): { updated(old: T, object: T): void; deleted(object: T): void } => ({
    updated(old, object) {
      const still = classesOf(object)
      for (const name of classesOf(old)) if (!still.includes(name)) queue.add(name)
    },
    deleted(object) {
      for (const name of classesOf(object)) queue.add(name)
    },
  })
  return {
    watches: [
      watchEvents(volumeattributesclasses, { added: enqueue, updated: (_, object) => enqueue(object) }),
      watchEvents(persistentvolumes, released(classesOfVolume)),
      watchEvents(persistentvolumeclaims, released(classesOfClaim)),
    ],
    async reconcile(name) {
      const object = classes.lister.get({ name })
      if (!object) return
      if (awaitsFinalizer(object, finalizer)) {
        if (!isUsed(name)) await client.update(volumeattributesclasses, withoutFinalizer(object, finalizer))
      } else if (lacksFinalizer(object, finalizer)) {
        await client.update(volumeattributesclasses, withFinalizer(object, finalizer))
      }
    },
  }
}

/** Keeps classes of volume attributes that are in use from being deleted. */
export const vacProtectionController: ControllerDescriptor<ControllersOptions> = {
  name: 'volumeattributesclass-protection-controller',
  serviceAccount: 'volumeattributesclass-protection-controller',
  inputs: [volumeattributesclasses, persistentvolumes, persistentvolumeclaims],
  outputs: [{ resource: volumeattributesclasses, ownership: 'shared' }],
  create,
}
