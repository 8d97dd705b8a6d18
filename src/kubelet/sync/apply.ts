import { messageOf } from '#base'
import { podReference } from '#client'
import type { Container, Pod, Secret } from '#api/core/v1'
import { resizePod } from '../allocation/resize.ts'
import { killContainer, killPod } from '../lifecycle/kill.ts'
import type { PodActions } from '../plan/types.ts'
import { isHostNetwork, isRestartableInitContainer, specOf, uidOf } from '../pods/containers.ts'
import { nothingObserved, type PodObservation } from '../runtime/pod-runtime.ts'
import type { NodeServices } from '../services.ts'
import { sortedIPs } from '../status/generate.ts'
import { collectDeadContainers, pruneInitContainers, removeContainer } from './collect.ts'
import { configureSandbox, createSandbox } from './sandbox.ts'
import { restartDelay, startContainer, type StartOutcome, type StartRequest } from './start-container.ts'
import { pullVolumeImages } from './volume-images.ts'

export interface ApplyRequest {
  readonly pod: Pod
  readonly plan: PodActions
  readonly pullSecrets: readonly Secret[]
  readonly resizeFailed: () => void
  /** The sandbox runs that was to be made: containers can start. */
  readonly sandboxReady: () => void
  /** The pod is to end: failures on the way need not be told. */
  readonly signal: AbortSignal
}

/** What became of containers that were to start: why they did not, or `undefined` where they did. */
export type StartOutcomes = ReadonlyMap<string, StartOutcome | undefined>

/**
 * Does what a plan says.
 *
 * @throws the error of the first step that others depend on.
 */
export async function applyPlan(services: NodeServices, request: ApplyRequest): Promise<StartOutcomes> {
  const { pod, plan } = request
  const uid = uidOf(pod)
  const observe = (): PodObservation => services.cache.get(uid) ?? emptyObservation(pod)
  if (plan.createSandbox && plan.sandboxId !== undefined) {
    const message = 'Pod sandbox changed, it will be killed and re-created.'
    services.record(podReference(pod), 'Normal', 'SandboxChanged', message)
  }
  if (plan.killPod) {
    await killPod(services, { pod, observation: observe() })
    if (plan.createSandbox) await pruneInitContainers(services, pod, observe(), 0)
  } else {
    await killPlanned(services, pod, plan)
  }
  await pruneInitContainers(services, pod, observe(), 1)
  if (plan.resizesPod) await applyResize(services, request)
  return startPlanned(services, request, observe)
}

/** A resize that fails is told and tried again; containers start nevertheless. */
async function applyResize(services: NodeServices, { pod, plan, resizeFailed }: ApplyRequest): Promise<void> {
  const { clock, metrics } = services
  const began = clock.monotonic()
  try {
    await resizePod(services, pod, plan.containersToUpdate)
    metrics.resizes.actuated(clock.monotonic() - began, true)
  } catch (error) {
    metrics.resizes.actuated(clock.monotonic() - began, false)
    services.allocations.failed(pod, messageOf(error))
    resizeFailed()
  }
}

async function killPlanned(services: NodeServices, pod: Pod, plan: PodActions): Promise<void> {
  for (const { id, container, message, reason } of plan.containersToKill) {
    await killContainer(services, { pod, containerId: id, containerName: container.name, message, reason })
    await services.cache.refresh(id)
  }
  for (const { id, container, kill } of plan.containersToReset) {
    if (kill) {
      await killContainer(services, {
        pod,
        containerId: id,
        containerName: container.name,
        message: 'killing',
        reason: 'RestartAllContainers',
        graceOverride: 0,
      })
    }
    await removeContainer(services, id, true)
  }
}

async function startPlanned(
  services: NodeServices,
  { pod, plan, pullSecrets, signal, sandboxReady }: ApplyRequest,
  observe: () => PodObservation,
): Promise<StartOutcomes> {
  const outcomes = new Map<string, StartOutcome | undefined>()
  const { initContainers = [], containers, ephemeralContainers = [] } = specOf(pod)
  const starts =
    plan.initContainersToStart.length + plan.containersToStart.length + plan.ephemeralContainersToStart.length
  if (!plan.createSandbox && starts === 0) return outcomes
  const runtimeHandler = await services.runtimeHandler(pod)
  const sandboxConfig = await configureSandbox(services, pod, plan.attempt, runtimeHandler)
  if (plan.createSandbox) await prepareClaims(services, pod, signal)
  const sandboxId = plan.createSandbox
    ? await createSandbox(services, pod, sandboxConfig, runtimeHandler, signal)
    : (plan.sandboxId ?? '')
  if (plan.createSandbox) sandboxReady()
  const volumeImages = await pullVolumeImages(services, pod, pullSecrets)
  const hostIPs = services.hostIPs()
  const podIPs = isHostNetwork(pod) ? hostIPs : sortedIPs(observe().ips, hostIPs)
  const shared = { pod, sandboxId, sandboxConfig, podIPs, runtimeHandler, pullSecrets }
  const start = async (container: StartRequest['container']): Promise<boolean> => {
    const observation = observe()
    const failed = volumeImages.failureOf(container) ?? restartDelay(services, pod, container, observation)
    const outcome =
      failed ?? (await startCounted(services, { ...shared, container, observation, volumeImages: volumeImages.images }))
    outcomes.set(container.name, outcome)
    return outcome === undefined
  }
  for (const index of plan.ephemeralContainersToStart) {
    const container = ephemeralContainers[index]
    if (container && !signal.aborted) await start(container)
  }
  for (const index of plan.initContainersToStart) {
    const container = initContainers[index]
    if (!container || signal.aborted) return outcomes
    if (!(await start(container)) && !isRestartableInitContainer(container)) return outcomes
  }
  for (const group of startGroups(plan.containersToStart.map((index) => containers[index]))) {
    if (signal.aborted) return outcomes
    await Promise.all(group.map(start))
  }
  await collectDeadContainers(services, observe())
  return outcomes
}

/** @throws Error when what the pod claims could not be had; people have been told. */
async function prepareClaims({ managers, record }: NodeServices, pod: Pod, signal: AbortSignal): Promise<void> {
  try {
    await managers.dra.prepare(pod, signal)
  } catch (error) {
    const text = `Failed to prepare dynamic resources: ${messageOf(error)}`
    record(podReference(pod), 'Warning', 'FailedPrepareDynamicResources', text)
    throw error
  }
}

async function startCounted(services: NodeServices, request: StartRequest): Promise<StartOutcome | undefined> {
  const { pod, container } = request
  const { pods } = services.metrics
  pods.containerAsked(pod, container.name)
  const outcome = await startContainer(services, request)
  if (outcome) pods.containerFailed(pod, container.name, outcome.reason)
  return outcome
}

/** Containers that may start together: one with a postStart hook is waited for before the next one starts. */
function startGroups(containers: readonly (Container | undefined)[]): Container[][] {
  const groups: Container[][] = [[]]
  for (const container of containers) {
    if (!container) continue
    groups.at(-1)?.push(container)
    if (container.lifecycle?.postStart) groups.push([])
  }
  return groups
}

function emptyObservation({ metadata }: Pod): PodObservation {
  return nothingObserved(metadata.uid ?? '', metadata.name ?? '', metadata.namespace ?? '')
}
