import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of networking.k8s.io v1. */
export const networkingV1: GroupVersionData = {
  group: 'networking.k8s.io',
  version: 'v1',
  priority: { group: 17200, version: 15 },
  definitionPrefix: 'io.k8s.api.networking.v1',
  goPackage: 'k8s.io/api/networking/v1',
  protoPackage: 'k8s.io.api.networking.v1',
  resources: {
    ingressclasses: {
      kind: 'IngressClass',
      singular: 'ingressclass',
      clusterScoped: true,
      storageVersionHash: 'l/iqIbDgFyQ=',
      lifecycle: { introduced: '1.19' },
      fieldSelectors: ['metadata.namespace'],
    },
    ingresses: {
      kind: 'Ingress',
      singular: 'ingress',
      shortNames: ['ing'],
      storageVersionHash: '39NQlfNR+bo=',
      lifecycle: { introduced: '1.19' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    ipaddresses: {
      kind: 'IPAddress',
      singular: 'ipaddress',
      clusterScoped: true,
      shortNames: ['ip'],
      storageVersionHash: '3f/plJFChNE=',
      lifecycle: { introduced: '1.33' },
      fieldSelectors: ['metadata.namespace'],
    },
    networkpolicies: {
      kind: 'NetworkPolicy',
      singular: 'networkpolicy',
      shortNames: ['netpol'],
      storageVersionHash: 'YpfwF18m1G8=',
      lifecycle: { introduced: '1.7' },
    },
    servicecidrs: {
      kind: 'ServiceCIDR',
      singular: 'servicecidr',
      clusterScoped: true,
      storageVersionHash: 'gNLvruQhW2g=',
      lifecycle: { introduced: '1.33' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    HTTPIngressPath: {
      fields: {
        path: { id: 1, type: 'string' },
        pathType: {
          id: 3,
          type: '*string',
          goType: 'v1.PathType',
          required: true,
          enum: ['Exact', 'ImplementationSpecific', 'Prefix'],
        },
        backend: { id: 2, type: 'IngressBackend', required: true },
      },
    },
    HTTPIngressRuleValue: {
      fields: {
        paths: { id: 1, type: '[]HTTPIngressPath', required: true, listType: 'atomic' },
      },
    },
    IPAddress: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'IPAddressSpec', required: true, emit: 'nonEmpty' },
      },
    },
    IPAddressSpec: {
      fields: {
        parentRef: {
          id: 1,
          type: '*ParentReference',
          required: true,
          emit: 'nonEmpty',
          rules: { required: true, immutable: true },
        },
      },
    },
    IPBlock: {
      fields: {
        cidr: { id: 1, type: 'string', required: true, rules: { required: true } },
        except: { id: 2, type: '[]string', listType: 'atomic' },
      },
    },
    Ingress: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'IngressSpec' },
        status: { id: 3, type: 'IngressStatus' },
      },
    },
    IngressBackend: {
      fields: {
        service: { id: 4, type: '*IngressServiceBackend' },
        resource: { id: 3, type: '*core/v1.TypedLocalObjectReference' },
      },
    },
    IngressClass: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'IngressClassSpec' },
      },
    },
    IngressClassParametersReference: {
      fields: {
        apiGroup: { id: 1, type: '*string', protoName: 'aPIGroup' },
        kind: { id: 2, type: 'string', required: true, rules: { required: true } },
        name: { id: 3, type: 'string', required: true, rules: { required: true } },
        scope: { id: 4, type: '*string', emit: 'always' },
        namespace: { id: 5, type: '*string' },
      },
    },
    IngressClassSpec: {
      fields: {
        controller: { id: 1, type: 'string' },
        parameters: { id: 2, type: '*IngressClassParametersReference', rules: { optional: true } },
      },
    },
    IngressLoadBalancerIngress: {
      fields: {
        ip: { id: 1, type: 'string' },
        hostname: { id: 2, type: 'string' },
        ports: { id: 4, type: '[]IngressPortStatus', listType: 'atomic' },
      },
    },
    IngressLoadBalancerStatus: {
      fields: {
        ingress: { id: 1, type: '[]IngressLoadBalancerIngress', listType: 'atomic' },
      },
    },
    IngressPortStatus: {
      fields: {
        port: { id: 1, type: 'int32', required: true },
        protocol: { id: 2, type: 'string', goType: 'v1.Protocol', required: true, enum: ['SCTP', 'TCP', 'UDP'] },
        error: { id: 3, type: '*string' },
      },
    },
    IngressRule: {
      fields: {
        host: { id: 1, type: 'string' },
        '...IngressRuleValue': { id: 2 },
      },
    },
    IngressRuleValue: {
      openapi: false,
      fields: {
        http: { id: 1, type: '*HTTPIngressRuleValue' },
      },
    },
    IngressServiceBackend: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        port: { id: 2, type: 'ServiceBackendPort' },
      },
    },
    IngressSpec: {
      fields: {
        ingressClassName: { id: 4, type: '*string' },
        defaultBackend: { id: 1, type: '*IngressBackend' },
        tls: { id: 2, type: '[]IngressTLS', listType: 'atomic' },
        rules: { id: 3, type: '[]IngressRule', listType: 'atomic' },
      },
    },
    IngressStatus: {
      fields: {
        loadBalancer: { id: 1, type: 'IngressLoadBalancerStatus' },
      },
    },
    IngressTLS: {
      fields: {
        hosts: { id: 1, type: '[]string', listType: 'atomic' },
        secretName: { id: 2, type: 'string' },
      },
    },
    NetworkPolicy: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'NetworkPolicySpec' },
      },
    },
    NetworkPolicyEgressRule: {
      fields: {
        ports: { id: 1, type: '[]NetworkPolicyPort', listType: 'atomic' },
        to: { id: 2, type: '[]NetworkPolicyPeer', listType: 'atomic', rules: { optional: true } },
      },
    },
    NetworkPolicyIngressRule: {
      fields: {
        ports: { id: 1, type: '[]NetworkPolicyPort', listType: 'atomic' },
        from: { id: 2, type: '[]NetworkPolicyPeer', listType: 'atomic', rules: { optional: true } },
      },
    },
    NetworkPolicyPeer: {
      fields: {
        podSelector: { id: 1, type: '*meta/v1.LabelSelector' },
        namespaceSelector: { id: 2, type: '*meta/v1.LabelSelector' },
        ipBlock: { id: 3, type: '*IPBlock', rules: { optional: true } },
      },
    },
    NetworkPolicyPort: {
      fields: {
        protocol: { id: 1, type: '*string', goType: 'v1.Protocol', enum: ['SCTP', 'TCP', 'UDP'] },
        port: { id: 2, type: '*intOrString' },
        endPort: { id: 3, type: '*int32' },
      },
    },
    NetworkPolicySpec: {
      fields: {
        podSelector: { id: 1, type: 'meta/v1.LabelSelector', emit: 'always' },
        ingress: { id: 2, type: '[]NetworkPolicyIngressRule', listType: 'atomic', rules: { optional: true } },
        egress: { id: 3, type: '[]NetworkPolicyEgressRule', listType: 'atomic', rules: { optional: true } },
        policyTypes: {
          id: 4,
          type: '[]string',
          goType: '[]v1.PolicyType',
          enum: ['Egress', 'Ingress'],
          listType: 'atomic',
        },
      },
    },
    ParentReference: {
      fields: {
        group: { id: 1, type: 'string' },
        resource: { id: 2, type: 'string', required: true, emit: 'nonEmpty', rules: { required: true } },
        namespace: { id: 3, type: 'string' },
        name: { id: 4, type: 'string', required: true, emit: 'nonEmpty', rules: { required: true } },
      },
    },
    ServiceBackendPort: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string' },
        number: { id: 2, type: 'int32' },
      },
    },
    ServiceCIDR: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ServiceCIDRSpec' },
        status: { id: 3, type: 'ServiceCIDRStatus' },
      },
    },
    ServiceCIDRSpec: {
      fields: {
        cidrs: { id: 1, type: '[]string', listType: 'atomic' },
      },
    },
    ServiceCIDRStatus: {
      fields: {
        conditions: {
          id: 1,
          type: '[]meta/v1.Condition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
  },
}
