import { endpoints, pods, services } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { EndpointsController } from './controller.ts'

/** Lists the addresses behind each Service in an Endpoints object. */
export const endpointsController: ControllerDescriptor<ControllersOptions> = {
  name: 'endpoints-controller',
  aliases: ['endpoint'],
  eventSource: 'endpoint-controller',
  serviceAccount: 'endpoint-controller',
  inputs: [services, pods, endpoints],
  outputs: [{ resource: endpoints, ownership: 'exclusive' }],
  create: (context) => new EndpointsController(context, context.options.concurrency?.endpoints ?? 5),
}
