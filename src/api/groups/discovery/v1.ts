import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of discovery.k8s.io v1. */
export const discoveryV1: GroupVersionData = {
  group: 'discovery.k8s.io',
  version: 'v1',
  priority: { group: 16200, version: 15 },
  definitionPrefix: 'io.k8s.api.discovery.v1',
  goPackage: 'k8s.io/api/discovery/v1',
  protoPackage: 'k8s.io.api.discovery.v1',
  resources: {
    endpointslices: {
      kind: 'EndpointSlice',
      singular: 'endpointslice',
      storageVersionHash: 'qgS0xkrxYAI=',
      lifecycle: { introduced: '1.21' },
    },
  },
  types: {
    Endpoint: {
      fields: {
        addresses: {
          id: 1,
          type: '[]string',
          required: true,
          listType: 'set',
          rules: { required: true, maxItems: '100' },
        },
        conditions: { id: 2, type: 'EndpointConditions' },
        hostname: { id: 3, type: '*string' },
        targetRef: { id: 4, type: '*core/v1.ObjectReference' },
        deprecatedTopology: { id: 5, type: 'map[string]string' },
        nodeName: { id: 6, type: '*string' },
        zone: { id: 7, type: '*string' },
        hints: { id: 8, type: '*EndpointHints' },
      },
    },
    EndpointConditions: {
      fields: {
        ready: { id: 1, type: '*bool' },
        serving: { id: 2, type: '*bool' },
        terminating: { id: 3, type: '*bool' },
      },
    },
    EndpointHints: {
      fields: {
        forZones: { id: 1, type: '[]ForZone', listType: 'atomic' },
        forNodes: { id: 2, type: '[]ForNode', listType: 'atomic' },
      },
    },
    EndpointPort: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: '*string' },
        protocol: { id: 2, type: '*string', goType: 'v1.Protocol', enum: ['SCTP', 'TCP', 'UDP'] },
        port: { id: 3, type: '*int32' },
        appProtocol: { id: 4, type: '*string' },
      },
    },
    EndpointSlice: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        addressType: {
          id: 4,
          type: 'string',
          goType: 'v1.AddressType',
          required: true,
          enum: ['FQDN', 'IPv4', 'IPv6'],
          rules: { required: true, immutable: true },
        },
        endpoints: { id: 2, type: '[]Endpoint', emit: 'always', listType: 'atomic', rules: { optional: true } },
        ports: { id: 3, type: '[]EndpointPort', emit: 'always', listType: 'atomic' },
      },
    },
    ForNode: {
      fields: {
        name: { id: 1, type: 'string', required: true },
      },
    },
    ForZone: {
      fields: {
        name: { id: 1, type: 'string', required: true },
      },
    },
  },
}
