import { resourcequotas } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { ResourceQuotaController } from './controller.ts'

/** Keeps record of what quotas limit. */
export const resourceQuotaController: ControllerDescriptor<ControllersOptions> = {
  name: 'resourcequota-controller',
  aliases: ['resourcequota'],
  inputs: [resourcequotas],
  outputs: [{ resource: resourcequotas, subresource: 'status', ownership: 'exclusive' }],
  create: (context) =>
    new ResourceQuotaController(context, {
      concurrency: context.options.concurrency?.resourceQuotas ?? 5,
      discover: context.options.discover,
    }),
}
