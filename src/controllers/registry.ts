import type { ControllerDescriptor } from '#client'
import { cronJobController } from './cronjob/index.ts'
import { daemonSetController } from './daemonset/index.ts'
import { deploymentController } from './deployment/index.ts'
import { endpointsController } from './endpoints/index.ts'
import { endpointSliceController } from './endpointslice/index.ts'
import { endpointSliceMirroringController } from './endpointslicemirroring/index.ts'
import { garbageCollectorController } from './garbagecollector/index.ts'
import { jobController } from './job/index.ts'
import { legacyTokenCleanerController } from './legacytokencleaner/index.ts'
import { namespaceController } from './namespace/index.ts'
import { nodeIPAMController } from './nodeipam/index.ts'
import { nodeLifecycleController } from './nodelifecycle/index.ts'
import type { ControllersOptions } from './options.ts'
import { podGCController } from './podgc/index.ts'
import { replicaSetController } from './replicaset/index.ts'
import { replicationController } from './replicationcontroller/index.ts'
import { rootCaPublisherController } from './rootca/index.ts'
import { serviceAccountController } from './serviceaccount/index.ts'
import { taintEvictionController } from './tainteviction/index.ts'
import { statefulSetController } from './statefulset/index.ts'
import { tokensController } from './tokens/index.ts'

/** Every controller, in the order in which they start. */
export const controllers: readonly ControllerDescriptor<ControllersOptions>[] = [
  tokensController,
  endpointsController,
  endpointSliceController,
  endpointSliceMirroringController,
  replicationController,
  podGCController,
  namespaceController,
  serviceAccountController,
  garbageCollectorController,
  daemonSetController,
  jobController,
  statefulSetController,
  cronJobController,
  deploymentController,
  replicaSetController,
  nodeIPAMController,
  nodeLifecycleController,
  taintEvictionController,
  rootCaPublisherController,
  legacyTokenCleanerController,
]
