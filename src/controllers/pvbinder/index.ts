import { persistentvolumeclaims, persistentvolumes, pods } from '#api/core/v1'
import { storageclasses } from '#api/storage/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { VolumeBinder } from './controller.ts'

/** Binds claims to volumes. */
export const persistentVolumeBinderController: ControllerDescriptor<ControllersOptions> = {
  name: 'persistentvolume-binder-controller',
  aliases: ['persistentvolume-binder'],
  eventSource: 'persistentvolume-controller',
  serviceAccount: 'persistent-volume-binder',
  inputs: [persistentvolumeclaims, persistentvolumes, storageclasses, pods],
  outputs: [
    { resource: persistentvolumeclaims, ownership: 'shared' },
    { resource: persistentvolumeclaims, subresource: 'status', ownership: 'shared' },
    { resource: persistentvolumes, ownership: 'shared' },
    { resource: persistentvolumes, subresource: 'status', ownership: 'exclusive' },
  ],
  create: (context) => new VolumeBinder(context),
}
