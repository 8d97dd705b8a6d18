import { customresourcedefinitions } from '#api/apiextensions/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { GarbageCollector } from './controller.ts'

/** Deletes what has lost its owners. Reads every resource whose objects can be deleted. */
export const garbageCollectorController: ControllerDescriptor<ControllersOptions> = {
  name: 'garbage-collector-controller',
  aliases: ['garbagecollector'],
  serviceAccount: 'generic-garbage-collector',
  inputs: [customresourcedefinitions],
  create: (context) =>
    new GarbageCollector(context, {
      concurrency: context.options.concurrency?.garbageCollector ?? 20,
      discover: context.options.discover,
    }),
}
