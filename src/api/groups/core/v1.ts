import { gather } from '../../schema/gather.ts'
import type { GroupVersionData } from '../../schema/group-version.ts'
import { componentStatus } from './v1/component-status.ts'
import { config } from './v1/config.ts'
import { connect } from './v1/connect.ts'
import { container } from './v1/container.ts'
import { containerStatus } from './v1/container-status.ts'
import { endpoints } from './v1/endpoints.ts'
import { environment } from './v1/environment.ts'
import { event } from './v1/event.ts'
import { handlers } from './v1/handlers.ts'
import { limits } from './v1/limits.ts'
import { namespace } from './v1/namespace.ts'
import { node } from './v1/node.ts'
import { persistentVolume } from './v1/persistent-volume.ts'
import { persistentVolumeClaim } from './v1/persistent-volume-claim.ts'
import { pod } from './v1/pod.ts'
import { podStatus } from './v1/pod-status.ts'
import { references } from './v1/references.ts'
import { replicationController } from './v1/replication-controller.ts'
import { scheduling } from './v1/scheduling.ts'
import { security } from './v1/security.ts'
import { service } from './v1/service.ts'
import { storageSystems } from './v1/storage-systems.ts'
import { volumes } from './v1/volumes.ts'

/** API data of the core group v1. */
export const coreV1: GroupVersionData = {
  group: '',
  version: 'v1',
  priority: { group: 18000, version: 1 },
  definitionPrefix: 'io.k8s.api.core.v1',
  goPackage: 'k8s.io/api/core/v1',
  protoPackage: 'k8s.io.api.core.v1',
  ...gather([
    componentStatus,
    config,
    connect,
    container,
    containerStatus,
    endpoints,
    environment,
    event,
    handlers,
    limits,
    namespace,
    node,
    persistentVolume,
    persistentVolumeClaim,
    pod,
    podStatus,
    references,
    replicationController,
    scheduling,
    security,
    service,
    storageSystems,
    volumes,
  ]),
}
