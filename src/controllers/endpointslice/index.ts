import { nodes, pods, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { EndpointSliceController } from './controller.ts'

/** Lists the endpoints behind each Service in slices. */
export const endpointSliceController: ControllerDescriptor<ControllersOptions> = {
  name: 'endpointslice-controller',
  aliases: ['endpointslice'],
  eventSource: 'endpoint-slice-controller',
  inputs: [services, pods, nodes, endpointslices],
  outputs: [{ resource: endpointslices, ownership: 'shared' }],
  create: (context) =>
    new EndpointSliceController(context, {
      concurrency: context.options.concurrency?.endpointSlices ?? 5,
      maxPerSlice: context.options.maxEndpointsPerSlice ?? 100,
    }),
}
