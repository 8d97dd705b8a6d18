import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: Services. */
export const service: GroupVersionPart = {
  resources: {
    services: {
      kind: 'Service',
      singular: 'service',
      shortNames: ['svc'],
      categories: ['all'],
      storageVersionHash: '0/CO1lhkEBI=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['spec.clusterIP', 'spec.type'],
      subresources: {
        proxy: {
          verbs: ['create', 'delete', 'get', 'patch', 'update'],
          kind: 'ServiceProxyOptions',
          kindGroup: '',
          kindVersion: 'v1',
        },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    ClientIPConfig: {
      fields: {
        timeoutSeconds: { id: 1, type: '*int32' },
      },
    },
    LoadBalancerIngress: {
      fields: {
        ip: { id: 1, type: 'string' },
        hostname: { id: 2, type: 'string' },
        ipMode: { id: 3, type: '*string', goType: 'v1.LoadBalancerIPMode', values: ['VIP', 'Proxy'] },
        ports: { id: 4, type: '[]PortStatus', listType: 'atomic' },
      },
    },
    LoadBalancerStatus: {
      fields: {
        ingress: { id: 1, type: '[]LoadBalancerIngress', listType: 'atomic' },
      },
    },
    PortStatus: {
      fields: {
        port: { id: 1, type: 'int32', required: true },
        protocol: { id: 2, type: 'string', goType: 'v1.Protocol', required: true, enum: ['SCTP', 'TCP', 'UDP'] },
        error: { id: 3, type: '*string' },
      },
    },
    Service: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ServiceSpec' },
        status: { id: 3, type: 'ServiceStatus' },
      },
    },
    ServicePort: {
      fields: {
        name: { id: 1, type: 'string' },
        protocol: { id: 2, type: 'string', goType: 'v1.Protocol', default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'] },
        appProtocol: { id: 6, type: '*string' },
        port: { id: 3, type: 'int32', required: true },
        targetPort: { id: 4, type: 'intOrString' },
        nodePort: { id: 5, type: 'int32' },
      },
    },
    ServiceSpec: {
      fields: {
        ports: {
          id: 1,
          type: '[]ServicePort',
          listType: 'map',
          keys: ['port', 'protocol'],
          patch: 'merge',
          mergeKey: 'port',
        },
        selector: { id: 2, type: 'map[string]string', mapType: 'atomic' },
        clusterIP: { id: 3, type: 'string' },
        clusterIPs: { id: 18, type: '[]string', listType: 'atomic' },
        type: {
          id: 4,
          type: 'string',
          goType: 'v1.ServiceType',
          enum: ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
        },
        externalIPs: { id: 5, type: '[]string', listType: 'atomic' },
        sessionAffinity: { id: 7, type: 'string', goType: 'v1.ServiceAffinity', enum: ['ClientIP', 'None'] },
        loadBalancerIP: { id: 8, type: 'string' },
        loadBalancerSourceRanges: { id: 9, type: '[]string', listType: 'atomic' },
        externalName: { id: 10, type: 'string' },
        externalTrafficPolicy: {
          id: 11,
          type: 'string',
          goType: 'v1.ServiceExternalTrafficPolicy',
          enum: ['Cluster', 'Local'],
        },
        healthCheckNodePort: { id: 12, type: 'int32' },
        publishNotReadyAddresses: { id: 13, type: 'bool' },
        sessionAffinityConfig: { id: 14, type: '*SessionAffinityConfig' },
        ipFamilies: {
          id: 19,
          type: '[]string',
          goType: '[]v1.IPFamily',
          enum: ['', 'IPv4', 'IPv6'],
          listType: 'atomic',
        },
        ipFamilyPolicy: {
          id: 17,
          type: '*string',
          goType: 'v1.IPFamilyPolicy',
          enum: ['PreferDualStack', 'RequireDualStack', 'SingleStack'],
        },
        allocateLoadBalancerNodePorts: { id: 20, type: '*bool' },
        loadBalancerClass: { id: 21, type: '*string' },
        internalTrafficPolicy: {
          id: 22,
          type: '*string',
          goType: 'v1.ServiceInternalTrafficPolicy',
          enum: ['Cluster', 'Local'],
        },
        trafficDistribution: { id: 23, type: '*string' },
      },
    },
    ServiceStatus: {
      fields: {
        loadBalancer: { id: 1, type: 'LoadBalancerStatus' },
        conditions: {
          id: 2,
          type: '[]meta/v1.Condition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    SessionAffinityConfig: {
      fields: {
        clientIP: { id: 1, type: '*ClientIPConfig' },
      },
    },
  },
}
