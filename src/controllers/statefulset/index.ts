import { controllerrevisions, statefulsets } from '#api/apps/v1'
import { persistentvolumeclaims, pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { StatefulSetController } from './controller.ts'

/** Keeps pods that have each a name, a number and storage of their own. */
export const statefulSetController: ControllerDescriptor<ControllersOptions> = {
  name: 'statefulset-controller',
  aliases: ['statefulset'],
  inputs: [statefulsets, pods, persistentvolumeclaims, controllerrevisions],
  outputs: [
    { resource: statefulsets, subresource: 'status', ownership: 'exclusive' },
    { resource: pods, ownership: 'shared' },
    { resource: persistentvolumeclaims, ownership: 'shared' },
    { resource: controllerrevisions, ownership: 'shared' },
  ],
  create: (context) => new StatefulSetController(context, context.options.concurrency?.statefulSets ?? 5),
}
