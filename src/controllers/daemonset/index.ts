import { controllerrevisions, daemonsets } from '#api/apps/v1'
import { nodes, pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { DaemonSetController } from './controller.ts'

/** Keeps one pod on every node that wants it. */
export const daemonSetController: ControllerDescriptor<ControllersOptions> = {
  name: 'daemonset-controller',
  aliases: ['daemonset'],
  serviceAccount: 'daemon-set-controller',
  inputs: [daemonsets, pods, nodes, controllerrevisions],
  outputs: [
    { resource: daemonsets, subresource: 'status', ownership: 'exclusive' },
    { resource: pods, ownership: 'shared' },
    { resource: controllerrevisions, ownership: 'shared' },
  ],
  create: (context) => new DaemonSetController(context, context.options.concurrency?.daemonSets ?? 2),
}
