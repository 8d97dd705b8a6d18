import { nodes, persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import { storageclasses } from '#api/storage/v1'
import type { ControllerDescriptor } from '#client'
import { idleController } from '../common/idle.ts'
import type { ControllersOptions } from '../options.ts'
import { LocalVolumeProvisioner } from './controller.ts'

/** Provisions volumes in folders of nodes. Idle where nobody gives it a way to these. */
export const localVolumeController: ControllerDescriptor<ControllersOptions> = {
  name: 'local-volume-provisioner-controller',
  eventSource: 'k8ts.dev/local',
  serviceAccount: 'persistent-volume-binder',
  inputs: [persistentvolumeclaims, persistentvolumes, storageclasses, nodes],
  outputs: [
    { resource: persistentvolumes, ownership: 'shared' },
    { resource: persistentvolumeclaims, ownership: 'shared' },
  ],
  create(context) {
    const { localVolumes } = context.options
    return localVolumes ? new LocalVolumeProvisioner(context, localVolumes) : idleController
  },
}
