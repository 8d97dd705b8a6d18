import { podReference } from '#client'
import { messageOf } from '#base'
import type { Pod, PodStatus, ResourceStatus, Secret } from '#api/core/v1'
import { effectiveSizes, sameSizes, wholeSizes } from '../allocation/sizes.ts'
import { containerHash } from '../containers/hash.ts'
import { killPod } from '../lifecycle/kill.ts'
import { planPod } from '../plan/actions.ts'
import { runsOnce } from '../plan/actions.ts'
import { resizeNeed } from '../plan/resize.ts'
import type { PodActions } from '../plan/types.ts'
import { deadlineReason } from '../pods/deadline.ts'
import { isHostNetwork, isRestartableInitContainer, isTerminalPhase, specOf, uidOf } from '../pods/containers.ts'
import { podCgroupLimits } from '../resources/pod-cgroup.ts'
import { qosOf } from '../resources/pod-resources.ts'
import { nothingObserved, observed, type PodObservation } from '../runtime/pod-runtime.ts'
import type { NodeServices } from '../services.ts'
import type { StartFailure } from '../status/container-statuses.ts'
import { conditionOf } from '../status/conditions.ts'
import { podStatus } from '../status/generate.ts'
import { applyPlan, type StartOutcomes } from './apply.ts'

export interface SyncRequest {
  readonly pod: Pod
  /** Ends the work as soon as the pod is to end. */
  readonly signal: AbortSignal
  /** Why containers did not start; kept from one sync to the next. */
  readonly failures: Map<string, StartFailure>
  /** The runtime handler of the pod's class, once it is known. */
  readonly runtimeHandler: string
}

export interface SyncOutcome {
  /** The pod has ended by itself. */
  readonly isTerminal: boolean
  /** Wall time at which to look again, milliseconds; after an ordinary failure when it is `'soon'`. */
  readonly retry?: number | 'soon'
}

const done: SyncOutcome = { isTerminal: false }
const networkRetryMs = 1000
/** Milliseconds that containers may take to start before people hear that there is a sandbox; else both are told at once. */
const tellSandboxMs = 500

/** What the runtime holds of a pod. */
export function observationOf({ cache }: NodeServices, { metadata }: Pod): PodObservation {
  const { uid = '', name = '', namespace = '' } = metadata
  return cache.get(uid) ?? nothingObserved(uid, name, namespace)
}

/** Computes the pod's status and hands it on. */
export function reportStatus(
  services: NodeServices,
  pod: Pod,
  failures: ReadonlyMap<string, StartFailure>,
  runtimeHandler: string,
  isTerminal: boolean,
): PodStatus {
  const { statuses, allocations } = services
  const observation = observationOf(services, pod)
  const running = observation.containers.filter(({ state }) => state === 'running')
  allocations.settle(pod, new Set(running.map(({ name }) => name)))
  const status = podStatus({
    pod,
    observation,
    before: statuses.get(uidOf(pod)) ?? pod.status ?? {},
    isTerminal,
    runtimeName: services.runtimeName(),
    hostIPs: services.hostIPs(),
    probes: services.probes,
    startFailure: (name) => failures.get(name),
    verdict: services.verdict(pod),
    recursiveReadOnly: services.mountsReadOnlyRecursively(runtimeHandler),
    deviceHealth: (name) => deviceHealth(services, pod, name),
    memoryRequest: (name) => services.allocations.memoryRequest(pod, name),
    wholeSizes: allocations.actuatedWhole(pod),
    resizeConditions: isTerminal ? [] : services.allocations.conditions(uidOf(pod)),
  })
  return statuses.set(pod, status)
}

/** What is known of a container's devices, from plugins and of claims. */
function deviceHealth({ managers }: NodeServices, pod: Pod, name: string): readonly ResourceStatus[] {
  const container = specOf(pod).containers.find((one) => one.name === name)
  const claimed = container ? managers.dra.healthOf(pod, container) : []
  return [...managers.devices.healthOf(uidOf(pod), name), ...claimed]
}

/** Brings the node one round closer to what a pod asks for. @throws Error when something it needs could not be had. */
export async function syncPod(services: NodeServices, request: SyncRequest): Promise<SyncOutcome> {
  const { pod, signal, failures, runtimeHandler } = request
  const { clock, record, objects, probes } = services
  const uid = uidOf(pod)
  const status = reportStatus(services, pod, failures, runtimeHandler, false)
  if (isTerminalPhase(status.phase)) return ended(services, pod)
  const problem = services.networkProblem()
  if (problem !== undefined && !isHostNetwork(pod)) {
    record(podReference(pod), 'Warning', 'NetworkNotReady', `network is not ready: ${problem}`)
    return { isTerminal: false, retry: clock.now() + networkRetryMs }
  }
  objects.register(pod)
  // Neither needs the other, and volumes wait for others: the API has to give tokens.
  const hasVolumes = ensureVolumes(services, pod, signal)
  hasVolumes.catch(() => undefined)
  if (!(await ensureCgroup(services, pod)) || !(await hasVolumes)) return done
  const pullSecrets = await pullSecretsOf(services, pod)
  if (signal.aborted) return done
  probes.add(pod)
  const plan = planPod({
    pod,
    observation: observationOf(services, pod),
    liveness: (id) => probes.result('liveness', id),
    startup: (id) => probes.result('startup', id),
    hash: containerHash,
    resize: (container) =>
      resizeNeed(container, services.allocations.actuated(pod, container), effectiveSizes(pod, container)),
    resizesWhole: !sameSizes(services.allocations.actuatedWhole(pod), wholeSizes(pod)),
    restartAllContainers: conditionOf(status, 'AllContainersRestarting')?.status === 'True',
  })
  let retry: SyncOutcome['retry']
  let cancelTelling = (): void => {}
  const outcomes = await applyPlan(services, {
    pod,
    plan,
    pullSecrets,
    signal,
    resizeFailed: () => (retry = 'soon'),
    sandboxReady: () => {
      cancelTelling = clock.timer(tellSandboxMs, () => {
        if (!signal.aborted) reportStatus(services, pod, failures, runtimeHandler, false)
      })
    },
  }).finally(() => cancelTelling())
  for (const [name, outcome] of outcomes) {
    if (!outcome) {
      failures.delete(name)
      continue
    }
    failures.set(name, outcome)
    retry = earlier(retry, outcome.retryAt ?? 'soon')
  }
  const isOutdated = hasStartedSidecar(pod, plan, outcomes) || hasEndedAtOnce(observationOf(services, pod), outcomes)
  if (plan.containersToReset.length > 0 || isOutdated) retry = clock.now()
  const after = reportStatus(services, pod, failures, runtimeHandler, false)
  for (const [name, outcome] of outcomes) if (!outcome) probes.containerStarted(uid, name)
  if (isTerminalPhase(after.phase)) return ended(services, pod)
  return retry === undefined ? done : { isTerminal: false, retry }
}

/** People are told when it is the pod's deadline that ends it; of an eviction, who evicts tells. */
function ended({ record, verdict }: NodeServices, pod: Pod): SyncOutcome {
  const { reason, message } = verdict(pod) ?? {}
  if (reason === deadlineReason) record(podReference(pod), 'Normal', reason, message ?? '')
  return { isTerminal: true }
}

/** Whoever comes after a sidecar in the list may start now: nobody will tell of what we know ourselves. */
function hasStartedSidecar(pod: Pod, plan: PodActions, outcomes: StartOutcomes): boolean {
  const { initContainers = [] } = specOf(pod)
  return plan.initContainersToStart.some((index) => {
    const container = initContainers[index]
    if (!container || !isRestartableInitContainer(container)) return false
    return outcomes.has(container.name) && outcomes.get(container.name) === undefined
  })
}

/** A container that had ended when we first looked at it: no change of it will be noticed any more. */
function hasEndedAtOnce(observation: PodObservation, outcomes: StartOutcomes): boolean {
  return [...outcomes].some(
    ([name, failure]) => failure === undefined && observed(observation, name)?.state === 'exited',
  )
}

function earlier(a: SyncOutcome['retry'], b: number | 'soon'): number | 'soon' {
  if (a === undefined || a === 'soon') return b === 'soon' ? 'soon' : b
  return b === 'soon' ? a : Math.min(a, b)
}

/** Returns whether the pod may go on: nobody needs the volumes of one that is to end. */
async function ensureVolumes(services: NodeServices, pod: Pod, signal: AbortSignal): Promise<boolean> {
  const { files, record, volumes } = services
  try {
    await files.makePodFolders(uidOf(pod))
  } catch (error) {
    record(podReference(pod), 'Warning', 'Failed', `error making pod data directories: ${messageOf(error)}`)
    throw error
  }
  try {
    await volumes.mount(pod, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    record(podReference(pod), 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${messageOf(error)}`)
    throw error
  }
}

/** Returns whether the pod may go on: one whose cgroup was lost is killed, and ends there if it runs once only. */
async function ensureCgroup(services: NodeServices, pod: Pod): Promise<boolean> {
  const { allocations, cgroups, record } = services
  const uid = uidOf(pod)
  const qos = qosOf(pod)
  if (cgroups.exists(uid, qos)) return true
  const observation = observationOf(services, pod)
  if (observation.containers.some(({ state }) => state === 'running')) {
    await killPod(services, { pod, observation })
    if (runsOnce(pod)) return false
  }
  try {
    await cgroups.ensure(uid, qos, podCgroupLimits(pod, services.resources(), services.podPidsLimit))
    allocations.setActuatedWhole(pod)
  } catch (error) {
    const text = `unable to ensure pod container exists: ${messageOf(error)}`
    record(podReference(pod), 'Warning', 'FailedCreatePodContainer', text)
    throw error
  }
  return true
}

async function pullSecretsOf(services: NodeServices, pod: Pod): Promise<Secret[]> {
  const found: Secret[] = []
  const missing: string[] = []
  for (const { name = '' } of specOf(pod).imagePullSecrets ?? []) {
    if (name === '') continue
    try {
      found.push(await services.objects.secret(pod.metadata.namespace ?? '', name))
    } catch {
      missing.push(name)
    }
  }
  if (missing.length > 0) {
    const names = missing.join(', ')
    const text = `Unable to retrieve some image pull secrets (${names}); attempting to pull the image may not succeed.`
    services.record(podReference(pod), 'Warning', 'FailedToRetrieveImagePullSecret', text)
  }
  return found
}
