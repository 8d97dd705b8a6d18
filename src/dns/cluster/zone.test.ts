import { describe, expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { formatIP } from '#machinery'
import { types } from '../message/types.ts'
import type { DnsRecord } from '../message/types.ts'
import { serviceNameLabel } from './source.ts'
import type { ClusterSource } from './source.ts'
import { ClusterZone, reverseAddress } from './zone.ts'
import type { Lookup } from './zone.ts'

const service = (name: string, spec: Partial<Service['spec']>): Service => ({
  metadata: { namespace: 'default', name },
  spec: {
    type: 'ClusterIP',
    ports: [
      { name: 'http', port: 80 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
    ...spec,
  },
})
const slice = (owner: string, addressType: 'IPv4' | 'IPv6', endpoints: EndpointSlice['endpoints']): EndpointSlice => ({
  metadata: { namespace: 'default', name: `${owner}-${addressType}`, labels: { [serviceNameLabel]: owner } },
  addressType,
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  ...(endpoints ? { endpoints } : {}),
})

const services: readonly Service[] = [
  service('web', { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd96::1'] }),
  service('db', { clusterIP: 'None', clusterIPs: ['None'] }),
  service('lonely', { clusterIP: 'None', clusterIPs: ['None'] }),
  service('out', { type: 'ExternalName', externalName: 'WWW.Example.org.', ports: [] }),
]
const slices: readonly EndpointSlice[] = [
  slice('web', 'IPv4', [{ addresses: ['10.244.0.9'] }]),
  slice('db', 'IPv4', [
    { addresses: ['10.244.0.1'], hostname: 'db-0' },
    { addresses: ['10.244.0.2'], hostname: 'db-1', conditions: { ready: false } },
    { addresses: ['10.244.0.3'] },
  ]),
  slice('db', 'IPv6', [{ addresses: ['fd44::1'], hostname: 'db-0' }]),
]
const source: ClusterSource = {
  service: (namespace, name) => services.find((each) => namespace === 'default' && each.metadata.name === name),
  slices: (_, name) => slices.filter((each) => each.metadata.labels?.[serviceNameLabel] === name),
  hasNamespace: (name) => name === 'default' || name === 'empty',
  servicesByAddress: (address) => services.filter((each) => each.spec.clusterIPs?.includes(address)),
  headlessSlices: (address) =>
    slices.filter(
      (each) =>
        each.metadata.name?.startsWith('db') &&
        each.endpoints?.some((endpoint) => endpoint.addresses.includes(address)),
    ),
  pod: () => undefined,
}
const zone = new ClusterZone(source, { domain: 'cluster.local', ttl: 5, addresses: ['10.96.0.10'] })

const say = ({ name, data }: DnsRecord): string => {
  switch (data.kind) {
    case 'bytes':
      return `${name} ${data.bytes.length === 4 || data.bytes.length === 16 ? formatIP(data.bytes) : String.fromCharCode(...data.bytes.subarray(1))}`
    case 'name':
      return `${name} ${data.target}`
    case 'srv':
      return `${name} ${data.priority} ${data.weight} ${data.port} ${data.target}`
    case 'soa':
      return `${name} ${data.server} ${data.mailbox} ${data.minimum}`
  }
}
const show = (found: Lookup): unknown =>
  found.exists ? [...found.records, ...(found.additional?.length ? found.additional : [])].map(say) : 'missing'
const ask = (name: string, type: keyof typeof types = 'A'): unknown =>
  show(zone.lookup(`${name}.cluster.local`, types[type]))

describe('services with a cluster IP', () => {
  test.each([
    ['web.default.svc', 'A', ['web.default.svc.cluster.local 10.96.0.1']],
    ['web.default.svc', 'AAAA', ['web.default.svc.cluster.local fd96::1']],
    ['web.default.svc', 'TXT', []],
    ['10-244-0-9.web.default.svc', 'A', ['10-244-0-9.web.default.svc.cluster.local 10.244.0.9']],
    [
      '_http._tcp.web.default.svc',
      'SRV',
      [
        '_http._tcp.web.default.svc.cluster.local 0 100 80 web.default.svc.cluster.local',
        'web.default.svc.cluster.local 10.96.0.1',
        'web.default.svc.cluster.local fd96::1',
      ],
    ],
    [
      'web.default.svc',
      'SRV',
      [
        'web.default.svc.cluster.local 0 50 80 web.default.svc.cluster.local',
        'web.default.svc.cluster.local 0 50 53 web.default.svc.cluster.local',
        'web.default.svc.cluster.local 10.96.0.1',
        'web.default.svc.cluster.local fd96::1',
      ],
    ],
    ['_http._tcp.web.default.svc', 'A', []],
    ['_tcp.web.default.svc', 'A', []],
    ['_http._udp.web.default.svc', 'SRV', 'missing'],
    ['_other._tcp.web.default.svc', 'SRV', 'missing'],
    ['_sctp.web.default.svc', 'SRV', 'missing'],
    ['none.default.svc', 'A', 'missing'],
    ['web.other.svc', 'A', 'missing'],
    ['x.y.web.default.svc', 'A', 'missing'],
  ] as const)('%s %s', (name, type, records) => {
    expect(ask(name, type)).toEqual(records)
  })
})

describe('headless services', () => {
  test.each([
    ['db.default.svc', 'A', ['db.default.svc.cluster.local 10.244.0.1', 'db.default.svc.cluster.local 10.244.0.3']],
    ['db.default.svc', 'AAAA', ['db.default.svc.cluster.local fd44::1']],
    ['db-0.db.default.svc', 'A', ['db-0.db.default.svc.cluster.local 10.244.0.1']],
    ['db-0.db.default.svc', 'AAAA', ['db-0.db.default.svc.cluster.local fd44::1']],
    ['db-1.db.default.svc', 'A', 'missing'],
    ['10-244-0-3.db.default.svc', 'A', ['10-244-0-3.db.default.svc.cluster.local 10.244.0.3']],
    ['lonely.default.svc', 'A', []],
    [
      '_http._tcp.db.default.svc',
      'SRV',
      [
        '_http._tcp.db.default.svc.cluster.local 0 50 8080 db-0.db.default.svc.cluster.local',
        '_http._tcp.db.default.svc.cluster.local 0 50 8080 10-244-0-3.db.default.svc.cluster.local',
        'db-0.db.default.svc.cluster.local 10.244.0.1',
        'db-0.db.default.svc.cluster.local fd44::1',
        '10-244-0-3.db.default.svc.cluster.local 10.244.0.3',
      ],
    ],
  ] as const)('%s %s', (name, type, records) => {
    expect(ask(name, type)).toEqual(records)
  })
})

describe('everything else of the zone', () => {
  test.each([
    ['out.default.svc', 'A', ['out.default.svc.cluster.local www.example.org']],
    ['out.default.svc', 'CNAME', ['out.default.svc.cluster.local www.example.org']],
    ['x.out.default.svc', 'A', 'missing'],
    ['10-244-0-1.default.pod', 'A', ['10-244-0-1.default.pod.cluster.local 10.244.0.1']],
    ['fd44--1.default.pod', 'AAAA', ['fd44--1.default.pod.cluster.local fd44::1']],
    ['fd44--1.default.pod', 'A', []],
    ['10-244-0-1.other.pod', 'A', 'missing'],
    ['nonsense.default.pod', 'A', 'missing'],
    ['dns-version', 'TXT', ['dns-version.cluster.local 1.1.0']],
    ['ns.dns', 'A', ['ns.dns.cluster.local 10.96.0.10']],
    ['svc', 'A', []],
    ['pod', 'A', []],
    ['default.svc', 'A', []],
    ['empty.svc', 'A', []],
    ['other.svc', 'A', 'missing'],
    ['default.pod', 'A', []],
    ['web.default', 'A', 'missing'],
  ] as const)('%s %s', (name, type, records) => {
    expect(ask(name, type)).toEqual(records)
  })

  test('the apex has its authority and its server', () => {
    expect(show(zone.lookup('cluster.local', types.SOA))).toEqual([
      'cluster.local ns.dns.cluster.local hostmaster.cluster.local 5',
    ])
    expect(show(zone.lookup('cluster.local', types.NS))).toEqual([
      'cluster.local ns.dns.cluster.local',
      'ns.dns.cluster.local 10.96.0.10',
    ])
    expect(show(zone.lookup('cluster.local', types.A))).toEqual([])
  })
})

test('reverse() names services by cluster IP and endpoints of headless services', () => {
  const back = (address: string): unknown => show(zone.reverse('x', address))
  expect(back('10.96.0.1')).toEqual(['x web.default.svc.cluster.local'])
  expect(back('fd96::1')).toEqual(['x web.default.svc.cluster.local'])
  expect(back('10.244.0.1')).toEqual(['x db-0.db.default.svc.cluster.local'])
  expect(back('10.244.0.3')).toEqual(['x 10-244-0-3.db.default.svc.cluster.local'])
  expect(back('10.244.0.9')).toBe('missing')
})

test('reverseAddress() reads names of the reverse zones only', () => {
  expect(reverseAddress('1.0.96.10.in-addr.arpa')).toBe('10.96.0.1')
  expect(reverseAddress(`1.${'0.'.repeat(27)}6.9.d.f.ip6.arpa`)).toBe('fd96::1')
  expect(reverseAddress('0.96.10.in-addr.arpa')).toBeUndefined()
  expect(reverseAddress('x.0.96.10.in-addr.arpa')).toBeUndefined()
  expect(reverseAddress('1.0.96.10.example.org')).toBeUndefined()
  expect(reverseAddress('1.d.f.ip6.arpa')).toBeUndefined()
})
