import { deployments, replicasets, statefulsets } from '#api/apps/v1'
import { pods, replicationcontrollers } from '#api/core/v1'
import { poddisruptionbudgets } from '#api/policy/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { DisruptionController } from './controller.ts'

/** Counts how many pods of each budget may be disrupted. */
export const disruptionController: ControllerDescriptor<ControllersOptions> = {
  name: 'disruption-controller',
  aliases: ['disruption'],
  eventSource: 'controllermanager',
  inputs: [poddisruptionbudgets, pods, deployments, replicasets, statefulsets, replicationcontrollers],
  outputs: [
    { resource: poddisruptionbudgets, subresource: 'status', ownership: 'exclusive' },
    { resource: pods, subresource: 'status', ownership: 'shared' },
  ],
  create: (context) => new DisruptionController(context, context.options.discover),
}
