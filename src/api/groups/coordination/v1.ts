import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of coordination.k8s.io v1. */
export const coordinationV1: GroupVersionData = {
  group: 'coordination.k8s.io',
  version: 'v1',
  priority: { group: 16500, version: 15 },
  definitionPrefix: 'io.k8s.api.coordination.v1',
  goPackage: 'k8s.io/api/coordination/v1',
  protoPackage: 'k8s.io.api.coordination.v1',
  resources: {
    leases: { kind: 'Lease', singular: 'lease', storageVersionHash: 'gqkMMb/YqFM=', lifecycle: { introduced: '1.14' } },
  },
  types: {
    Lease: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'LeaseSpec' },
      },
    },
    LeaseSpec: {
      fields: {
        holderIdentity: { id: 1, type: '*string' },
        leaseDurationSeconds: { id: 2, type: '*int32' },
        acquireTime: { id: 3, type: '*microTime' },
        renewTime: { id: 4, type: '*microTime' },
        leaseTransitions: { id: 5, type: '*int32' },
        strategy: {
          id: 6,
          type: '*string',
          goType: 'v1.CoordinatedLeaseStrategy',
          values: ['OldestEmulationVersion'],
          gate: 'CoordinatedLeaderElection',
        },
        preferredHolder: { id: 7, type: '*string', gate: 'CoordinatedLeaderElection' },
      },
    },
  },
}
