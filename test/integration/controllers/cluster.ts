import { setMaxListeners } from 'node:events'
import { silentLogger } from '#base'
import type { VirtualClock } from '#base'
import type { Resource } from '#api'
import { namespaces, pods } from '#api/core/v1'
import type { Pod, PodTemplateSpec } from '#api/core/v1'
import {
  createClient,
  createEventBroadcaster,
  createInformerFactory,
  discoverResources,
  readOpenApi,
  runControllers,
  selectControllers,
} from '#client'
import type { Client, Transport } from '#client'
import { controllers } from '#controllers'
import type { ControllersOptions } from '#controllers'
import type { KubeObject } from '#machinery'
import { simulatedNodeController, simulatedPodController } from '#simulation'
import type { SimulatedNode } from '#simulation'
import { admin, startClusterServer, startTestServer } from '../apiserver/server.ts'
import type { TestServer } from '../apiserver/server.ts'

export interface TestCluster extends AsyncDisposable {
  readonly client: Client
  readonly clock: VirtualClock
  /** Requests that controllers have made so far: `GET /api/v1/...`. */
  readonly requests: readonly string[]
  /** Moves time on, a little at a time, until something holds. @throws Error when it does not within `ms`. */
  until(what: string, holds: () => Promise<boolean>, ms?: number): Promise<void>
  /** A node falls silent. */
  stopNode(name: string): Promise<void>
}

export interface TestClusterOptions {
  /** Names of the controllers that run; all that do by default when absent. */
  readonly select?: readonly string[]
  readonly nodes?: readonly string[]
  readonly options?: Partial<ControllersOptions>
  /** Whether controllers are told the authority of the API server; true when absent. */
  readonly rootCA?: boolean
  /** Milliseconds for which containers of Jobs run; 1000 when absent. */
  readonly jobMs?: number
  /** Whether the server has what every cluster has from its beginning, addresses for Services among it. */
  readonly complete?: boolean
  /** What lies between controllers and the server. */
  readonly through?: (handle: Transport) => Transport
}

/** An API server, controllers, and nodes that pretend, on a clock that only the test moves. */
export async function startCluster({
  select = ['*'],
  nodes = ['n1'],
  options,
  rootCA = true,
  jobMs = 1000,
  complete = false,
  through = (handle) => handle,
}: TestClusterOptions): Promise<TestCluster> {
  const server = await (complete ? startClusterServer() : startTestServer())
  const { client, clock } = server
  if (!complete) await client.create(namespaces, { metadata: { name: 'kube-node-lease' }, spec: {} })
  const stop = new AbortController()
  const stopNode = new Map(nodes.map((name) => [name, new AbortController()]))
  setMaxListeners(0, stop.signal)
  const shared = { clock, log: silentLogger }
  const handle = through(server.server.handle)
  const informers = createInformerFactory(createClient(handle, { userAgent: 'test/1.0', user: admin }), shared)
  const events = createEventBroadcaster({ client, ...shared })
  const requests: string[] = []
  const transport: Transport = (request) => {
    requests.push(`${request.method} ${request.path}`)
    return handle(request)
  }
  const watched = createClient(transport, { userAgent: 'test/1.0', user: admin })
  const context = { informers, events, ...shared }
  const chosen = selectControllers(controllers, select)
  const discover = (signal: AbortSignal): ReturnType<typeof discoverResources> =>
    discoverResources(server.server.handle, { userAgent: 'test/1.0', user: admin, signal })
  const readSchemas = (group: string, version: string): Promise<unknown> =>
    readOpenApi(server.server.handle, group, version, { userAgent: 'test/1.0', user: admin })
  const all = { discover, readSchemas, namespaceGraceMs: 0, ...(rootCA ? { rootCA: 'certificates' } : {}), ...options }
  const simulated = [...stopNode].map(([name, { signal }], index) => {
    const simulation = { nodes: [simulatedNode(name, index)], kubeletVersion: 'v1.36.0', startupMs: 3000, jobMs }
    const agents = [simulatedNodeController, simulatedPodController]
    return runControllers(agents, { ...context, clientFor: () => client, options: simulation }, signal)
  })
  const running = Promise.all([
    informers.start(stop.signal),
    events.start(stop.signal),
    runControllers(chosen, { ...context, clientFor: () => watched, options: all }, stop.signal),
    ...simulated,
  ])
  return {
    client,
    clock,
    requests,
    until: (what, holds, ms = 120_000) => until(server, what, holds, ms),
    async stopNode(name) {
      stopNode.get(name)?.abort()
      await clock.advance(0)
    },
    async [Symbol.asyncDispose]() {
      for (const controller of stopNode.values()) controller.abort()
      stop.abort()
      await clock.advance(0)
      await running
      await server[Symbol.asyncDispose]()
    },
  }
}

const simulatedNode = (name: string, index: number): SimulatedNode => ({
  name,
  address: `192.0.2.${index + 1}`,
  capacity: { cpu: '8', memory: '32Gi', pods: '500' },
  podBlock: `10.1.${index}.0/24`,
})

async function until({ clock }: TestServer, what: string, holds: () => Promise<boolean>, ms: number): Promise<void> {
  const end = clock.now() + ms
  for (;;) {
    await clock.advance(0)
    if (await holds()) return
    if (clock.now() >= end) throw new Error(`${what}: not within ${ms} ms`)
    await clock.advance(100)
  }
}

export const itemsOf = async <T extends KubeObject>(client: Client, resource: Resource<T>): Promise<readonly T[]> =>
  (await client.list(resource, { namespace: 'default' })).items

/** Pods that are neither done nor about to go. */
export async function livePods(client: Client): Promise<readonly Pod[]> {
  return (await itemsOf(client, pods)).filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded',
  )
}

export const isReady = ({ status }: Pod): boolean =>
  (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True')

/** A template for pods that nobody has to schedule. */
export const template = (image: string, spec: Partial<Pod['spec']> = {}): PodTemplateSpec => ({
  metadata: { labels: { app: 'web' } },
  spec: { nodeName: 'n1', containers: [{ name: 'main', image }], terminationGracePeriodSeconds: 1, ...spec },
})

export const appSelector = { matchLabels: { app: 'web' } }
