import { pods } from '#api/core/v1'
import { resourceclaims, resourceslices } from '#api/resource/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { DeviceTaintEvictionController } from './controller.ts'

/** Deletes pods whose devices became unfit for them. */
export const deviceTaintEvictionController: ControllerDescriptor<ControllersOptions> = {
  name: 'device-taint-eviction-controller',
  inputs: [pods, resourceclaims, resourceslices],
  outputs: [
    { resource: pods, ownership: 'shared' },
    { resource: pods, subresource: 'status', ownership: 'shared' },
  ],
  create: (context) => new DeviceTaintEvictionController(context),
}
