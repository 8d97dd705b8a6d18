import { describe, expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import type { Endpoint, EndpointSlice } from '#api/discovery/v1'
import { rulesOfService } from './service.ts'
import type { ProxyNode } from './service.ts'

const node: ProxyNode = { nodeName: 'here', zone: 'a', addresses: ['192.168.1.1'] }

const service = (spec: Partial<Service['spec']>, status: Service['status'] = {}): Service => ({
  metadata: { namespace: 'default', name: 'web' },
  spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ports: [{ port: 80 }], ...spec },
  status,
})

/** Endpoints by a short word each: `here1`, `there2`, with `!` not ready, `~` terminating but serving, `x` terminating. */
const slice = (words: string, extra: Partial<Endpoint> = {}): EndpointSlice => ({
  metadata: { namespace: 'default', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ports: [{ name: '', port: 8080 }],
  endpoints: words
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [, place = '', number = '', mark = ''] = /^(here|there)(\d)(.?)$/.exec(word) ?? []
      return {
        addresses: [`10.244.0.${number}`],
        nodeName: place,
        conditions: {
          ready: mark === '',
          serving: mark === '' || mark === '~',
          terminating: mark === '~' || mark === 'x',
        },
        ...extra,
      }
    }),
})

const compute = (subject: Service, words: string, extra?: Partial<Endpoint>) =>
  rulesOfService(subject, [slice(words, extra)], node)
const last = (address: { readonly address: string }): string => address.address.split('.')[3] ?? ''
/** Routes by kind, and the last numbers of the endpoints of each policy. */
const brief = (subject: Service, words: string, extra?: Partial<Endpoint>) =>
  compute(subject, words, extra).map((rules) => ({
    routes: rules.frontends.map(({ kind, route }) => `${kind} ${route}`).join(', '),
    all: rules.endpoints.map(last).join(' '),
    local: rules.localEndpoints.map(last).join(' '),
  }))[0]

test('rulesOfService() gives a cluster IP its endpoints, in order', () => {
  expect(compute(service({}), 'there2 here1')).toEqual([
    {
      namespace: 'default',
      service: 'web',
      port: '',
      family: 'IPv4',
      protocol: 'TCP',
      clusterIP: '10.96.0.1',
      frontends: [{ kind: 'ClusterIP', address: '10.96.0.1', port: 80, route: 'Cluster' }],
      endpoints: [
        { address: '10.244.0.1', port: 8080, local: true },
        { address: '10.244.0.2', port: 8080, local: false },
      ],
      localEndpoints: [],
    },
  ])
})

test.each([
  ['a headless service', { clusterIP: 'None', clusterIPs: ['None'] }],
  ['a service without an address yet', { clusterIP: '', clusterIPs: [] }],
  ['an external name', { type: 'ExternalName', externalName: 'example.org' }],
] as const)('rulesOfService() has nothing for %s', (_, spec) => {
  expect(compute(service(spec), 'here1')).toEqual([])
})

test('rulesOfService() leaves a cluster IP alone that the node itself serves', () => {
  expect(rulesOfService(service({}), [], { ...node, servedAddresses: ['10.96.0.1'] })).toEqual([])
})

test('rulesOfService() matches ports by name and protocol, each with its own target', () => {
  const ports = [
    { name: 'http', port: 80 },
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53 },
  ] as const
  const slices: EndpointSlice[] = [
    {
      metadata: { namespace: 'default', name: 'one' },
      addressType: 'IPv4',
      ports: [
        { name: 'http', port: 8080 },
        { name: 'dns', port: 5353, protocol: 'UDP' },
      ],
      endpoints: [{ addresses: ['10.244.0.1'], nodeName: 'here' }],
    },
    {
      metadata: { namespace: 'default', name: 'two' },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 9090 }],
      endpoints: [{ addresses: ['10.244.0.2'], nodeName: 'there' }],
    },
  ]
  const rules = rulesOfService(service({ ports }), slices, node)
  expect(
    rules.map(({ port, endpoints, serving }) => [
      port,
      endpoints.map((each) => `${each.address}:${each.port}`),
      serving,
    ]),
  ).toEqual([
    ['http', ['10.244.0.1:8080', '10.244.0.2:9090'], undefined],
    ['dns', ['10.244.0.1:5353'], ['10.244.0.1:5353']],
    ['dns-tcp', [], undefined],
  ])
})

test('rulesOfService() has rules for each family of a dual-stack service', () => {
  const dual = service({ clusterIPs: ['10.96.0.1', 'FD00::0001'], externalIPs: ['203.0.113.1', '2001:db8::1'] })
  const six: EndpointSlice = {
    metadata: { namespace: 'default', name: 'six' },
    addressType: 'IPv6',
    ports: [{ name: '', port: 8080 }],
    endpoints: [{ addresses: ['fd44::0001'], nodeName: 'here' }],
  }
  const rules = rulesOfService(dual, [slice('here1'), six], node)
  expect(
    rules.map((each) => [
      each.family,
      each.frontends.map((frontend) => frontend.address),
      each.endpoints.map((endpoint) => endpoint.address),
    ]),
  ).toEqual([
    ['IPv4', ['10.96.0.1', '203.0.113.1'], ['10.244.0.1']],
    ['IPv6', ['fd00::1', '2001:db8::1'], ['fd44::1']],
  ])
})

describe('readiness', () => {
  test.each([
    ['ready ones only', 'here1 there2! there3x', '1'],
    ['those that terminate but serve, where none is ready', 'here1! there2~ there3x', '2'],
    ['none, where none serves', 'here1! there3x', ''],
    ['the one that does not terminate, where two have one address', 'there1~ here1', '1'],
  ])('rulesOfService() uses %s', (_, words, all) => {
    expect(brief(service({}), words)?.all).toBe(all)
  })

  test('rulesOfService() refuses what has no endpoint anywhere', () => {
    expect(brief(service({}), 'here1!')?.routes).toBe('ClusterIP Reject')
  })
})

describe('traffic policies', () => {
  const nodePort = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } as const

  test.each([
    ['Cluster', nodePort, 'there1 here2', 'ClusterIP Cluster, NodePort ExternalCluster', '1 2', ''],
    [
      'external Local',
      { ...nodePort, externalTrafficPolicy: 'Local' },
      'there1 here2',
      'ClusterIP Cluster, NodePort ExternalLocal',
      '1 2',
      '2',
    ],
    [
      'external Local, none here',
      { ...nodePort, externalTrafficPolicy: 'Local' },
      'there1',
      'ClusterIP Cluster, NodePort ExternalLocal',
      '1',
      '',
    ],
    [
      'external Local, none ready here',
      { ...nodePort, externalTrafficPolicy: 'Local' },
      'there1 here2~',
      'ClusterIP Cluster, NodePort ExternalLocal',
      '1',
      '2',
    ],
    ['internal Local', { internalTrafficPolicy: 'Local' }, 'there1 here2', 'ClusterIP Local', '', '2'],
    ['internal Local, none here', { internalTrafficPolicy: 'Local' }, 'there1', 'ClusterIP Drop', '', ''],
    ['internal Local, none anywhere', { internalTrafficPolicy: 'Local' }, '', 'ClusterIP Reject', '', ''],
    [
      'internal Local, external Cluster',
      { ...nodePort, internalTrafficPolicy: 'Local' },
      'there1 here2',
      'ClusterIP Local, NodePort ExternalCluster',
      '1 2',
      '2',
    ],
    [
      'internal Local, external Cluster, none here',
      { ...nodePort, internalTrafficPolicy: 'Local' },
      'there1',
      'ClusterIP Drop, NodePort ExternalCluster',
      '1',
      '',
    ],
    [
      'external Local, none anywhere',
      { ...nodePort, externalTrafficPolicy: 'Local' },
      '',
      'ClusterIP Reject, NodePort Reject',
      '',
      '',
    ],
  ] as const)('rulesOfService() with policy %s', (_, spec, words, routes, all, local) => {
    expect(brief(service(spec), words)).toEqual({ routes, all, local })
  })
})

describe('topology', () => {
  const hinted = (zones: readonly string[], nodes: readonly string[] = []): Partial<Endpoint> => ({
    hints: { forZones: zones.map((name) => ({ name })), forNodes: nodes.map((name) => ({ name })) },
  })
  const endpoint = (number: number, extra: Partial<Endpoint>): Endpoint => ({
    addresses: [`10.244.0.${number}`],
    nodeName: 'there',
    ...extra,
  })
  const from = (...endpoints: Endpoint[]): string =>
    rulesOfService(service({}), [{ ...slice(''), endpoints }], node)[0]
      ?.endpoints.map(last)
      .join(' ') ?? ''

  test('rulesOfService() stays in the zone when every endpoint is hinted and one for here', () => {
    expect(from(endpoint(1, hinted(['a'])), endpoint(2, hinted(['b'])), endpoint(3, hinted(['b', 'a'])))).toBe('1 3')
  })

  test('rulesOfService() ignores hints that are not for every endpoint, or none for here', () => {
    expect(from(endpoint(1, hinted(['a'])), endpoint(2, {}))).toBe('1 2')
    expect(from(endpoint(1, hinted(['b'])), endpoint(2, hinted(['c'])))).toBe('1 2')
  })

  test('rulesOfService() prefers hints for the node to those for the zone', () => {
    expect(from(endpoint(1, hinted(['a'], ['there'])), endpoint(2, hinted(['a'], ['here'])))).toBe('2')
    expect(from(endpoint(1, hinted(['a'], ['there'])), endpoint(2, hinted(['b'], ['there'])))).toBe('1')
  })

  test('rulesOfService() asks ready endpoints only for hints', () => {
    expect(from(endpoint(1, hinted(['a'])), endpoint(2, { conditions: { ready: false } }))).toBe('1')
  })
})

describe('what comes from outside', () => {
  const balanced = { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080 }] } as const
  const ingress = {
    loadBalancer: {
      ingress: [{ ip: '203.0.113.1' }, { ip: '203.0.113.2', ipMode: 'Proxy' }, { hostname: 'lb.example' }],
    },
  }
  const sources = (ranges: readonly string[]): unknown =>
    compute(service({ ...balanced, loadBalancerSourceRanges: ranges }, ingress), 'here1')[0]?.frontends.map(
      (each) => each.sources,
    )

  test('rulesOfService() takes load balancer addresses of mode VIP only', () => {
    expect(
      compute(service(balanced, ingress), 'here1')[0]?.frontends.map(({ kind, address, port }) => [
        kind,
        address,
        port,
      ]),
    ).toEqual([
      ['ClusterIP', '10.96.0.1', 80],
      ['LoadBalancer', '203.0.113.1', 80],
      ['NodePort', undefined, 30_080],
    ])
  })

  test('rulesOfService() limits load balancer addresses to source ranges of their family, and nothing else', () => {
    expect(sources(['10.0.0.0/8', ' 172.16.0.0/12 ', 'fd00::/8'])).toEqual([
      undefined,
      ['10.0.0.0/8', '172.16.0.0/12'],
      undefined,
    ])
    expect(sources(['10.0.0.0/8', '0.0.0.0/0'])).toEqual([undefined, undefined, undefined])
  })

  test('rulesOfService() lets the node in by the balancer address when its own may come', () => {
    expect(sources(['192.168.0.0/16'])).toEqual([undefined, ['192.168.0.0/16', '203.0.113.1'], undefined])
  })

  test('rulesOfService() carries the affinity timeout', () => {
    expect(compute(service({ sessionAffinity: 'ClientIP' }), '')[0]?.affinitySeconds).toBe(10_800)
    const config = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 7 } } } as const
    expect(compute(service(config), '')[0]?.affinitySeconds).toBe(7)
  })
})
