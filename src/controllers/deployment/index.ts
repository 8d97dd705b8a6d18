import { deployments, replicasets } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { DeploymentController } from './controller.ts'

/** Rolls out what Deployments declare. */
export const deploymentController: ControllerDescriptor<ControllersOptions> = {
  name: 'deployment-controller',
  aliases: ['deployment'],
  inputs: [deployments, replicasets, pods],
  outputs: [
    { resource: deployments, ownership: 'shared' },
    { resource: deployments, subresource: 'status', ownership: 'exclusive' },
    { resource: replicasets, ownership: 'exclusive' },
  ],
  create: (context) => new DeploymentController(context, context.options.concurrency?.deployments ?? 5),
}
