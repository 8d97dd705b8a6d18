import { expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import type { IPAddress } from '#api/networking/v1'
import type { Status } from '#machinery'
import { startClusterServer } from '../server.ts'
import type { Answer, TestServer } from '../server.ts'

const services = '/api/v1/namespaces/default/services'
const addresses = '/apis/networking.k8s.io/v1/ipaddresses'
const merge = { 'content-type': 'application/merge-patch+json' }
const ports = [{ port: 80 }]

const message = ({ body }: Answer): string | undefined => (body as Status).message
const start = (cidrs = ['10.0.0.0/24'], first = 30_000, last = 30_099): Promise<TestServer> =>
  startClusterServer({}, { serviceNetwork: { cidrs, nodePorts: { first, last } } })

async function create(
  server: TestServer,
  name: string,
  spec: object,
  query = '',
): Promise<Answer & { spec: Service['spec'] }> {
  const answer = await server.request('POST', services + query, { metadata: { name }, spec })
  return { ...answer, spec: (answer.body as Service).spec }
}

const patch = (server: TestServer, name: string, spec: object): Promise<Answer> =>
  server.request('PATCH', `${services}/${name}`, { spec }, merge)

async function takenAddresses(server: TestServer): Promise<readonly (string | undefined)[]> {
  const { body } = await server.request('GET', addresses)
  return (body as { readonly items: readonly IPAddress[] }).items.map(({ metadata }) => metadata.name)
}

test('a service has the address that it asks for, or any; an IPAddress says whose it is until the service is deleted', async () => {
  await using server = await start()
  const { spec } = await create(server, 'any', { ports })
  expect(spec).toMatchObject({ clusterIPs: [spec.clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' })
  await create(server, 'wanted', { ports, clusterIP: '10.0.0.7' })
  expect((await server.request('GET', `${addresses}/10.0.0.7`)).body).toMatchObject({
    metadata: { labels: { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' } },
    spec: { parentRef: { resource: 'services', namespace: 'default', name: 'wanted' } },
  })
  expect(message(await create(server, 'twice', { ports, clusterIP: '10.0.0.7' }))).toBe(
    'Service "twice" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: provided IP is already allocated',
  )
  expect(message(await create(server, 'outside', { ports, clusterIP: '10.0.1.7' }))).toContain(
    'failed to allocate IP 10.0.1.7: the provided network does not match the current range',
  )
  await server.request('DELETE', `${services}/wanted`)
  expect(await takenAddresses(server)).toEqual([spec.clusterIP])
})

test('addresses run out at the last one of the block', async () => {
  await using server = await start(['10.0.0.0/29'])
  const given = new Set<string | undefined>()
  for (let index = 0; index < 6; index++) given.add((await create(server, `s${index}`, { ports })).spec.clusterIP)
  expect([...given].toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
    '10.0.0.1',
    '10.0.0.2',
    '10.0.0.3',
    '10.0.0.4',
    '10.0.0.5',
    '10.0.0.6',
  ])
  const refused = await create(server, 'late', { ports })
  expect(refused.code).toBe(500)
  expect(message(refused)).toBe(
    'Internal error occurred: failed to allocate a serviceIP for Service "late": range is full',
  )
  await server.request('DELETE', `${services}/s3`)
  expect((await create(server, 'late', { ports })).code).toBe(201)
})

test('node ports are given out once, come back when the type changes, and keep to their range', async () => {
  await using server = await start()
  const { spec } = await create(server, 'a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] })
  expect(spec.ports?.[0]?.nodePort).toBe(30_001)
  expect(message(await create(server, 'b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] }))).toBe(
    'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
  )
  expect(message(await create(server, 'b', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }))).toBe(
    'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-30099',
  )
  expect((await patch(server, 'a', { type: 'ClusterIP' })).body).toMatchObject({
    spec: { ports: [expect.not.objectContaining({ nodePort: 30_001 })] },
  })
  expect((await create(server, 'b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] })).code).toBe(201)
})

test('ports under several protocols share one node port', async () => {
  await using server = await start()
  const both = [
    { name: 'u', port: 53, protocol: 'UDP' },
    { name: 't', port: 53, protocol: 'TCP', nodePort: 30_053 },
  ]
  const { spec } = await create(server, 'dns', { type: 'NodePort', ports: both })
  expect(spec.ports?.map(({ nodePort }) => nodePort)).toEqual([30_053, 30_053])
})

test('what a refused or imagined write took is free again', async () => {
  await using server = await start(['10.0.0.0/28'], 30_000, 30_000)
  const spec = { type: 'NodePort', ports }
  expect((await create(server, 'a', { ...spec, sessionAffinity: 'What' })).code).toBe(422)
  expect((await create(server, 'a', spec, '?dryRun=All')).code).toBe(201)
  expect(await takenAddresses(server)).toEqual([])
  expect((await create(server, 'a', spec)).code).toBe(201)
  const refused = await create(server, 'b', spec)
  expect(message(refused)).toBe('Internal error occurred: failed to allocate a nodePort: range is full')
  expect(await takenAddresses(server)).toHaveLength(1)
})

test('whoever writes a service without its addresses and ports leaves them as they are', async () => {
  await using server = await start()
  const { spec } = await create(server, 'a', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports })
  expect(spec.healthCheckNodePort).toBeGreaterThan(0)
  const again = { metadata: { name: 'a' }, spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports } }
  const { code, body } = await server.request('PUT', `${services}/a`, again)
  expect([code, (body as Service).spec]).toEqual([200, spec])
  expect(message(await patch(server, 'a', { healthCheckNodePort: 30_099 }))).toContain(
    'spec.healthCheckNodePort: Forbidden: field is immutable',
  )
  expect(message(await patch(server, 'a', { clusterIP: '10.0.0.200' }))).toContain('may not change once set')
})

test('a type that needs no address gives it back, and gets a new one later', async () => {
  await using server = await start()
  await create(server, 'a', { ports, clusterIP: '10.0.0.9' })
  const external = (await patch(server, 'a', { type: 'ExternalName', externalName: 'a.example.com' })).body as Service
  expect(Object.keys(external.spec).sort()).toEqual(['externalName', 'ports', 'sessionAffinity', 'type'])
  expect(await takenAddresses(server)).toEqual([])
  const back = (await patch(server, 'a', { type: 'ClusterIP', externalName: null })).body as Service
  expect(await takenAddresses(server)).toEqual([back.spec.clusterIP])
})

test('a cluster of two families gives services that want them an address of each', async () => {
  await using server = await start(['10.0.0.0/24', 'fd00::/112'])
  const { spec } = await create(server, 'both', { ports, ipFamilyPolicy: 'PreferDualStack' })
  expect(spec.ipFamilies).toEqual(['IPv4', 'IPv6'])
  expect(spec.clusterIPs?.[1]).toMatch(/^fd00::/)
  expect((await create(server, 'six', { ports, ipFamilies: ['IPv6'] })).spec.clusterIP).toMatch(/^fd00::/)
  expect(message(await patch(server, 'both', { ipFamilies: ['IPv4'], clusterIPs: [spec.clusterIP] }))).toContain(
    "must be 'SingleStack' to release the secondary cluster IP",
  )
  const single = (await patch(server, 'both', { ipFamilyPolicy: 'SingleStack' })).body as Service
  expect(single.spec).toMatchObject({ clusterIPs: [spec.clusterIP], ipFamilies: ['IPv4'] })
  expect(await takenAddresses(server)).not.toContain(spec.clusterIPs?.[1])
})

test('a cluster of one family refuses the other, but to services whose endpoints someone else makes', async () => {
  await using server = await start()
  expect(message(await create(server, 'a', { ports, ipFamilies: ['IPv6'] }))).toBe(
    'Service "a" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
  )
  const { spec } = await create(server, 'headless', { clusterIP: 'None' })
  expect(spec).toMatchObject({ ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'], clusterIPs: ['None'] })
})

test('the endpoints of a service go with it', async () => {
  await using server = await start()
  await create(server, 'a', { ports })
  await server.request('POST', '/api/v1/namespaces/default/endpoints', { metadata: { name: 'a' } })
  await server.request('DELETE', `${services}/a`)
  expect((await server.request('GET', '/api/v1/namespaces/default/endpoints/a')).code).toBe(404)
})

test('services that are made at once have ports and addresses of their own', async () => {
  await using server = await start()
  const made = await Promise.all(
    Array.from({ length: 40 }, (_, index) => create(server, `s${index}`, { type: 'NodePort', ports })),
  )
  expect(new Set(made.map(({ spec }) => spec.ports?.[0]?.nodePort)).size).toBe(40)
  expect(new Set(made.map(({ spec }) => spec.clusterIP)).size).toBe(40)
})

test('addresses of load balancers are for services of that type alone', async () => {
  await using server = await start()
  await create(server, 'a', { type: 'LoadBalancer', ports })
  const status = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }
  const { body } = await server.request('PATCH', `${services}/a/status`, status, merge)
  expect((body as Service).status?.loadBalancer?.ingress).toEqual([{ ip: '192.0.2.1', ipMode: 'VIP' }])
  expect(((await patch(server, 'a', { type: 'ClusterIP' })).body as Service).status).toEqual({ loadBalancer: {} })
  expect(message(await server.request('PATCH', `${services}/a/status`, status, merge))).toContain(
    "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
  )
})

test('a service that becomes an external name without an address says so in both fields, and is refused as it is from then on', async () => {
  await using server = await start()
  await create(server, 'a', { ports })
  const spec = { type: 'ExternalName', externalName: 'a.example.com', clusterIP: 'None' }
  const changed = await server.request('PUT', `${services}/a`, { metadata: { name: 'a' }, spec })
  expect(changed).toMatchObject({ code: 200, body: { spec: { clusterIP: 'None', clusterIPs: ['None'] } } })
  expect(message(await patch(server, 'a', { ports }))).toBe(
    'Service "a" is invalid: spec.clusterIPs: Forbidden: may not be set for ExternalName services',
  )
})
