import { afterEach, expect, test } from 'vitest'
import { nodes, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { servicecidrs } from '#api/networking/v1'
import { silentLogger, VirtualClock } from '#base'
import { createClient, createInformerFactory } from '#client'
import type { Client } from '#client'
import { createProxy, recordingPacketFilter } from '#proxy'
import type { HealthCheck, HealthCheckServer, Proxy, RecordingPacketFilter } from '#proxy'
import { MemoryApi } from '../../src/client/testing/memory-api.ts'

interface Rig {
  readonly client: Client
  readonly clock: VirtualClock
  readonly filter: RecordingPacketFilter
  readonly proxy: Proxy
  readonly checks: HealthCheck[]
  stop(): Promise<void>
}

let running: Rig | undefined
afterEach(async () => {
  await running?.stop()
  running = undefined
})

async function rig(options: { readonly cleanup?: boolean } = {}): Promise<Rig> {
  const clock = new VirtualClock()
  const client = createClient(new MemoryApi().transport, { userAgent: 'test' })
  const informers = createInformerFactory(client, { clock })
  const filter = recordingPacketFilter()
  const checks: HealthCheck[] = []
  const healthChecks: HealthCheckServer = {
    serve: async (wanted) => {
      checks.splice(0, checks.length, ...wanted)
      return []
    },
    close: async () => {},
  }
  await client.create(nodes, {
    metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'a' } },
    spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] },
    status: { addresses: [{ type: 'InternalIP', address: '192.168.1.1' }] },
  })
  await client.create(servicecidrs, { metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/12'] } })
  const proxy = createProxy({
    informers,
    packetFilter: filter,
    clock,
    logger: silentLogger,
    nodeName: 'n1',
    healthChecks,
    ...options,
  })
  const controller = new AbortController()
  const ended = Promise.all([informers.start(controller.signal), proxy.start(controller.signal)])
  await clock.advance(10)
  await proxy.ready
  const stop = async (): Promise<void> => {
    controller.abort()
    await ended
  }
  return (running = { client, clock, filter, proxy, checks, stop })
}

const web = (labels: { [name: string]: string } = {}) =>
  ({
    metadata: { namespace: 'default', name: 'web', labels },
    spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ports: [{ name: 'http', port: 80 }] },
  }) as const
const webSlice = (...addresses: string[]) =>
  ({
    metadata: { namespace: 'default', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    endpoints: addresses.map((address) => ({ addresses: [address], nodeName: 'n1' })),
  }) as const
const key = 'default/web:http/TCP/IPv4'
const endpointsOf = (filter: RecordingPacketFilter): unknown =>
  filter.rules?.servicePorts.get(key)?.endpoints.map((each) => each.address)

test('the proxy writes everything once it has seen everything, and differences from then on', async () => {
  const { client, clock, filter } = await rig()
  expect(filter.calls).toEqual(['replace'])
  expect(filter.rules?.node).toEqual({
    podCIDRs: ['10.244.1.0/24'],
    serviceCIDRs: ['10.96.0.0/12'],
    masqueradeAll: false,
  })
  await client.create(services, web())
  await client.create(endpointslices, webSlice('10.244.1.2'))
  await clock.advance(5)
  expect(endpointsOf(filter)).toEqual(['10.244.1.2'])
  await client.update(endpointslices, webSlice('10.244.1.3'))
  await clock.advance(5)
  expect(endpointsOf(filter)).toEqual(['10.244.1.3'])
  await client.delete(services, { namespace: 'default', name: 'web' })
  await clock.advance(5)
  expect(filter.rules?.servicePorts.size).toBe(0)
  expect(filter.calls.filter((call) => call === 'replace')).toHaveLength(1)
})

test('changes that come together are applied together', async () => {
  const { client, clock, filter } = await rig()
  await Promise.all([client.create(services, web()), client.create(endpointslices, webSlice('10.244.1.2'))])
  await clock.advance(5)
  expect(filter.calls).toEqual(['replace', 'apply'])
})

test('a service that is labelled as another proxy loses its rules', async () => {
  const { client, clock, filter } = await rig()
  await client.create(services, web())
  await clock.advance(5)
  expect(filter.rules?.servicePorts.size).toBe(1)
  await client.update(services, web({ 'service.kubernetes.io/service-proxy-name': 'other' }))
  await clock.advance(5)
  expect(filter.rules?.servicePorts.size).toBe(0)
  await client.update(services, web())
  await clock.advance(5)
  expect(filter.rules?.servicePorts.size).toBe(1)
})

test('after a failure everything is written anew, later and later', async () => {
  const { client, clock, filter, proxy } = await rig()
  filter.failures = 2
  await client.create(services, web())
  await clock.advance(50)
  expect(filter.calls).toEqual(['replace', 'apply'])
  await clock.advance(70)
  expect(filter.calls).toEqual(['replace', 'apply', 'replace'])
  await clock.advance(250)
  expect(filter.calls).toEqual(['replace', 'apply', 'replace', 'replace'])
  expect(filter.rules?.servicePorts.has(key)).toBe(true)
  expect(proxy.health().healthy).toBe(true)
})

test('a proxy that can not apply changes is unhealthy after two minutes', async () => {
  const { client, clock, filter, proxy } = await rig()
  filter.failures = 1000
  await client.create(services, web())
  await clock.advance(119_000)
  expect(proxy.health().healthy).toBe(true)
  await clock.advance(31_000)
  expect(proxy.health()).toMatchObject({ healthy: false, nodeEligible: true })
})

test('rules that somebody else took away come back', async () => {
  const { clock, filter } = await rig()
  filter.present = false
  await clock.advance(31_000)
  expect(filter.calls).toEqual(['replace', 'replace'])
})

test('a node that an autoscaler is about to delete is not eligible', async () => {
  const { client, clock, proxy } = await rig()
  expect(proxy.health().nodeEligible).toBe(true)
  await client.update(nodes, {
    metadata: { name: 'n1' },
    spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] },
  })
  await clock.advance(5)
  expect(proxy.health().nodeEligible).toBe(false)
})

test('health checks follow services and their local endpoints', async () => {
  const { client, clock, checks } = await rig()
  const balanced = {
    ...web(),
    spec: { ...web().spec, type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 31_000 },
  } as const
  await client.create(services, balanced)
  await clock.advance(5)
  expect(checks).toEqual([{ namespace: 'default', service: 'web', port: 31_000, localEndpoints: 0 }])
  await client.create(endpointslices, webSlice('10.244.1.2', '10.244.1.3'))
  await clock.advance(5)
  expect(checks[0]?.localEndpoints).toBe(2)
})

test('rules stay when the proxy stops, unless it shall clean up', async () => {
  const kept = await rig()
  await kept.stop()
  expect(kept.filter.calls).toEqual(['replace', 'close'])
  const cleaned = await rig({ cleanup: true })
  await cleaned.stop()
  expect(cleaned.filter.calls).toEqual(['replace', 'clear', 'close'])
})
