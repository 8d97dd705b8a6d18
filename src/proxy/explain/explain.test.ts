import { expect, test } from 'vitest'
import type { Node, Pod, Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { NetworkPolicy } from '#api/networking/v1'
import type { ClusterNetworkPolicy } from '../policy/cluster-policy.ts'
import { explainService } from './explain.ts'
import type { ServiceExplanation, ServiceFacts } from './types.ts'

const pod = (
  name: string,
  ip: string,
  nodeName: string,
  more: { labels?: object; ready?: boolean; namespace?: string } = {},
): Pod => ({
  metadata: { namespace: more.namespace ?? 'default', name, labels: { app: 'web', ...more.labels } },
  spec: { nodeName, containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }] },
  status: {
    phase: 'Running',
    podIPs: ip === '' ? [] : [{ ip }],
    conditions: [
      more.ready === false
        ? { type: 'Ready', status: 'False', message: 'containers with unready status: [main]' }
        : { type: 'Ready', status: 'True' },
    ],
  },
})
const a = pod('a', '10.244.1.2', 'n1')
const b = pod('b', '10.244.2.2', 'n2')
const client = pod('client', '10.244.1.9', 'n1', { labels: { app: 'client' } })

const service = (spec: Partial<Service['spec']> = {}, status?: Service['status']): Service => ({
  metadata: { namespace: 'default', name: 'web' },
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.96.0.7',
    clusterIPs: ['10.96.0.7'],
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
    ...spec,
  },
  ...(status ? { status } : {}),
})
const slice = (pods: readonly Pod[], notReady: readonly Pod[] = []): EndpointSlice => ({
  metadata: { namespace: 'default', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
  endpoints: [...pods, ...notReady].map((each) => ({
    addresses: [each.status?.podIPs?.[0]?.ip ?? ''],
    nodeName: each.spec.nodeName ?? '',
    conditions: { ready: pods.includes(each), serving: pods.includes(each), terminating: false },
  })),
})
const node = (name: string, address: string): Node => ({
  metadata: { name },
  spec: {},
  status: { addresses: [{ type: 'InternalIP', address }] },
})
const policy = (name: string, spec: NetworkPolicy['spec']): NetworkPolicy => ({
  metadata: { namespace: 'default', name },
  spec,
})

const explain = (facts: Partial<ServiceFacts> = {}): ServiceExplanation =>
  explainService({
    service: service(),
    slices: [slice([a, b])],
    pods: [a, b, client],
    nodes: [node('n1', '192.168.1.1'), node('n2', '192.168.1.2')],
    namespaces: [{ metadata: { name: 'default', labels: { team: 'x' } }, spec: {} }],
    policies: [],
    domain: 'cluster.local',
    from: { pod: client },
    ...facts,
  })
const outcome = (facts: Partial<ServiceFacts> = {}): string | undefined => explain(facts).ports[0]?.outcome

test('a Service is walked from its name to the endpoints that a packet may go to', () => {
  expect(explain()).toEqual({
    service: 'default/web',
    type: 'ClusterIP',
    names: ['web.default.svc.cluster.local is 10.96.0.7'],
    notes: [],
    from: 'pod default/client on node n1',
    noEndpoints: [],
    ports: [
      {
        name: 'http',
        port: 80,
        protocol: 'TCP',
        targetPort: '8080',
        family: 'IPv4',
        frontends: [
          { kind: 'ClusterIP', address: '10.96.0.7', port: 80, route: 'Cluster', meaning: 'to one of 2 endpoints' },
        ],
        endpoints: [a, b].map((each) => ({
          address: each.status?.podIPs?.[0]?.ip,
          port: 8080,
          pod: `default/${each.metadata.name}`,
          node: each.spec.nodeName,
          state: 'ready',
          used: true,
          egress: { allowed: true, policies: [] },
          ingress: { allowed: true, policies: [] },
        })),
        outcome: 'reaches any of 2 endpoints',
        reaches: true,
      },
    ],
  })
})

test('a selector that matches nothing is told from labels that are nearly so', () => {
  const { noEndpoints, ports } = explain({
    service: service({ selector: { app: 'wbe' } }),
    slices: [],
    pods: [a, b, client, pod('far', '10.244.2.9', 'n2', { labels: { app: 'wbe' }, namespace: 'other' })],
  })
  expect(noEndpoints).toEqual([
    'its selector app=wbe matches no pod of namespace default',
    'no pod of it has app=wbe, but 2 pods have app=web, 1 pod has app=client',
    '1 pod of namespace other would match, which a Service there could select',
  ])
  expect(ports[0]).toMatchObject({ reaches: false, outcome: 'refused: there is no endpoint that is ready' })
})

test('pods that are selected and get nothing say why', () => {
  const ill = pod('ill', '10.244.2.3', 'n2', { ready: false })
  const homeless = pod('homeless', '', '')
  expect(explain({ pods: [ill, homeless], slices: [slice([], [ill])] }).noEndpoints).toEqual([
    'pod ill is not ready: containers with unready status: [main]',
    'pod homeless is on no node yet: k8ts why pod/homeless tells why',
  ])
  const named = service({ ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'web' }] })
  expect(explain({ service: named, pods: [a], slices: [] }).noEndpoints).toEqual(['pod a has no port by the name web'])
  expect(explain({ service: service({ selector: {} }), slices: [] }).noEndpoints).toEqual([
    'it has no selector, and nobody has written endpoints for it',
  ])
})

test('a policy that keeps packets from an endpoint is named, in either direction', () => {
  const shut = policy('shut', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] })
  expect(outcome({ policies: [shut] })).toBe('dropped at every endpoint, by NetworkPolicy default/shut')
  const letIn = policy('let-in', {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [
      { from: [{ podSelector: { matchLabels: { app: 'client' } } }], ports: [{ port: 'http', protocol: 'TCP' }] },
    ],
  })
  expect(explain({ policies: [shut, letIn] }).ports[0]).toMatchObject({
    outcome: 'reaches any of 2 endpoints',
    endpoints: [{ ingress: { allowed: true, policies: ['default/let-in'] } }, {}],
  })
  const otherPort = policy('port', {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [{ ports: [{ port: 81 }] }],
  })
  expect(outcome({ policies: [otherPort] })).toMatch(/^dropped at every endpoint/)
  const out = policy('out', {
    podSelector: { matchLabels: { app: 'client' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.2.0/24'] } }] }],
  })
  expect(outcome({ policies: [out] })).toBe(
    'reaches any of 1 endpoint, and is dropped when it goes to one of 1 others, by NetworkPolicy default/out',
  )
  // A node reaches its own pods whatever policies say.
  const [n1] = [node('n1', '192.168.1.1')]
  expect(
    explain({ policies: [shut], from: { node: n1 } }).ports[0]?.endpoints.map(({ ingress }) => ingress?.allowed),
  ).toEqual([true, false])
})

test('nodes that a cluster policy keeps pods from are told, but for the one that a pod is on', () => {
  const hosts = ['192.168.1.1', '192.168.1.2'].map((ip, index) => {
    const host = pod(`host-${index}`, ip, `n${index + 1}`)
    return { ...host, spec: { ...host.spec, hostNetwork: true } }
  })
  const nodes: ClusterNetworkPolicy = {
    metadata: { name: 'nodes' },
    spec: {
      tier: 'Admin',
      priority: 1,
      subject: { namespaces: {} },
      egress: [{ action: 'Deny', to: [{ nodes: {} }] }],
    },
  }
  expect(outcome({ slices: [slice(hosts)], pods: [...hosts, client], clusterPolicies: [nodes] })).toBe(
    'reaches any of 1 endpoint, and is dropped when it goes to one of 1 others, by ClusterNetworkPolicy nodes',
  )
})

test('traffic that stays local is dropped where no endpoint is', () => {
  const local = service({ internalTrafficPolicy: 'Local' })
  expect(outcome({ service: local, slices: [slice([b])] })).toBe(
    'dropped: internal traffic policy is Local, and no endpoint is on node n1',
  )
  expect(explain({ service: local }).ports[0]?.endpoints.map(({ used }) => used)).toEqual([true, false])
})

test('what else becomes of packets is said: affinity, node ports, load balancers, source ranges, other names', () => {
  const balanced = service(
    {
      type: 'LoadBalancer',
      sessionAffinity: 'ClientIP',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['192.0.2.0/24'],
      ports: [{ name: 'http', port: 80, nodePort: 30_080, protocol: 'TCP', targetPort: 8080 }],
    },
    { loadBalancer: { ingress: [{ ip: '192.168.1.240' }] } },
  )
  const { notes, ports } = explain({ service: balanced })
  expect(notes).toEqual(['a client stays with its endpoint until it has been silent for 10800 s (session affinity)'])
  expect(ports[0]?.frontends.map(({ kind, meaning }) => [kind, meaning])).toEqual([
    ['ClusterIP', 'to one of 2 endpoints'],
    [
      'LoadBalancer',
      'from outside to one of 1 on this node, which see who asks; pods and nodes reach all 2 endpoints, for 192.0.2.0/24 only',
    ],
    ['NodePort', 'from outside to one of 1 on this node, which see who asks; pods and nodes reach all 2 endpoints'],
  ])
  const pending = service(
    { type: 'LoadBalancer' },
    { conditions: [{ type: 'x', status: 'False', message: 'no address is free', reason: '', lastTransitionTime: '' }] },
  )
  expect(explain({ service: pending }).notes).toEqual([
    'it waits for the address of a load balancer: no address is free',
  ])
  const other: Service = {
    metadata: { namespace: 'default', name: 'web' },
    spec: { type: 'ExternalName', externalName: 'example.com' },
  }
  expect(explain({ service: other, slices: [] })).toMatchObject({
    names: ['web.default.svc.cluster.local is another name of example.com, which others answer for'],
    ports: [],
    noEndpoints: [],
  })
  const headless = explain({ service: service({ clusterIP: 'None', clusterIPs: ['None'] }) })
  expect(headless.names).toEqual(['web.default.svc.cluster.local is headless: its endpoints 10.244.1.2, 10.244.2.2'])
  expect(headless.ports[0]?.outcome).toBe('reaches any of 2 endpoints')
})

test('cluster policies come before and after what namespaces say, and are named', () => {
  const subject = { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } }
  const from = [{ namespaces: { matchLabels: { team: 'x' } } }]
  const said = (
    name: string,
    tier: 'Admin' | 'Baseline',
    action: 'Accept' | 'Deny' | 'Pass',
    priority = 10,
  ): ClusterNetworkPolicy => ({
    metadata: { name },
    spec: {
      tier,
      priority,
      subject,
      ingress: [{ action, from, protocols: [{ tcp: { destinationPort: { number: 8080 } } }] }],
    },
  })
  const shut = policy('shut', { podSelector: { matchLabels: { app: 'web' } } })
  const refused = (by: string): string => `dropped at every endpoint, by ${by}`
  const open = 'reaches any of 2 endpoints'
  for (const [clusterPolicies, policies, expected] of [
    [[said('no', 'Admin', 'Deny')], [], refused('ClusterNetworkPolicy no')],
    [[said('yes', 'Admin', 'Accept')], [shut], open],
    [[said('no', 'Admin', 'Deny', 20), said('yes', 'Admin', 'Accept', 5)], [], open],
    [[said('pass', 'Admin', 'Pass', 5), said('no', 'Admin', 'Deny', 20)], [], open],
    [[said('pass', 'Admin', 'Pass', 5)], [shut], refused('NetworkPolicy default/shut')],
    [[said('base', 'Baseline', 'Deny')], [], refused('ClusterNetworkPolicy base')],
    [[said('base', 'Baseline', 'Accept')], [shut], refused('NetworkPolicy default/shut')],
    [[said('pass', 'Admin', 'Pass'), said('base', 'Baseline', 'Deny')], [], refused('ClusterNetworkPolicy base')],
  ] as const) {
    expect(outcome({ clusterPolicies, policies })).toBe(expected)
  }
})
