import { nodes, persistentvolumeclaims, persistentvolumes, pods } from '#api/core/v1'
import { csidrivers, volumeattachments } from '#api/storage/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { AttachDetachController } from './controller.ts'

/** Attaches volumes of drivers to the nodes of the pods that use them. */
export const attachDetachController: ControllerDescriptor<ControllersOptions> = {
  name: 'persistentvolume-attach-detach-controller',
  aliases: ['attachdetach'],
  eventSource: 'attachdetach-controller',
  serviceAccount: 'attachdetach-controller',
  inputs: [nodes, pods, persistentvolumeclaims, persistentvolumes, csidrivers, volumeattachments],
  outputs: [
    { resource: volumeattachments, ownership: 'shared' },
    { resource: nodes, subresource: 'status', ownership: 'shared' },
  ],
  create: (context) => new AttachDetachController(context),
}
