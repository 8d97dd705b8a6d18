import type { Container, Pod } from '#api/core/v1'
import { sleep } from '#base'
import { rememberedPod } from '../containers/labels.ts'
import type { KillReason } from '../plan/types.ts'
import { containerNamed, isRestartableInitContainer, specOf } from '../pods/containers.ts'
import { containerReference } from '../pods/reference.ts'
import type { PodObservation } from '../runtime/pod-runtime.ts'
import type { NodeServices } from '../services.ts'
import { runHook } from './hooks.ts'
import { TerminationOrder } from './termination-order.ts'

/** Seconds that a container gets at least to end by itself. */
const leastGrace = 2

export interface KillRequest {
  /** Absent for pods that nobody knows any more; then the container's notes tell what is needed. */
  readonly pod: Pod | undefined
  readonly containerId: string
  readonly containerName: string
  /** What people are told; `Stopping container <name>` when empty. */
  readonly message: string
  readonly reason: KillReason
  /** Seconds, instead of what the pod says. */
  readonly graceOverride?: number | undefined
  readonly order?: TerminationOrder | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Ends a container: runs its preStop hook, lets others go first, asks, and kills when the grace period is over. What the
 * runtime then has of it is in the cache.
 */
export async function killContainer(services: NodeServices, request: KillRequest): Promise<void> {
  const { runtime, cache, record } = services
  const { containerId, containerName, reason, graceOverride, order, signal } = request
  const known = request.pod && containerNamed(request.pod, containerName)
  const found = known && request.pod ? { pod: request.pod, container: known } : await remembered(services, containerId)
  if (!found) return
  const { pod, container } = found
  const message = request.message === '' ? `Stopping container ${container.name}` : request.message
  record(containerReference(pod, container), 'Normal', 'Killing', message)
  let grace = graceOverride ?? graceOf(pod, container, reason)
  if (container.lifecycle?.preStop && grace > 0) {
    grace -= await runPreStop(services, pod, container, containerId, grace, signal)
  }
  if (order && grace > 0) grace -= await order.turnOf(containerName, grace)
  signal?.throwIfAborted()
  const seconds = Math.max(leastGrace, Math.floor(grace))
  await cache.stop(containerId, () => runtime.stopContainer(containerId, seconds, signal))
  order?.ended(containerName)
}

async function remembered(
  { runtime }: NodeServices,
  containerId: string,
): Promise<{ readonly pod: Pod; readonly container: Container } | undefined> {
  const status = await runtime.containerStatus(containerId)
  return status && rememberedPod(status.labels, status.annotations)
}

/** Seconds that a container has to end. */
function graceOf(pod: Pod, container: Container, reason: KillReason): number {
  const { deletionGracePeriodSeconds } = pod.metadata
  if (deletionGracePeriodSeconds !== undefined) return deletionGracePeriodSeconds
  const { terminationGracePeriodSeconds } = specOf(pod)
  if (terminationGracePeriodSeconds === undefined) return leastGrace
  const probe =
    reason === 'StartupProbe'
      ? container.startupProbe
      : reason === 'LivenessProbe'
        ? container.livenessProbe
        : undefined
  return probe?.terminationGracePeriodSeconds ?? terminationGracePeriodSeconds
}

/** Returns the whole seconds that passed: at most the grace period, whatever the hook does. */
async function runPreStop(
  services: NodeServices,
  pod: Pod,
  container: Container,
  containerId: string,
  grace: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { clock, record, log } = services
  const hook = container.lifecycle?.preStop
  if (!hook) return 0
  const began = clock.monotonic()
  const over = new AbortController()
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  const run = runHook(services, hook, pod, container, containerId, either).catch((error: unknown) => {
    // A sleep that is cut short has done what it can; a command fails when its container is killed beneath it.
    if (over.signal.aborted && hook.sleep) return
    log.warn('A preStop hook failed', { pod: pod.metadata.name, container: container.name, error })
    record(containerReference(pod, container), 'Warning', 'FailedPreStopHook', 'PreStopHook failed')
  })
  await Promise.race([run, sleep(clock, grace * 1000, either).catch(() => {})])
  over.abort()
  return Math.floor((clock.monotonic() - began) / 1000)
}

export interface KillPodRequest {
  readonly pod: Pod | undefined
  readonly observation: PodObservation
  readonly graceOverride?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Ends every container of a pod, then its sandboxes. What the runtime holds afterwards is in the cache.
 *
 * @throws the first error, after everything was tried.
 */
export async function killPod(services: NodeServices, request: KillPodRequest): Promise<void> {
  const { pod, observation, signal, graceOverride } = request
  const running = observation.containers.filter(({ state }) => state === 'running')
  const names = running.map(({ name }) => name)
  const hasSidecar = pod && (specOf(pod).initContainers ?? []).some(isRestartableInitContainer)
  const order = hasSidecar ? new TerminationOrder(pod, names, services.clock) : undefined
  const kills = await Promise.allSettled(
    running.map(({ id, name }) =>
      killContainer(services, {
        pod,
        containerId: id,
        containerName: name,
        message: '',
        reason: 'Unknown',
        graceOverride,
        order,
        signal,
      }),
    ),
  )
  signal?.throwIfAborted()
  const { cache, runtime } = services
  const stops = await Promise.allSettled(
    observation.sandboxes.map(({ id }) => cache.stop(id, () => runtime.stopPodSandbox(id))),
  )
  await cache.refreshPod(observation.uid)
  for (const result of [...kills, ...stops]) if (result.status === 'rejected') throw result.reason
}
