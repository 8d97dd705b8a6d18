import { expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import { silentLogger, VirtualClock } from '#base'
import { createApiServer } from '#apiserver'
import type { RunningApiServer } from '#apiserver'
import { endpoints, namespaces, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { ipaddresses, servicecidrs } from '#api/networking/v1'
import { isNotFound } from '#machinery'
import type { KubeObject, ObjectKey } from '#machinery'
import type { Resource } from '#api'
import { createMemoryStore } from '#store'
import type { Store } from '#store'

const kubernetes = { namespace: 'default', name: 'kubernetes' }

function serverOn(store: Store, clock: VirtualClock, ip = '192.0.2.10'): RunningApiServer {
  return createApiServer({
    store,
    clock,
    logger: silentLogger,
    serverAddress: () => `${ip}:6443`,
    advertise: () => ({ ip, port: 6443 }),
    serviceNetwork: { cidrs: ['10.96.0.0/16'], nodePorts: { first: 30_000, last: 30_010 } },
    authorization: ['RBAC'],
    freeze: true,
  })
}

interface Running extends AsyncDisposable {
  readonly clock: VirtualClock
  readonly server: RunningApiServer
  readonly store: Store
  find<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): Promise<T | undefined>
}

async function start(): Promise<Running> {
  const clock = new VirtualClock()
  const store = createMemoryStore({ clock })
  const server = serverOn(store, clock)
  await server.initialize()
  const abort = new AbortController()
  const done = server.start(abort.signal)
  return {
    clock,
    server,
    store,
    async find(resource, key) {
      try {
        return await server.loopback.get(resource, key)
      } catch (error) {
        if (isNotFound(error)) return undefined
        throw error
      }
    },
    async [Symbol.asyncDispose]() {
      abort.abort()
      await done
      await server.close()
      await store.close()
    },
  }
}

test('a cluster begins with its namespaces, its block of addresses, and a service that leads to the API server', async () => {
  await using cluster = await start()
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
    expect(await cluster.find(namespaces, { name })).toMatchObject({ status: { phase: 'Active' } })
  expect(await cluster.find(servicecidrs, { name: 'kubernetes' })).toMatchObject({
    spec: { cidrs: ['10.96.0.0/16'] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  })
  expect((await cluster.find(services, kubernetes))?.spec).toMatchObject({
    clusterIP: '10.96.0.1',
    ports: [{ name: 'https', port: 443, targetPort: 6443 }],
  })
  expect((await cluster.find(endpoints, kubernetes))?.subsets).toEqual([
    { addresses: [{ ip: '192.0.2.10' }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] },
  ])
  expect(await cluster.find(endpointslices, kubernetes)).toMatchObject({
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.10'] }],
  })
  expect(await cluster.find(ipaddresses, { name: '10.96.0.1' })).toBeDefined()
})

test('what is deleted of them comes back, and where the service leads to is put right', async () => {
  await using cluster = await start()
  const { loopback } = cluster.server
  await loopback.delete(services, kubernetes)
  await loopback.delete(endpointslices, kubernetes)
  await cluster.clock.advance(10_000)
  expect((await cluster.find(services, kubernetes))?.spec.clusterIP).toBe('10.96.0.1')
  expect(await cluster.find(endpointslices, kubernetes)).toBeDefined()
  const subsets = [{ addresses: [{ ip: '192.0.2.99' }], ports: [{ name: 'https', port: 1, protocol: 'TCP' as const }] }]
  await loopback.update(endpoints, { metadata: kubernetes, subsets })
  await cluster.clock.advance(10_000)
  expect((await cluster.find(endpoints, kubernetes))?.subsets?.[0]?.addresses).toEqual([{ ip: '192.0.2.10' }])
})

test('an address that was taken away from a service is taken again, one of no service is freed', async () => {
  await using cluster = await start()
  const { loopback } = cluster.server
  await loopback.delete(ipaddresses, { name: '10.96.0.1' })
  await loopback.create(ipaddresses, {
    metadata: { name: '10.96.0.50', labels: { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' } },
    spec: { parentRef: { resource: 'services', namespace: 'default', name: 'none' } },
  })
  await cluster.clock.advance(180_000)
  expect(await cluster.find(ipaddresses, { name: '10.96.0.1' })).toMatchObject({
    spec: { parentRef: { name: 'kubernetes' } },
  })
  expect(await cluster.find(ipaddresses, { name: '10.96.0.50' })).toBeUndefined()
})

test('a node port without a service is free after a while, one that a service has is never given out', async () => {
  await using cluster = await start()
  const { loopback } = cluster.server
  const service = (name: string, nodePort: number): Service => ({
    metadata: { namespace: 'default', name },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] },
  })
  await loopback.create(services, service('a', 30_001))
  // As a crash leaves it: the service is gone, or there, but what is taken tells otherwise.
  const key = '/registry/services/specs/default/a'
  const entry = cluster.store.snapshot().get(key)
  await cluster.store.delete(key, entry?.modRevision ?? 0)
  await expect(loopback.create(services, service('b', 30_001))).rejects.toThrow('already allocated')
  await cluster.clock.advance(2 * 180_000)
  await expect(loopback.create(services, service('b', 30_001))).rejects.toThrow('already allocated')
  await cluster.clock.advance(180_000)
  await loopback.create(services, service('b', 30_001))
})

test('servers on one store give out each port and address once', async () => {
  await using cluster = await start()
  const other = serverOn(cluster.store, cluster.clock, '192.0.2.11')
  const make = (server: RunningApiServer, name: string): Promise<Service> =>
    server.loopback.create(services, {
      metadata: { namespace: 'default', name },
      spec: { type: 'NodePort', ports: [{ port: 80 }] },
    })
  const made = await Promise.all(
    [0, 1, 2, 3].flatMap((index) => [make(cluster.server, `a${index}`), make(other, `b${index}`)]),
  )
  expect(new Set(made.map(({ spec }) => spec.ports?.[0]?.nodePort)).size).toBe(8)
  expect(new Set(made.map(({ spec }) => spec.clusterIP)).size).toBe(8)
  await other.close()
})
