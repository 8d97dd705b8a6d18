import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: endpoints of Services. */
export const endpoints: GroupVersionPart = {
  resources: {
    endpoints: {
      kind: 'Endpoints',
      singular: 'endpoints',
      shortNames: ['ep'],
      storageVersionHash: 'fWeeMqaN/OA=',
      lifecycle: { introduced: '1.0' },
    },
  },
  types: {
    EndpointAddress: {
      mapType: 'atomic',
      fields: {
        ip: { id: 1, type: 'string', required: true },
        hostname: { id: 3, type: 'string' },
        nodeName: { id: 4, type: '*string' },
        targetRef: { id: 2, type: '*ObjectReference' },
      },
    },
    EndpointPort: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string' },
        port: { id: 2, type: 'int32', required: true },
        protocol: { id: 3, type: 'string', goType: 'v1.Protocol', enum: ['SCTP', 'TCP', 'UDP'] },
        appProtocol: { id: 4, type: '*string' },
      },
    },
    EndpointSubset: {
      fields: {
        addresses: { id: 1, type: '[]EndpointAddress', listType: 'atomic' },
        notReadyAddresses: { id: 2, type: '[]EndpointAddress', listType: 'atomic' },
        ports: { id: 3, type: '[]EndpointPort', listType: 'atomic' },
      },
    },
    Endpoints: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        subsets: { id: 2, type: '[]EndpointSubset', listType: 'atomic' },
      },
    },
  },
}
