import { connect } from 'node:net'
import { join } from 'node:path'
import { namespaces, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Client } from '#client'
import { runCommand } from '#network'
import { endpointAddresses, makeNodeNetwork } from '../machine/node-network.ts'
import type { NodeNetwork } from '../machine/node-network.ts'
import { Programs } from '../machine/programs.ts'
import type { Row } from '../report/row.ts'
import { clientOf } from '../systems/client.ts'
import { endpointsOf, fillServices, startNodeApi } from './node-api.ts'
import { median, pause } from './part.ts'
import type { PartContext } from './part.ts'

const row = (id: string, title: string, more: Partial<Row> = {}): Row => ({
  id: `proxy.${id}`,
  title,
  unit: 'ms',
  better: 'less',
  ...more,
})

const started = row('start', 'start of the proxy with 10,000 Services of 10 endpoints until a packet arrives', {
  wanted: 3,
})
const startCost = row('start.cost', 'processor time until then', { wanted: 3 })
const programmed = row('programmed', 'of it the rules, from all that they say being known until the kernel has them', {
  limit: 1000,
  wanted: 3,
})
const change = row('change', 'one changed endpoint, from the API write to a packet at it', { limit: 20 })
const changeCost = row('change.cost', 'processor time of the proxy for it', { wanted: 10 })
const firstPacket = row('connect', 'connection through a node port, with 10,000 Services', { unit: 'us' })

const nodePort = 30_080
const key = { namespace: 'probe', name: 'probe' }

/** What a service proxy takes to program very many Services, and to follow a change of one. */
export async function measureProxy(context: PartContext): Promise<void> {
  const { system, report, extent, cleanup } = context
  const network = await makeNodeNetwork(cleanup)
  const servers = startServers(network, cleanup)
  const api = await startNodeApi(context)
  try {
    await using connection = clientOf(api.endpoint, cleanup)
    const { client } = connection
    const slice = await makeProbe(client)
    const few = await connectTimes(context, network, api)
    await fillServices(context, api, extent.services)
    await pause(extent.settleMs)
    // What a proxy leaves behind still works; this one shall begin with nothing.
    await runCommand([...network.prefix, 'nft', 'flush', 'ruleset'])
    const begin = performance.now()
    const proxy = await system.startProxy(network, api.endpoint, cleanup)
    await reaches(network.address, 'a', 300_000)
    report.record(system.name, started, performance.now() - begin)
    report.record(system.name, startCost, proxy.cpuMs())
    report.record(system.name, programmed, await fullSyncMs(network))
    await pause(extent.settleMs)
    const times = await measureConnects(network.address)
    report.record(system.name, firstPacket, median(times), { 'with 10 us': median(few) })
    await measureChanges(context, network, client, slice, () => proxy.cpuMs())
    await proxy.stop()
  } finally {
    await api.stop()
    await servers.stop()
    await network.remove()
  }
}

/** Milliseconds that a proxy has spent on programming everything, by its own account. */
async function fullSyncMs({ prefix }: NodeNetwork): Promise<number> {
  // Packets arrive a little before the account is closed.
  for (let tries = 0; tries < 600; tries++) {
    const text = await runCommand([...prefix, 'curl', '-sS', 'http://127.0.0.1:10249/metrics'])
    const sum = /^kubeproxy_sync_full_proxy_rules_duration_seconds_sum\{ip_family="IPv4"\} (\S+)$/m.exec(text)
    const seconds = Number(sum?.[1] ?? 0)
    if (seconds > 0) return seconds * 1000
    await pause(100)
  }
  throw new Error('the proxy does not say how long it took to program everything')
}

/** The same path when there is next to nothing to look up. */
async function connectTimes(
  { system, cleanup }: PartContext,
  network: NodeNetwork,
  { endpoint }: Awaited<ReturnType<typeof startNodeApi>>,
): Promise<readonly number[]> {
  const proxy = await system.startProxy(network, endpoint, cleanup)
  await reaches(network.address, 'a', 60_000)
  const times = await measureConnects(network.address)
  await proxy.stop()
  return times
}

async function measureChanges(
  { system, report, extent }: PartContext,
  network: NodeNetwork,
  client: Client,
  first: EndpointSlice,
  cpuMs: () => number,
): Promise<void> {
  const before = cpuMs()
  const times: number[] = []
  let slice = first
  for (let i = 0; i < extent.changes; i++) {
    const [index, who] = i % 2 === 0 ? ([1, 'b'] as const) : ([0, 'a'] as const)
    const begin = performance.now()
    slice = await client.update(endpointslices, {
      ...slice,
      endpoints: endpointsOf([endpointAddresses[index]]),
    } as EndpointSlice)
    await reaches(network.address, who, 60_000)
    times.push(performance.now() - begin)
    await pause(50)
  }
  const sorted = times.toSorted((a, b) => a - b)
  report.record(system.name, change, median(times), { 'max ms': sorted.at(-1) ?? 0 })
  report.record(system.name, changeCost, (cpuMs() - before) / extent.changes)
}

/** Ten Services of which one leads to the node's own addresses. */
async function makeProbe(client: Client): Promise<EndpointSlice> {
  await client.create(namespaces, { metadata: { name: key.namespace }, spec: {} })
  await client.create(services, {
    metadata: key,
    spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort, protocol: 'TCP' }] },
  })
  return client.create(endpointslices, {
    metadata: { ...key, labels: { 'kubernetes.io/service-name': key.name } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: endpointsOf([endpointAddresses[0]]),
  } as EndpointSlice)
}

/** Says who it is to everybody who connects. */
const server = `
  const net = require('node:net')
  const [, ...hosts] = process.argv
  hosts.forEach((host, index) => net.createServer((s) => s.on('error', () => {}).end('ab'[index])).listen(8080, host))
`

function startServers(network: NodeNetwork, cleanup: PartContext['cleanup']): Programs {
  const programs = new Programs(cleanup)
  const command = [...network.prefix, process.execPath, '-e', server, ...endpointAddresses] as const
  programs.start({ name: 'servers', log: join(network.folder, 'servers.log'), command: [...command] })
  return programs
}

/** Waits until a new connection ends at the server of that name. @throws Error when time is up */
async function reaches(address: string, who: string, patienceMs: number): Promise<void> {
  const begin = performance.now()
  while ((await ask(address)) !== who) {
    if (performance.now() - begin > patienceMs) throw new Error(`no packet came to ${who} in ${patienceMs} ms`)
    await pause(1)
  }
}

async function measureConnects(address: string): Promise<readonly number[]> {
  const times: number[] = []
  for (let i = 0; i < 200; i++) {
    const begin = performance.now()
    await ask(address)
    times.push((performance.now() - begin) * 1000)
  }
  return times
}

/** @returns who answered, or nothing. */
function ask(host: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ host, port: nodePort, timeout: 1000 })
    socket.on('data', (data: Buffer) => (text += data.toString()))
    socket.on('timeout', () => socket.destroy())
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}
