import type { ControllerDescriptor } from '#client'
import { deploymentController } from './deployment/index.ts'
import type { ControllersOptions } from './options.ts'
import { replicaSetController } from './replicaset/index.ts'
import { replicationController } from './replicationcontroller/index.ts'

/** Every controller, in the order in which they start. */
export const controllers: readonly ControllerDescriptor<ControllersOptions>[] = [
  replicationController,
  deploymentController,
  replicaSetController,
]
