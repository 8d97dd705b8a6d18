import type { ContainerStatus, Pod, PodCondition, PodStatus, ResourceStatus } from '#api/core/v1'
import { ipFamilyOf, resourceListOf } from '#machinery'
import type { ResourceList } from '#machinery'
import { allContainersCouldRestart, isHostNetwork, isTerminalPhase, specOf } from '../pods/containers.ts'
import { withWholeSizes, type Sizes } from '../allocation/sizes.ts'
import { isLimited, podLimits, podRequests, qosOf } from '../resources/pod-resources.ts'
import { activeContainers, type PodObservation } from '../runtime/pod-runtime.ts'
import {
  allContainersRestarting,
  condition,
  conditionOf,
  containersReady,
  initialized,
  ownConditions,
  podReady,
  readyToStartContainers,
} from './conditions.ts'
import { containerStatuses, type StartFailure } from './container-statuses.ts'
import { phaseOf } from './phase.ts'
import { withReadiness, type ProbeView } from './readiness.ts'
import { isCleanedUp, shouldAllContainersRestart } from './restarting.ts'

/** What ends a pod from outside: a deadline, an eviction. */
export interface PodVerdict {
  readonly reason: string
  readonly message: string
  /** However its containers end, the pod has failed; else it has succeeded when they all did. */
  readonly isFinal?: true
  /** What the condition says when the node ended it for its own sake. */
  readonly disruption?: string
}

export interface StatusInput {
  readonly pod: Pod
  readonly observation: PodObservation
  /** Status as it was computed last; the pod's own when there is none. */
  readonly before: PodStatus
  /** No container runs any more, and none will. */
  readonly isTerminal: boolean
  readonly runtimeName: string
  /** Addresses of the node, the primary one first. */
  readonly hostIPs: readonly string[]
  readonly probes: ProbeView
  readonly startFailure: (containerName: string) => StartFailure | undefined
  readonly verdict?: PodVerdict | undefined
  readonly recursiveReadOnly: boolean
  /** What is known of a container's devices. */
  readonly deviceHealth?: (containerName: string) => readonly ResourceStatus[]
  /** Bytes of memory that a running container has asked for, where that is known. */
  readonly memoryRequest?: (containerName: string) => number | undefined
  /** What the pod as a whole has; what it was granted where that is absent. */
  readonly wholeSizes?: Sizes
  /** Conditions of a resize under way. */
  readonly resizeConditions?: readonly PodCondition[]
}

/**
 * The status of a pod, from what the runtime holds. Times of conditions and the start time are not in yet: they come
 * from the comparison with the status before.
 */
export function podStatus(input: StatusInput): PodStatus {
  const { pod, observation, before } = input
  const isRestarting = shouldAllContainersRestart(pod, observation, before)
  const { init, app, ephemeral } = allStatuses(input, isRestarting)
  const verdict = input.verdict?.isFinal || !input.isTerminal ? input.verdict : undefined
  const isOver = verdict !== undefined && !isTerminalPhase(pod.status?.phase)
  const phase = isOver ? 'Failed' : phaseWithHistory(input, [...app, ...init])
  const statuses = withProbes(input, init, app)
  const known = observation.ips.length === 0 && isTerminalPhase(phase) ? (before.podIPs ?? []) : undefined
  const ips = sortedIPs(known?.map(({ ip }) => ip) ?? observation.ips, input.hostIPs)
  return {
    ...(verdict ? { reason: verdict.reason, message: verdict.message } : explanation(input, phase)),
    phase,
    conditions: conditionsOf(input, [...statuses.init, ...statuses.app], phase, isRestarting),
    ...addresses(pod, ips, input.hostIPs),
    ...(statuses.init.length > 0 ? { initContainerStatuses: statuses.init } : {}),
    ...(statuses.app.length > 0 ? { containerStatuses: statuses.app } : {}),
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
    qosClass: qosOf(pod),
    ...podLevelResources(input, phase),
  }
}

function allStatuses(
  input: StatusInput,
  isRestarting: boolean,
): { readonly init: ContainerStatus[]; readonly app: ContainerStatus[]; readonly ephemeral: ContainerStatus[] } {
  const { before } = input
  const { initContainers = [], containers, ephemeralContainers = [] } = specOf(input.pod)
  const shared = { ...input, isRestarting }
  return {
    app: containerStatuses(shared, containers, before.containerStatuses ?? [], 'app').map((status) =>
      withDevices(input, status),
    ),
    init: containerStatuses(shared, initContainers, before.initContainerStatuses ?? [], 'init'),
    ephemeral: containerStatuses(shared, ephemeralContainers, before.ephemeralContainerStatuses ?? [], 'ephemeral'),
  }
}

/** Of app containers only. */
function withDevices({ deviceHealth }: StatusInput, status: ContainerStatus): ContainerStatus {
  const health = deviceHealth?.(status.name) ?? []
  return health.length === 0 ? status : { ...status, allocatedResourcesStatus: health }
}

function withProbes(
  { pod, probes }: StatusInput,
  init: readonly ContainerStatus[],
  app: readonly ContainerStatus[],
): { readonly init: ContainerStatus[]; readonly app: ContainerStatus[] } {
  const { initContainers = [], containers } = specOf(pod)
  return {
    app: withReadiness(pod, containers, app, probes, false),
    init: withReadiness(pod, initContainers, init, probes, true),
  }
}

/** A pod of which the API says that it has ended stays as it is; else it ends as its containers did, if they have. */
function phaseWithHistory(input: StatusInput, statuses: readonly ContainerStatus[]): NonNullable<PodStatus['phase']> {
  const { pod, before, observation, isTerminal } = input
  if (isTerminalPhase(pod.status?.phase)) return pod.status?.phase ?? 'Failed'
  const isInitialized = activeContainers(observation).some(({ name }) =>
    specOf(pod).containers.some((container) => container.name === name),
  )
  const phase = phaseOf({ pod, statuses, isTerminal, isInitialized })
  return isTerminalPhase(before.phase) && !isTerminalPhase(phase) ? (before.phase ?? phase) : phase
}

/** Reason and message stay while the phase does. */
function explanation(
  { pod, before }: StatusInput,
  phase: string,
): { readonly reason?: string; readonly message?: string } {
  if (phase !== before.phase) return {}
  const reason = before.reason ?? pod.status?.reason
  const message = before.message ?? pod.status?.message
  return { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) }
}

function conditionsOf(
  input: StatusInput,
  statuses: readonly ContainerStatus[],
  phase: string,
  isRestarting: boolean,
): PodCondition[] {
  const { pod, before, observation } = input
  const conditions = (pod.status?.conditions ?? []).filter(({ type }) => !ownConditions.has(type))
  conditions.push(...(input.resizeConditions ?? []))
  const disruption =
    input.verdict?.disruption !== undefined
      ? condition(pod, 'DisruptionTarget', {
          status: 'True',
          reason: 'TerminationByKubelet',
          message: input.verdict.disruption,
        })
      : conditionOf(before, 'DisruptionTarget')
  if (disruption) {
    const at = conditions.findIndex(({ type }) => type === 'DisruptionTarget')
    if (at >= 0) conditions[at] = disruption
    else conditions.push(disruption)
  }
  conditions.push(
    condition(pod, 'PodReadyToStartContainers', readyToStartContainers(pod, observation)),
    condition(pod, 'Initialized', initialized(pod, statuses, phase, before)),
    condition(pod, 'Ready', podReady(pod, conditions, statuses, phase)),
    condition(pod, 'ContainersReady', containersReady(pod, statuses, phase)),
    condition(pod, 'PodScheduled', { status: 'True' }),
  )
  if (allContainersCouldRestart(specOf(pod))) {
    const verdict = allContainersRestarting(isRestarting, isCleanedUp(pod, observation), phase)
    conditions.push({ type: 'AllContainersRestarting', ...verdict })
  }
  return conditions
}

/** One address of each family, the node's primary family first. */
export function sortedIPs(ips: readonly string[], hostIPs: readonly string[]): string[] {
  const primary = (hostIPs[0] === undefined ? undefined : ipFamilyOf(hostIPs[0])) ?? 'IPv4'
  const first = ips.find((ip) => ipFamilyOf(ip) === primary)
  const second = ips.find((ip) => ipFamilyOf(ip) !== primary)
  return [first, second].filter((ip) => ip !== undefined)
}

function addresses(
  pod: Pod,
  ips: readonly string[],
  hostIPs: readonly string[],
): Pick<PodStatus, 'hostIP' | 'hostIPs' | 'podIP' | 'podIPs'> {
  const own = isHostNetwork(pod) && ips.length === 0 ? hostIPs : ips
  return {
    ...(hostIPs[0] === undefined ? {} : { hostIP: hostIPs[0], hostIPs: hostIPs.map((ip) => ({ ip })) }),
    ...(own[0] === undefined ? {} : { podIP: own[0], podIPs: own.map((ip) => ({ ip })) }),
  }
}

/**
 * What the pod as a whole has and was granted. Of a pod that runs, what its cgroup holds it to, limits only where they bind the
 * whole pod, and what it asks for as a whole.
 */
function podLevelResources(
  { pod, wholeSizes }: StatusInput,
  phase: string,
): Pick<PodStatus, 'resources' | 'allocatedResources'> {
  const actual = phase === 'Running' && wholeSizes ? withWholeSizes(pod, wholeSizes) : pod
  const runs = pod.status?.phase === 'Running'
  const own = specOf(actual).resources ?? {}
  const held = (name: string, list: ResourceList = {}): boolean => name === 'cpu' || name === 'memory' || name in list
  const binds = (name: string): boolean => (name !== 'cpu' && name !== 'memory') || isLimited(pod, name)
  const requests = Object.entries(resourceListOf(podRequests(actual))).filter(
    ([name]) => !runs || held(name, own.requests),
  )
  const limits = Object.entries(resourceListOf(podLimits(actual))).filter(
    ([name]) => !runs || (held(name, own.limits) && binds(name)),
  )
  const allocatedResources = resourceListOf(podRequests(pod))
  return {
    resources: {
      ...(limits.length > 0 ? { limits: Object.fromEntries(limits) } : {}),
      ...(requests.length > 0 ? { requests: Object.fromEntries(requests) } : {}),
    },
    ...(Object.keys(allocatedResources).length > 0 ? { allocatedResources } : {}),
  }
}
