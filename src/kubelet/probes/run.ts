import { messageOf } from '#base'
import type { Container, EnvVar, Pod, Probe } from '#api/core/v1'
import { expand } from '../containers/expansion.ts'
import { formatPod } from '../pods/containers.ts'
import { hasRuntimeCode } from '../runtime/error.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { GrpcFailure, ProbeNetwork } from '../seams/probe-network.ts'
import { hostPort, httpRequest, portOf } from './target.ts'

/** Outcome of one probe. An `error` is a probe that could not be made. */
export type ProbeOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'warning' | 'failure' | 'error'; readonly message: string }

export interface ProbeTools {
  readonly runtime: Pick<ContainerRuntime, 'execSync'>
  readonly network: ProbeNetwork
}

const mostTries = 3
const mostOutput = 10 * 1024

/** Probes a container once; a probe that could not be made is tried again at once. */
export async function runProbe(
  tools: ProbeTools,
  probe: Probe,
  pod: Pod,
  container: Container,
  containerId: string,
  podIP: string,
): Promise<ProbeOutcome> {
  for (let tries = 1; ; tries++) {
    try {
      return await probeOnce(tools, probe, pod, container, containerId, podIP)
    } catch (error) {
      if (tries === mostTries) return { kind: 'error', message: messageOf(error) }
    }
  }
}

async function probeOnce(
  tools: ProbeTools,
  probe: Probe,
  pod: Pod,
  container: Container,
  containerId: string,
  podIP: string,
): Promise<ProbeOutcome> {
  const timeoutSeconds = probe.timeoutSeconds ?? 1
  const timeoutMs = timeoutSeconds * 1000
  if (probe.exec) return execProbe(tools, probe.exec.command ?? [], container, containerId, timeoutSeconds)
  if (probe.httpGet) return httpProbe(tools.network, httpRequest(probe.httpGet, container, podIP, timeoutMs, 'probe'))
  if (probe.tcpSocket) {
    const { host = '', port } = probe.tcpSocket
    return tcpProbe(tools.network, host === '' ? podIP : host, portOf(port, container), timeoutMs)
  }
  if (probe.grpc) {
    return grpcProbe(tools.network, podIP, probe.grpc.port, probe.grpc.service ?? '', timeoutMs)
  }
  throw new Error(`missing probe handler for ${formatPod(pod)}:${container.name}`)
}

async function execProbe(
  { runtime }: ProbeTools,
  command: readonly string[],
  container: Container,
  containerId: string,
  timeoutSeconds: number,
): Promise<ProbeOutcome> {
  const expanded = withStaticVariables(command, container.env ?? [])
  try {
    const { stdout, stderr, exitCode } = await runtime.execSync(containerId, expanded, timeoutSeconds)
    if (exitCode === 0) return { kind: 'success' }
    const output = new Uint8Array(stdout.length + stderr.length)
    output.set(stdout)
    output.set(stderr, stdout.length)
    return { kind: 'failure', message: new TextDecoder().decode(output.subarray(0, mostOutput)) }
  } catch (error) {
    if (!hasRuntimeCode(error, 'DeadlineExceeded')) throw error
    const message = `command timed out: ${JSON.stringify(expanded.join(' '))} timed out after ${timeoutSeconds}s`
    return { kind: 'failure', message }
  }
}

/** Variables that stand in the specification with their value. */
function withStaticVariables(command: readonly string[], variables: readonly EnvVar[]): string[] {
  const values = new Map(variables.map(({ name, value = '' }) => [name, value]))
  return command.map((text) => expand(text, (name) => values.get(name)))
}

async function httpProbe(network: ProbeNetwork, request: ReturnType<typeof httpRequest>): Promise<ProbeOutcome> {
  let answer: Awaited<ReturnType<ProbeNetwork['http']>>
  try {
    answer = await network.http(request)
  } catch (error) {
    return { kind: 'failure', message: messageOf(error) }
  }
  const { status, body } = answer
  if (status >= 200 && status < 300) return { kind: 'success' }
  if (status >= 300 && status < 400) {
    return { kind: 'warning', message: `Probe terminated redirects, Response body: ${body}` }
  }
  return { kind: 'failure', message: `HTTP probe failed with statuscode: ${status}` }
}

async function tcpProbe(network: ProbeNetwork, host: string, port: number, timeoutMs: number): Promise<ProbeOutcome> {
  try {
    await network.tcp(host, port, timeoutMs)
    return { kind: 'success' }
  } catch (error) {
    return { kind: 'failure', message: messageOf(error) }
  }
}

async function grpcProbe(
  network: ProbeNetwork,
  host: string,
  port: number,
  service: string,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const state = await network.grpc(host, port, service, timeoutMs)
  if (state === 'SERVING') return { kind: 'success' }
  if (typeof state === 'string') {
    return { kind: 'failure', message: `service unhealthy (responded with ${JSON.stringify(state)})` }
  }
  return { kind: 'failure', message: grpcMessage(state, hostPort(host, port), `${timeoutMs / 1000}s`) }
}

function grpcMessage({ kind, message }: GrpcFailure, address: string, timeout: string): string {
  switch (kind) {
    case 'connect-timeout':
      return `timeout: failed to connect service ${JSON.stringify(address)} within ${timeout}: ${message}`
    case 'connect':
      return `error: failed to connect service at ${JSON.stringify(address)}: ${message}`
    case 'unimplemented':
      return `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${message}`
    case 'timeout':
      return `timeout: health rpc did not complete within ${timeout}`
    case 'rpc':
      return `error: health rpc probe failed: ${message}`
  }
}
