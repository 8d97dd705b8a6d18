import { nodes, pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { TaintEvictionController } from './controller.ts'

/** Deletes pods that do not tolerate the taints of their node. */
export const taintEvictionController: ControllerDescriptor<ControllersOptions> = {
  name: 'taint-eviction-controller',
  serviceAccount: 'node-controller',
  inputs: [nodes, pods],
  outputs: [
    { resource: pods, ownership: 'shared' },
    { resource: pods, subresource: 'status', ownership: 'shared' },
  ],
  create: (context) => new TaintEvictionController(context),
}
