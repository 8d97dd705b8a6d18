import { expositionText } from '#machinery'
import { containerMetrics, kubeletMetrics, resourceMetrics, writtenConfiguration } from '#kubelet'
import type { Kubelet } from '#kubelet'
import { serveCheckpoint } from './checkpoint.ts'
import { serveProfiles, serveVerbosity } from './debug.ts'
import { serveContainerLogs } from './container-logs.ts'
import { serveLocalVolume } from './local-volumes.ts'
import { serveNodeLogs } from './node-logs/serve.ts'
import { exposition, Refused, sendJson, sendText, type Exchange } from './exchange.ts'
import type { Place } from './find.ts'
import { serveHealth } from './health.ts'
import type { KubeletServerOptions } from './server.ts'
import { serveFlagz, serveSlis, serveStatusz } from './zpages.ts'
import { commandStream, portStream, runningContainer, targetOf } from './streams.ts'
import type { ServeStream, StreamRequest } from './streams.ts'

/** A place of the server, and what answers there: with a stream, where the request leaves HTTP. */
export interface Route extends Place {
  /** `open` is served by the read-only port, too; `debugging` is not while debugging handlers are off. */
  readonly kind?: 'open' | 'debugging'
  /** Feature gate that shows it; always shown when absent. */
  readonly gate?: string
  readonly serve?: (kubelet: Kubelet, exchange: Exchange, options?: KubeletServerOptions) => Promise<void>
  readonly stream?: (kubelet: Kubelet, asked: StreamRequest) => Promise<ServeStream>
}

const get = ['GET']
const post = ['POST']
const any = ['GET', 'POST']
const json = 'application/json'

export const routes: readonly Route[] = [
  { path: '/healthz', depth: [0, 1], kind: 'open', serve: serveHealth },
  { methods: get, path: '/pods', produces: json, kind: 'open', serve: servePods },
  { methods: get, path: '/runningpods', slash: true, produces: json, kind: 'debugging', serve: serveRunningPods },
  { methods: get, path: '/containerLogs', depth: [3], kind: 'debugging', serve: serveContainerLogs },
  { methods: get, path: '/logs', slash: true, depth: 'any', kind: 'debugging', serve: serveLogs },
  { path: '/configz', kind: 'debugging', serve: serveConfig },
  {
    methods: any,
    path: '/stats/summary',
    folder: '/stats',
    slash: true,
    produces: json,
    kind: 'open',
    serve: serveSummary,
  },
  { path: '/metrics', kind: 'open', serve: serveMetrics },
  {
    path: '/metrics/resource',
    kind: 'open',
    serve: async (kubelet, { response }) =>
      sendText(response, 200, resourceMetrics(await kubelet.stats.reading(true)), exposition),
  },
  { path: '/metrics/cadvisor', kind: 'open', serve: serveContainerMetrics },
  {
    path: '/metrics/probes',
    kind: 'open',
    serve: async (kubelet, { response }) => sendText(response, 200, kubelet.parts.probes.metrics(), exposition),
  },
  { path: '/metrics/slis', kind: 'open', serve: serveSlis },
  { path: '/statusz', kind: 'debugging', gate: 'ComponentStatusz', serve: serveStatusz },
  { path: '/flagz', kind: 'debugging', gate: 'ComponentFlagz', serve: serveFlagz },
  { methods: get, path: '/debug/pprof', slash: true, depth: 'any', kind: 'debugging', serve: serveProfiles },
  { path: '/debug/flags/v', kind: 'debugging', serve: serveVerbosity },
  { methods: ['PUT', 'DELETE'], path: '/localVolumes', depth: [1], serve: serveLocalVolume },
  {
    methods: post,
    path: '/checkpoint',
    slash: true,
    depth: [3],
    produces: json,
    kind: 'debugging',
    gate: 'ContainerCheckpoint',
    serve: serveCheckpoint,
  },
  { methods: post, path: '/run', depth: [3, 4], kind: 'debugging', serve: serveRun },
  {
    methods: any,
    path: '/exec',
    depth: [3, 4],
    kind: 'debugging',
    stream: (kubelet, asked) => commandStream(kubelet, 'exec', asked),
  },
  {
    methods: any,
    path: '/attach',
    depth: [3, 4],
    kind: 'debugging',
    stream: (kubelet, asked) => commandStream(kubelet, 'attach', asked),
  },
  { methods: any, path: '/portForward', depth: [2, 3], kind: 'debugging', stream: portStream },
]

/** Folders of which a server without debugging handlers says that it has none. */
export const debuggingFolders: readonly string[] = [
  '/run',
  '/exec',
  '/attach',
  '/portForward',
  '/containerLogs',
  '/runningpods',
  '/debug/pprof',
  '/logs',
]

/** Every pod of the node, with the status that the agent holds. */
async function servePods(kubelet: Kubelet, { response }: Exchange): Promise<void> {
  // Items of a list do not repeat kind and apiVersion.
  const items = kubelet.workers.pods().map((stored) => {
    const { kind: _, apiVersion: __, ...pod } = stored
    const status = kubelet.parts.statuses.get(pod.metadata.uid ?? '') ?? pod.status
    return status === undefined ? pod : { ...pod, status }
  })
  sendJson(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items })
}

async function serveRunningPods(kubelet: Kubelet, { response }: Exchange): Promise<void> {
  const items = []
  for (const uid of kubelet.parts.cache.uids()) {
    const observation = kubelet.parts.cache.get(uid)
    const running = observation?.containers.filter(({ state }) => state === 'running') ?? []
    if (!observation || running.length === 0) continue
    const { name, namespace } = observation
    const containers = running.map((container) => ({ name: container.name, image: container.image, resources: {} }))
    items.push({ metadata: { name, namespace, uid }, spec: { containers }, status: {} })
  }
  sendJson(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items })
}

async function serveSummary(kubelet: Kubelet, { query, response }: Exchange): Promise<void> {
  sendJson(response, await kubelet.stats.summary(query.get('only_cpu_and_memory') === 'true'))
}

async function serveContainerMetrics(kubelet: Kubelet, { response }: Exchange): Promise<void> {
  const { node, parts, stats } = kubelet
  const [reading, details, disks] = await Promise.all([
    stats.reading(false),
    stats.details(),
    parts.measures.disks().catch(() => []),
  ])
  const text = containerMetrics({
    reading,
    machine: node.machine,
    observation: (uid) => parts.cache.get(uid),
    details: (uid) => details.get(uid),
    disks,
    diskUse: 'ephemeral-storage' in node.capacity,
    now: Date.now(),
  })
  sendText(response, 200, text, exposition)
}

async function serveMetrics(kubelet: Kubelet, { response }: Exchange, options?: KubeletServerOptions): Promise<void> {
  const { user, system } = process.cpuUsage()
  const text = kubeletMetrics({
    nodeName: options?.nodeName ?? '',
    version: kubelet.node.version,
    pods: kubelet.workers.census(),
    cgroupVersion: kubelet.node.machine.cgroupVersion,
    summary: await kubelet.stats.summary(false),
    cache: kubelet.parts.cache,
    volumes: kubelet.parts.volumes.counts(),
    agent: {
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
      startSeconds: Math.round(performance.timeOrigin) / 1000,
    },
  })
  const counted = kubelet.parts.metrics.text() + kubelet.runtimeOperations.text()
  sendText(response, 200, text + counted + expositionText(options?.requests?.families() ?? []), exposition)
}

async function serveLogs(_: Kubelet, exchange: Exchange, options?: KubeletServerOptions): Promise<void> {
  if (options) await serveNodeLogs(options.config, exchange)
}

async function serveConfig(_: Kubelet, { response }: Exchange, options?: KubeletServerOptions): Promise<void> {
  sendJson(response, { kubeletconfig: options && writtenConfiguration(options.config) })
}

/** Runs a command and answers with what it wrote. */
async function serveRun(kubelet: Kubelet, { query, parameters, response }: Exchange): Promise<void> {
  const id = runningContainer(kubelet, targetOf(parameters))
  const command = (query.get('cmd') ?? '').split(' ')
  const { stdout, stderr, exitCode } = await kubelet.parts.runtime.execSync(id, command, 0)
  const output = Buffer.concat([stdout, stderr])
  if (exitCode !== 0) {
    const text = Buffer.from(stderr).toString('utf8')
    throw new Refused(500, `command '${command.join(' ')}' exited with ${exitCode}: ${text}`)
  }
  if (output.length === 0) response.writeHead(200).end()
  else sendText(response, 200, output.toString('utf8'), json)
}
