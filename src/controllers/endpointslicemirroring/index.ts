import { endpoints, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { EndpointSliceMirroringController } from './controller.ts'

/** Repeats Endpoints that someone writes by hand in slices. */
export const endpointSliceMirroringController: ControllerDescriptor<ControllersOptions> = {
  name: 'endpointslice-mirroring-controller',
  aliases: ['endpointslicemirroring'],
  eventSource: 'endpoint-slice-mirroring-controller',
  serviceAccount: 'endpointslicemirroring-controller',
  inputs: [endpoints, services, endpointslices],
  outputs: [{ resource: endpointslices, ownership: 'shared' }],
  create: (context) =>
    new EndpointSliceMirroringController(context, context.options.concurrency?.endpointSliceMirroring ?? 5),
}
