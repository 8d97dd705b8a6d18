import { describe, expect, test } from 'vitest'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Ingress, NetworkPolicy } from '#api/networking/v1'
import { startTestServer } from '../server.ts'
import { good, patch, refusals, table } from './objects.ts'

const networking = '/apis/networking.k8s.io/v1/namespaces/default'
const backend = { service: { name: 's', port: { number: 80 } } }

describe('ingresses', () => {
  const ingresses = `${networking}/ingresses`
  const withPath = (path: object): object => ({
    metadata: { name: 'i' },
    spec: { rules: [{ host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...path }] } }] },
  })

  test('the generation follows the spec', async () => {
    await using server = await startTestServer()
    expect(good(await server.request('POST', ingresses, withPath({}))).metadata.generation).toBe(1)
    const changed = await patch(server, `${ingresses}/i`, { spec: { defaultBackend: backend } })
    expect(good(changed).metadata.generation).toBe(2)
  })

  test.for<[object, string]>([
    [{ path: 'x' }, 'path: Invalid value: "x": must be an absolute path'],
    [{ path: '/a/../b' }, 'path: Invalid value: "/a/../b": must not contain \'/../\''],
    [
      { pathType: 'Odd' },
      'pathType: Unsupported value: "Odd": supported values: "Exact", "ImplementationSpecific", "Prefix"',
    ],
    [{ backend: {} }, 'backend: Invalid value: "": resource or service backend is required'],
    [{ backend: { resource: { kind: '', name: '' } } }, 'backend.resource.kind: Required value'],
  ])('the path %o is refused', async ([path, why]) => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', ingresses, withPath(path)))[0]).toBe(
      `spec.rules[0].http.paths[0].${why}`,
    )
  })

  test('a host is a name, and its wildcard is its first label', async () => {
    await using server = await startTestServer()
    const hosts = (host: string): object => ({ metadata: { name: 'i' }, spec: { rules: [{ host }] } })
    expect(refusals(await server.request('POST', ingresses, hosts('1.2.3.4')))).toEqual([
      'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
    ])
    expect((await server.request('POST', ingresses, hosts('*.example'))).code).toBe(201)
  })

  test('the status has addresses that are one, and leaves the rest alone', async () => {
    await using server = await startTestServer()
    await server.request('POST', ingresses, withPath({}))
    const status = (ip: string): object => ({ status: { loadBalancer: { ingress: [{ ip }] } }, spec: { rules: null } })
    expect(refusals(await patch(server, `${ingresses}/i/status`, status('x')))[0]).toMatch(
      /^status\.loadBalancer\.ingress\[0\]\.ip: Invalid value: "x"/,
    )
    const after = good<Ingress>(await patch(server, `${ingresses}/i/status`, status('10.0.0.1')))
    expect([after.spec?.rules?.length, after.metadata.generation]).toEqual([1, 1])
  })

  test('the table tells hosts, addresses and ports', async () => {
    await using server = await startTestServer()
    await server.request('POST', ingresses, withPath({}))
    expect(await table(server, ingresses)).toEqual([
      ['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'],
      ['i', '<none>', 'a.example', '', '80', '0s'],
    ])
  })
})

describe('network policies', () => {
  const policies = `${networking}/networkpolicies`
  const policy = (spec: object): object => ({ metadata: { name: 'p' }, spec: { podSelector: {}, ...spec } })

  test('egress is among the types when the policy has rules for it', async () => {
    await using server = await startTestServer()
    const types = async (name: string, spec: object): Promise<unknown> =>
      good<NetworkPolicy>(await server.request('POST', policies, { ...policy(spec), metadata: { name } })).spec
        ?.policyTypes
    expect(await types('a', {})).toEqual(['Ingress'])
    expect(await types('b', { egress: [{}] })).toEqual(['Ingress', 'Egress'])
  })

  test('a peer is selected or is a block, whose exceptions lie within it', async () => {
    await using server = await startTestServer()
    const from = [
      {},
      { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
      { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } },
    ]
    expect(refusals(await server.request('POST', policies, policy({ ingress: [{ from }] })))).toEqual([
      'spec.ingress[0].from[0]: Required value: must specify a peer',
      'spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer',
      'spec.ingress[0].from[2].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
    ])
  })

  test('a range of ports has numbers at both ends', async () => {
    await using server = await startTestServer()
    const ports = [{ port: 'http', endPort: 90 }, { port: 80, endPort: 70 }, { endPort: 3 }]
    expect(refusals(await server.request('POST', policies, policy({ ingress: [{ ports }] })))).toEqual([
      'spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is non-numeric',
      'spec.ingress[0].ports[1].endPort: Invalid value: 80: must be greater than or equal to `port`',
      'spec.ingress[0].ports[2].endPort: Invalid value: 3: may not be specified when `port` is not specified',
    ])
  })
})

describe('endpoint slices', () => {
  const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
  const slice = (fields: object): object => ({ metadata: { name: 'e' }, addressType: 'IPv4', endpoints: [], ...fields })

  test('ports are TCP ports without a name unless they say otherwise', async () => {
    await using server = await startTestServer()
    const { ports } = good<EndpointSlice>(await server.request('POST', slices, slice({ ports: [{ port: 80 }] })))
    expect(ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }])
  })

  test('addresses are of the type of the slice, which stays', async () => {
    await using server = await startTestServer()
    const endpoints = [{ addresses: ['2001:db8::1'] }, { addresses: ['127.0.0.1'] }, { addresses: [] }]
    expect(refusals(await server.request('POST', slices, slice({ endpoints })))).toEqual([
      'endpoints[0].addresses: Invalid value: "2001:db8::1": must be an IPv4 address',
      'endpoints[1].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'endpoints[2].addresses: Required value: must contain at least 1 address',
    ])
    await server.request('POST', slices, slice({}))
    expect(refusals(await patch(server, `${slices}/e`, { addressType: 'IPv6' }))).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ])
  })

  test('the generation follows endpoints, ports and labels', async () => {
    await using server = await startTestServer()
    expect(good(await server.request('POST', slices, slice({}))).metadata.generation).toBe(1)
    const after = async (fields: object): Promise<number | undefined> =>
      good(await patch(server, `${slices}/e`, fields)).metadata.generation
    expect(await after({ metadata: { annotations: { a: 'b' } } })).toBe(1)
    expect(await after({ endpoints: [{ addresses: ['10.0.0.1'] }] })).toBe(2)
    expect(await after({ metadata: { labels: { a: 'b' } } })).toBe(3)
  })
})
