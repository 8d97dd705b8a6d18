import type { ControllerDescriptor } from '#client'
import { admissionPolicyStatusController } from './admissionpolicystatus/index.ts'
import { attachDetachController } from './attachdetach/index.ts'
import { bootstrapSignerController } from './bootstrapsigner/index.ts'
import {
  certificateApprovingController,
  certificateCleanerController,
  certificateSigningController,
} from './certificates/index.ts'
import { clusterRoleAggregationController } from './clusterroleaggregation/index.ts'
import { cronJobController } from './cronjob/index.ts'
import { daemonSetController } from './daemonset/index.ts'
import { deploymentController } from './deployment/index.ts'
import { deviceTaintEvictionController } from './devicetainteviction/index.ts'
import { disruptionController } from './disruption/index.ts'
import { endpointsController } from './endpoints/index.ts'
import { endpointSliceController } from './endpointslice/index.ts'
import { endpointSliceMirroringController } from './endpointslicemirroring/index.ts'
import { ephemeralVolumeController } from './ephemeralvolume/index.ts'
import { volumeExpandController } from './expand/index.ts'
import { garbageCollectorController } from './garbagecollector/index.ts'
import { jobController } from './job/index.ts'
import { legacyTokenCleanerController } from './legacytokencleaner/index.ts'
import { localVolumeController } from './localvolumes/index.ts'
import { namespaceController } from './namespace/index.ts'
import { nodeIPAMController } from './nodeipam/index.ts'
import { nodeLifecycleController } from './nodelifecycle/index.ts'
import { horizontalPodAutoscalerController } from './podautoscaler/index.ts'
import { podGCController } from './podgc/index.ts'
import { persistentVolumeBinderController } from './pvbinder/index.ts'
import { pvcProtectionController } from './pvcprotection/index.ts'
import { pvProtectionController } from './pvprotection/index.ts'
import { replicaSetController } from './replicaset/index.ts'
import { replicationController } from './replicationcontroller/index.ts'
import { resourceClaimController } from './resourceclaim/index.ts'
import { resourceQuotaController } from './resourcequota/index.ts'
import { rootCaPublisherController } from './rootca/index.ts'
import { serviceCIDRController } from './servicecidr/index.ts'
import { serviceLoadBalancerController } from './serviceloadbalancer/index.ts'
import { serviceAccountController } from './serviceaccount/index.ts'
import { statefulSetController } from './statefulset/index.ts'
import { taintEvictionController } from './tainteviction/index.ts'
import { tokenCleanerController } from './tokencleaner/index.ts'
import { tokensController } from './tokens/index.ts'
import { ttlController } from './ttl/index.ts'
import { ttlAfterFinishedController } from './ttlafterfinished/index.ts'
import { vacProtectionController } from './vacprotection/index.ts'
import type { ControllersOptions } from './options.ts'

/** Every controller, in the order in which they start. */
export const controllers: readonly ControllerDescriptor<ControllersOptions>[] = [
  tokensController,
  endpointsController,
  endpointSliceController,
  endpointSliceMirroringController,
  replicationController,
  podGCController,
  resourceQuotaController,
  namespaceController,
  serviceAccountController,
  garbageCollectorController,
  daemonSetController,
  jobController,
  deploymentController,
  replicaSetController,
  horizontalPodAutoscalerController,
  disruptionController,
  statefulSetController,
  cronJobController,
  certificateSigningController,
  certificateApprovingController,
  certificateCleanerController,
  ttlController,
  bootstrapSignerController,
  tokenCleanerController,
  serviceLoadBalancerController,
  nodeIPAMController,
  nodeLifecycleController,
  taintEvictionController,
  deviceTaintEvictionController,
  persistentVolumeBinderController,
  localVolumeController,
  attachDetachController,
  volumeExpandController,
  ephemeralVolumeController,
  resourceClaimController,
  clusterRoleAggregationController,
  pvcProtectionController,
  pvProtectionController,
  ttlAfterFinishedController,
  rootCaPublisherController,
  legacyTokenCleanerController,
  admissionPolicyStatusController,
  vacProtectionController,
  serviceCIDRController,
]
