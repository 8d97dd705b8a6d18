import { get } from 'node:https'
import { join } from 'node:path'
import { namespaces, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { ingresses } from '#api/networking/v1'
import type { Client } from '#client'
import type { Endpoint } from '../load/endpoint.ts'
import { endpointAddresses, makeNodeNetwork } from '../machine/node-network.ts'
import type { NodeNetwork } from '../machine/node-network.ts'
import { Programs } from '../machine/programs.ts'
import type { Row } from '../report/row.ts'
import { clientOf } from '../systems/client.ts'
import type { NodeProgram } from '../systems/proxy.ts'
import { endpointsOf, startNodeApi } from './node-api.ts'
import { pause } from './part.ts'
import type { PartContext } from './part.ts'

/** Within a fifth of nginx. */
const share = 0.8

const requests: Row = {
  id: 'ingress.requests',
  title: 'HTTPS requests with answers of 1 KB through an Ingress, by processor time of its proxy',
  unit: 'per core second',
  better: 'more',
  wanted: share,
}
const bytes: Row = {
  id: 'ingress.bytes',
  title: 'the same with answers of 1 MB',
  unit: 'MB per core second',
  better: 'more',
  wanted: share,
}

const key = { namespace: 'site', name: 'site' }
const backendPort = 8080

/** What the proxy of Ingresses takes for each request, beside nginx that is told the same. */
export async function measureIngress(context: PartContext): Promise<void> {
  const { system, cleanup } = context
  const network = await makeNodeNetwork(cleanup)
  const backend = startBackend(network, cleanup)
  const api = await startNodeApi(context)
  try {
    await using connection = clientOf(api.endpoint, cleanup)
    await makeSite(connection.client)
    const backendAddress = { host: endpointAddresses[0], port: backendPort }
    const proxy = await system.startIngress(network, api.endpoint, backendAddress, cleanup)
    await measure(context, { host: network.address, port: 443 }, proxy)
    await proxy.stop()
  } finally {
    await api.stop()
    await backend.stop()
    await network.remove()
  }
}

async function measure({ system, report, extent, generator }: PartContext, endpoint: Endpoint, proxy: NodeProgram) {
  const load = (path: string, connections: number) =>
    ({ kind: 'requests', endpoint, request: { method: 'GET', path }, connections, ms: extent.ms }) as const
  const small = load('/small', 32)
  await served(endpoint)
  await generator.run({ ...small, ms: extent.warmUpMs })
  const many = await generator.run(small, () => proxy.cpuMs())
  report.record(system.name, requests, (many.result.requests * 1000) / many.serverCpuMs, {
    'a second': many.result.requests / many.result.seconds,
    'p99 ms': many.result.p99,
    'proxy us': (many.serverCpuMs * 1000) / many.result.requests,
    ...(many.result.failed > 0 ? { failed: many.result.failed } : {}),
  })
  const large = await generator.run(load('/large', 4), () => proxy.cpuMs())
  const megabytes = large.result.bytes / 2 ** 20
  report.record(system.name, bytes, (megabytes * 1000) / large.serverCpuMs, {
    'MB a second': megabytes / large.result.seconds,
    ...(large.result.failed > 0 ? { failed: large.result.failed } : {}),
  })
}

/** Waits until requests come through. @throws Error when that takes a minute. */
async function served({ host, port }: Endpoint): Promise<void> {
  let last: string | number = ''
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await pause(100)) {
    last = await new Promise((resolve) =>
      get({ host, port, path: '/small', rejectUnauthorized: false, agent: false }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      }).on('error', (error) => resolve(error.message)),
    )
    if (last === 200) return
  }
  throw new Error(`nothing comes through the Ingress after a minute: ${last}`)
}

async function makeSite(client: Client): Promise<void> {
  await client.create(namespaces, { metadata: { name: key.namespace }, spec: {} })
  await client.create(services, { metadata: key, spec: { ports: [{ port: 80, targetPort: backendPort }] } })
  await client.create(endpointslices, {
    metadata: { ...key, labels: { 'kubernetes.io/service-name': key.name } },
    addressType: 'IPv4',
    ports: [{ port: backendPort, protocol: 'TCP' }],
    endpoints: endpointsOf([endpointAddresses[0]]),
  } as EndpointSlice)
  const backend = { service: { name: key.name, port: { number: 80 } } }
  await client.create(ingresses, {
    metadata: key,
    spec: { ingressClassName: 'k8ts', rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
  })
}

/** Answers with a body of 1 MB or 1 KB. */
const server = `
  const bodies = { '/large': Buffer.alloc(2 ** 20, 'a'), '/small': Buffer.alloc(1024, 'a') }
  require('node:http')
    .createServer({ keepAliveTimeout: 600000 }, (request, response) => {
      const body = bodies[request.url] ?? ''
      response.writeHead(200, { 'Content-Length': body.length }).end(body)
    })
    .listen(Number(process.argv[1]), process.argv[2])
`

function startBackend(network: NodeNetwork, cleanup: PartContext['cleanup']): Programs {
  const programs = new Programs(cleanup)
  const command = [
    ...network.prefix,
    process.execPath,
    '-e',
    server,
    String(backendPort),
    endpointAddresses[0],
  ] as const
  programs.start({ name: 'backend', log: join(network.folder, 'backend.log'), command: [...command] })
  return programs
}
