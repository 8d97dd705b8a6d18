import { nodes, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { ControllerDescriptor } from '#client'
import { idleController } from '../common/idle.ts'
import type { ControllersOptions } from '../options.ts'
import { ServiceLoadBalancerController } from './controller.ts'

/** Gives Services of type LoadBalancer addresses. Idle where somebody else does that. */
export const serviceLoadBalancerController: ControllerDescriptor<ControllersOptions> = {
  name: 'service-lb-controller',
  aliases: ['service'],
  eventSource: 'service-controller',
  serviceAccount: 'service-controller',
  inputs: [services, nodes, endpointslices],
  outputs: [{ resource: services, subresource: 'status', ownership: 'shared' }],
  create(context) {
    const { loadBalancer } = context.options
    return loadBalancer ? new ServiceLoadBalancerController(context, loadBalancer) : idleController
  },
}
