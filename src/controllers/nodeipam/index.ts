import { nodes } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import { idleController } from '../common/idle.ts'
import type { ControllersOptions } from '../options.ts'
import { NodeIPAMController } from './controller.ts'

/** Gives nodes their blocks of pod addresses. Idle without a block for the cluster. */
export const nodeIPAMController: ControllerDescriptor<ControllersOptions> = {
  name: 'node-ipam-controller',
  aliases: ['nodeipam'],
  eventSource: 'cidrAllocator',
  serviceAccount: 'node-controller',
  inputs: [nodes],
  outputs: [{ resource: nodes, ownership: 'shared' }],
  create(context) {
    const { clusterCIDRs = [], serviceCIDRs = [], nodeCIDRMaskSizes } = context.options
    if (clusterCIDRs.length === 0) return idleController
    const maskSizes = { IPv4: 24, IPv6: 64, ...nodeCIDRMaskSizes }
    return new NodeIPAMController(context, { clusterCIDRs, serviceCIDRs, maskSizes })
  },
}
