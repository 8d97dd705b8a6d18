import { gather } from '../../schema/gather.ts'
import type { GroupVersionData } from '../../schema/group-version.ts'
import { claim } from './v1/claim.ts'
import { claimStatus } from './v1/claim-status.ts'
import { deviceClass } from './v1/device-class.ts'
import { slice } from './v1/slice.ts'

/** API data of resource.k8s.io v1. */
export const resourceV1: GroupVersionData = {
  group: 'resource.k8s.io',
  version: 'v1',
  priority: { group: 16200, version: 21 },
  definitionPrefix: 'io.k8s.api.resource.v1',
  goPackage: 'k8s.io/api/resource/v1',
  protoPackage: 'k8s.io.api.resource.v1',
  ...gather([claim, claimStatus, deviceClass, slice]),
}
