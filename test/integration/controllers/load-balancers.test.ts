import { expect, it } from 'vitest'
import { events, nodes, services } from '#api/core/v1'
import type { Service } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { itemsOf, startCluster } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const select = ['service-lb-controller']
const pool = ['192.0.2.200-192.0.2.201']
const finalizer = 'service.kubernetes.io/load-balancer-cleanup'

const create = ({ client }: TestCluster, name: string, spec: Partial<Service['spec']> = {}): Promise<Service> =>
  client.create(services, {
    metadata: { namespace: 'default', name },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  })

const get = ({ client }: TestCluster, name: string): Promise<Service> =>
  client.get(services, { namespace: 'default', name })

const addresses = async (cluster: TestCluster, name: string): Promise<readonly (string | undefined)[]> =>
  ((await get(cluster, name)).status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)

const reason = async (cluster: TestCluster, name: string): Promise<string | undefined> =>
  (await get(cluster, name)).status?.conditions?.find(({ type }) => type === 'k8ts.dev/LoadBalancer')?.reason

it('gives every Service an address of the pool that it keeps, and a free one to who waited', async () => {
  await using cluster = await startCluster({ select, complete: true, options: { loadBalancer: { pool } } })
  const { client } = cluster
  for (const name of ['a', 'b', 'c']) await create(cluster, name)
  await cluster.until('a verdict', async () => (await reason(cluster, 'c')) !== undefined)
  const given = [
    ...(await addresses(cluster, 'a')),
    ...(await addresses(cluster, 'b')),
    ...(await addresses(cluster, 'c')),
  ]
  expect(new Set(given.filter((each) => each !== undefined))).toEqual(new Set(['192.0.2.200', '192.0.2.201']))
  const [loser = ''] = (await itemsOf(client, services))
    .filter(({ status }) => status?.loadBalancer?.ingress === undefined)
    .map(({ metadata }) => metadata.name)
  expect(await reason(cluster, loser)).toBe('NoAddress')
  const winner = ['a', 'b', 'c'].find((name) => name !== loser) ?? ''
  const { metadata, status } = await get(cluster, winner)
  expect(metadata.finalizers).toEqual([finalizer])
  expect(status?.conditions).toMatchObject([
    { type: 'k8ts.dev/LoadBalancer', status: 'True', reason: 'AddressFromPool' },
  ])
  expect(status?.loadBalancer?.ingress).toEqual([{ ip: expect.stringMatching(/^192/), ipMode: 'VIP' }])
  await client.delete(services, { namespace: 'default', name: winner })
  await cluster.until('its turn', async () => (await addresses(cluster, loser)).length > 0)
  expect((await addresses(cluster, loser))[0]).toBe(status?.loadBalancer?.ingress?.[0]?.ip)
  await cluster.until('all events', async () => (await itemsOf(client, events)).length > 5)
  const told = (await itemsOf(client, events)).filter(({ involvedObject }) => involvedObject.name === winner)
  expect(told.map(({ reason: why }) => why)).toEqual([
    'EnsuringLoadBalancer',
    'EnsuredLoadBalancer',
    'DeletingLoadBalancer',
    'DeletedLoadBalancer',
  ])
})

it('heeds the address and the class that a Service asks for, and gives the address up with the type', async () => {
  await using cluster = await startCluster({ select, complete: true, options: { loadBalancer: { pool } } })
  const { client } = cluster
  await create(cluster, 'foreign', { loadBalancerClass: 'example.com/other' })
  await create(cluster, 'own', { loadBalancerClass: 'k8ts.dev/load-balancer', loadBalancerIP: '192.0.2.201' })
  await create(cluster, 'same', { loadBalancerIP: '192.0.2.201' })
  await create(cluster, 'beyond', { loadBalancerIP: '192.0.2.9' })
  await cluster.until('verdicts', async () => (await reason(cluster, 'beyond')) !== undefined)
  expect(await addresses(cluster, 'own')).toEqual(['192.0.2.201'])
  expect([await addresses(cluster, 'foreign'), (await get(cluster, 'foreign')).metadata.finalizers]).toEqual([
    [],
    undefined,
  ])
  expect(await reason(cluster, 'same')).toBe('NoAddress')
  expect(await reason(cluster, 'beyond')).toBe('NoAddress')
  const patch = { spec: { type: 'ClusterIP', loadBalancerClass: null } }
  await client.patch(services, { namespace: 'default', name: 'own' }, { type: 'merge', patch })
  await cluster.until('the next one', async () => (await addresses(cluster, 'same')).length > 0)
  const { metadata, status } = await get(cluster, 'own')
  expect([metadata.finalizers, status]).toEqual([undefined, { loadBalancer: {} }])
})

it('gives the addresses of nodes without a pool, those with endpoints for local traffic, and no port twice', async () => {
  await using cluster = await startCluster({
    select,
    complete: true,
    nodes: ['n1', 'n2'],
    options: { loadBalancer: { reservedPorts: [10_250] } },
  })
  const { client } = cluster
  const ready = async (): Promise<boolean> => (await client.list(nodes, {})).items.length === 2
  await cluster.until('nodes', ready)
  await create(cluster, 'web')
  await cluster.until('addresses', async () => (await addresses(cluster, 'web')).length === 2)
  expect(await addresses(cluster, 'web')).toEqual(['192.0.2.1', '192.0.2.2'])
  await create(cluster, 'again')
  await create(cluster, 'kubelet', { ports: [{ port: 10_250 }] })
  await create(cluster, 'local', { ports: [{ port: 81 }], externalTrafficPolicy: 'Local' })
  await cluster.until('verdicts', async () => (await reason(cluster, 'local')) !== undefined)
  for (const name of ['again', 'kubelet', 'local']) expect(await addresses(cluster, name), name).toEqual([])
  await client.create(endpointslices, {
    metadata: { namespace: 'default', name: 'local-1', labels: { 'kubernetes.io/service-name': 'local' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.1.7'], nodeName: 'n2', conditions: { ready: true } }],
    ports: [{ port: 8080 }],
  })
  await cluster.until('an endpoint', async () => (await addresses(cluster, 'local')).length > 0)
  expect(await addresses(cluster, 'local')).toEqual(['192.0.2.2'])
  const label = { metadata: { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } } }
  await client.patch(nodes, { name: 'n1' }, { type: 'merge', patch: label })
  await cluster.until('one node less', async () => (await addresses(cluster, 'web')).length === 1)
  await client.delete(services, { namespace: 'default', name: 'web' })
  await cluster.until('the port', async () => (await addresses(cluster, 'again')).length > 0)
  expect(await addresses(cluster, 'again')).toEqual(['192.0.2.2'])
})
