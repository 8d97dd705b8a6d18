import { pods } from '#api/core/v1'
import { resourceclaims, resourceclaimtemplates } from '#api/resource/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { ResourceClaimController } from './controller.ts'

/** Makes and releases the claims of dynamic resource allocation (KEP-4381). */
export const resourceClaimController: ControllerDescriptor<ControllersOptions> = {
  name: 'resourceclaim-controller',
  aliases: ['resource-claim-controller'],
  eventSource: 'resource_claim',
  serviceAccount: 'resource-claim-controller',
  inputs: [pods, resourceclaims, resourceclaimtemplates],
  outputs: [
    { resource: resourceclaims, ownership: 'shared' },
    { resource: resourceclaims, subresource: 'status', ownership: 'shared' },
    { resource: pods, subresource: 'status', ownership: 'shared' },
  ],
  create: (context) => new ResourceClaimController(context),
}
