import type { IncomingMessage } from 'node:http'
import { quote } from '#machinery'
import { descriptionOf, hasRuntimeCode, type Kubelet } from '#kubelet'
import { isWebSocket, type UpgradeRequest } from '../streaming/handshake.ts'
import { passOn } from '../streaming/proxy.ts'
import { commandProtocol, serveCommand, type StreamOptions } from '../streaming/websocket-command.ts'
import { serveTunnel, tunnelProtocols } from '../streaming/websocket-tunnel.ts'
import { Refused } from './exchange.ts'

/** What a request asks for, before it leaves HTTP. */
export interface StreamRequest {
  readonly request: IncomingMessage
  readonly query: URLSearchParams
  /** namespace, pod, uid (may be absent), container (not for port-forward). */
  readonly parameters: readonly string[]
}

const isSet = (query: URLSearchParams, ...names: readonly string[]): boolean =>
  names.some((name) => ['1', 'true', 'True', 'TRUE', 't', 'T'].includes(query.get(name) ?? ''))

/** @throws Refused when no stream is wanted. */
function streamOptions(query: URLSearchParams): StreamOptions {
  const tty = isSet(query, 'tty')
  const options = {
    stdin: isSet(query, 'stdin', 'input'),
    stdout: isSet(query, 'stdout', 'output'),
    // A terminal has one output only.
    stderr: isSet(query, 'stderr', 'error') && !tty,
    tty,
  }
  if (!options.stdin && !options.stdout && !options.stderr) {
    throw new Refused(400, 'you must specify at least 1 of stdin, stdout, stderr')
  }
  return options
}

interface Target {
  readonly namespace: string
  readonly podName: string
  readonly containerName: string
}

/** Paths are `namespace/pod[/uid]/container`. The pod is the one of that name, whatever the UID. */
export function targetOf(parameters: readonly string[]): Target {
  const [namespace = '', podName = ''] = parameters
  return { namespace, podName, containerName: parameters.at(-1) ?? '' }
}

/** Id of a container that runs. @throws Refused with the message users see. */
export function runningContainer(kubelet: Kubelet, target: Target, kind: 'exec' | 'attach' = 'exec'): string {
  const pod = kubelet.workers.byName(target.namespace, target.podName)
  if (!pod) throw new Refused(404, 'pod does not exist')
  const observation = kubelet.parts.cache.get(pod.metadata.uid ?? '')
  const found = observation?.containers.find(({ name, state }) => name === target.containerName && state === 'running')
  if (!found) throw new Refused(500, notFound(kind, target))
  return found.id
}

const notFound = (kind: 'exec' | 'attach', { containerName, podName, namespace }: Target): string =>
  kind === 'exec'
    ? `container not found (${quote(containerName)})`
    : `container ${containerName} not found in pod ${podName}_${namespace}`

/** Speaks on the connection of a request that may leave HTTP. */
export type ServeStream = (client: UpgradeRequest) => Promise<void>

/** Commands: /exec and /attach. @throws Refused */
export async function commandStream(
  kubelet: Kubelet,
  kind: 'exec' | 'attach',
  { request, query, parameters }: StreamRequest,
): Promise<ServeStream> {
  const options = streamOptions(query)
  const target = targetOf(parameters)
  const containerId = runningContainer(kubelet, target, kind)
  const { runtime } = kubelet.parts
  const tty = kind === 'attach' ? hasTerminal(kubelet, target) : options.tty
  const wanted = { ...options, tty, containerId }
  const url = await ofRuntime(
    kind === 'exec' ? runtime.exec({ ...wanted, command: query.getAll('command') }) : runtime.attach(wanted),
  )
  const protocol = commandProtocol(request)
  return protocol === undefined
    ? (client) => passOn(client, url)
    : (client) => serveCommand(client, protocol, url, { ...options, tty })
}

/** Whether a container has a terminal: attaching to it follows that. */
function hasTerminal(kubelet: Kubelet, { namespace, podName, containerName }: Target): boolean {
  const { containers = [], ephemeralContainers = [] } = kubelet.workers.byName(namespace, podName)?.spec ?? {}
  return [...containers, ...ephemeralContainers].find(({ name }) => name === containerName)?.tty ?? false
}

/** /portForward. @throws Refused */
export async function portStream(
  kubelet: Kubelet,
  { request, query, parameters }: StreamRequest,
): Promise<ServeStream> {
  const protocols = tunnelProtocols(request)
  const ports = protocols.length === 0 && isWebSocket(request) ? portsOf(query) : []
  const [namespace = '', podName = '', uid = ''] = parameters
  const pod = kubelet.workers.byName(namespace, podName)
  if (!pod) throw new Refused(404, 'pod does not exist')
  if (uid !== '' && pod.metadata.uid !== uid) throw new Refused(404, 'pod not found')
  const sandbox = kubelet.parts.cache.get(pod.metadata.uid ?? '')?.sandboxes[0]
  if (sandbox?.state !== 'ready') throw new Refused(500, `pod not found (${quote(`${podName}_${namespace}`)})`)
  const url = await ofRuntime(kubelet.parts.runtime.portForward(sandbox.id, ports))
  return protocols.length === 0 ? (client) => passOn(client, url) : (client) => serveTunnel(client, protocols, url)
}

/** Ports that a WebSocket without a tunnel names beforehand. @throws Refused when one is none. */
function portsOf(query: URLSearchParams): number[] {
  const named = query.getAll('port')
  if (named.length === 0) throw new Refused(400, 'query parameter "port" is required')
  return named.flatMap((list) => {
    if (list === '') throw new Refused(400, 'query parameter "port" cannot be empty')
    return list.split(',').map((text) => {
      const why = !/^\d+$/.test(text) ? 'invalid syntax' : Number(text) > 65_535 ? 'value out of range' : undefined
      if (why !== undefined) {
        const parsing = `strconv.ParseUint: parsing ${quote(text)}: ${why}`
        throw new Refused(400, `unable to parse ${quote(list)} as a port: ${parsing}`)
      }
      if (Number(text) < 1) throw new Refused(400, `port ${quote(list)} must be > 0`)
      return Number(text)
    })
  })
}

async function ofRuntime(url: Promise<string>): Promise<URL> {
  try {
    return new URL(await url)
  } catch (error) {
    if (hasRuntimeCode(error, 'NotFound')) throw new Refused(404, descriptionOf(error))
    if (hasRuntimeCode(error, 'ResourceExhausted')) throw new Refused(429, descriptionOf(error))
    throw new Refused(500, (error as Error).message)
  }
}
