import { podReference } from '#client'
import { messageOf, sleep } from '#base'
import type { Container, LifecycleHandler, Pod } from '#api/core/v1'
import { quote } from '#machinery'
import { formatPod } from '../pods/containers.ts'
import { httpRequest } from '../probes/target.ts'
import type { NodeServices } from '../services.ts'

type HookServices = Pick<NodeServices, 'runtime' | 'network' | 'clock' | 'record' | 'cache' | 'metrics'>

/** Milliseconds after which a hook's HTTP request is given up where no grace period does so before. */
const httpTimeoutMs = 3_600_000

/**
 * Runs a lifecycle hook.
 *
 * @throws Error with the message users see.
 */
export async function runHook(
  services: HookServices,
  hook: LifecycleHandler,
  pod: Pod,
  container: Container,
  containerId: string,
  signal?: AbortSignal,
): Promise<void> {
  const where = `for Container ${quote(container.name)} in Pod ${quote(formatPod(pod))} failed - error`
  if (hook.exec) return execHook(services, hook.exec.command ?? [], containerId, where)
  if (hook.httpGet) {
    try {
      return await httpHook(services, hook.httpGet, pod, container)
    } catch (error) {
      throw new Error(`HTTP lifecycle hook (${hook.httpGet.path ?? ''}) ${where}: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }
  if (hook.sleep) {
    const { seconds } = hook.sleep
    try {
      return await sleep(services.clock, seconds * 1000, signal)
    } catch {
      services.metrics.hooks.sleepCut()
      throw new Error(`Sleep lifecycle hook (${seconds}) ${where}: container terminated before sleep hook finished`)
    }
  }
  if (!hook.tcpSocket) throw new Error('Cannot run handler: invalid handler')
}

async function execHook(
  { runtime }: HookServices,
  command: readonly string[],
  containerId: string,
  where: string,
): Promise<void> {
  const what = `Exec lifecycle hook ([${command.join(' ')}]) ${where}`
  const decoder = new TextDecoder()
  let result: Awaited<ReturnType<typeof runtime.execSync>>
  try {
    result = await runtime.execSync(containerId, command, 0)
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}, message: ""`, { cause: error })
  }
  const { exitCode, stdout, stderr } = result
  if (exitCode === 0) return
  const failure = `command '${command.join(' ')}' exited with ${exitCode}: ${decoder.decode(stderr)}`
  throw new Error(`${what}: ${failure}, message: ${quote(decoder.decode(stdout) + decoder.decode(stderr))}`)
}

async function httpHook(
  { network, cache, record, metrics }: HookServices,
  action: NonNullable<LifecycleHandler['httpGet']>,
  pod: Pod,
  container: Container,
): Promise<void> {
  const podIP = cache.get(pod.metadata.uid ?? '')?.ips[0] ?? ''
  if (podIP === '' && (action.host ?? '') === '') throw new Error('failed to find networking container')
  const request = httpRequest(action, container, podIP, httpTimeoutMs, 'lifecycle')
  try {
    await network.http(request)
  } catch (error) {
    if (!messageOf(error).includes('server gave HTTP response to HTTPS client')) throw error
    await network.http({
      ...request,
      url: request.url.replace(/^https:/, 'http:'),
      headers: request.headers.filter(({ name }) => name.toLowerCase() !== 'authorization'),
    })
    metrics.hooks.fellBackToHttp()
    const { host } = new URL(request.url)
    const text = `request to HTTPS lifecycle hook ${host} got HTTP response, retry with HTTP succeeded`
    record(podReference(pod), 'Warning', 'LifecycleHTTPFallback', text)
  }
}
