import { nodes, pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { PodGCController } from './controller.ts'

/** Deletes pods that nobody else will. */
export const podGCController: ControllerDescriptor<ControllersOptions> = {
  name: 'pod-garbage-collector-controller',
  aliases: ['podgc'],
  serviceAccount: 'pod-garbage-collector',
  inputs: [pods, nodes],
  outputs: [
    { resource: pods, ownership: 'shared' },
    { resource: pods, subresource: 'status', ownership: 'shared' },
  ],
  create: (context) => new PodGCController(context, context.options.terminatedPodThreshold ?? 12_500),
}
