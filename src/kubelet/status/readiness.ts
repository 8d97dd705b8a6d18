import type { Container, ContainerStatus, Pod } from '#api/core/v1'
import { millisOf, parseTime } from '#machinery'
import type { ProbeResult } from '../plan/types.ts'
import { isRestartableInitContainer, specOf } from '../pods/containers.ts'
import { conditionOf } from './conditions.ts'

export type ProbeKind = 'startup' | 'liveness' | 'readiness'

/** What probes have found out. */
export interface ProbeView {
  /** Result by the container's id (without the runtime's name). */
  result(kind: ProbeKind, containerId: string): ProbeResult | undefined
  /** Somebody probes this container. */
  isProbed(kind: ProbeKind, podUid: string, containerName: string): boolean
  /** Asks for a readiness probe now, because the answer is wanted. */
  probeNow(podUid: string, containerName: string): void
  /** A former agent found this static pod ready, whose manifest can't tell. */
  wasReady(podUid: string): boolean
  /** Wall time at which this agent began to probe, milliseconds. */
  readonly startedAt: number
}

/** Containers that started longer than this before the agent did have seen another agent's probes. */
const restartGraceMs = 10_000

/** Puts `started` and `ready` into statuses of app and init containers. */
export function withReadiness(
  pod: Pod,
  containers: readonly Container[],
  statuses: readonly ContainerStatus[],
  probes: ProbeView,
  isInit: boolean,
): ContainerStatus[] {
  return statuses.map((status) => {
    const started = isStarted(pod, status, probes)
    const container = containers.find(({ name }) => name === status.name)
    if (isInit && container && !isRestartableInitContainer(container)) {
      return { ...status, started, ready: status.state?.terminated?.exitCode === 0 }
    }
    return { ...status, started, ready: started && isReady(pod, container, status, probes) }
  })
}

const idOf = (status: ContainerStatus): string => status.containerID?.split('://')[1] ?? ''

function isStarted(pod: Pod, status: ContainerStatus, probes: ProbeView): boolean {
  if (!status.state?.running) return false
  const result = probes.result('startup', idOf(status))
  if (result !== undefined) return result === 'success'
  if (status.started) return true
  return !probes.isProbed('startup', pod.metadata.uid ?? '', status.name)
}

function isReady(pod: Pod, container: Container | undefined, status: ContainerStatus, probes: ProbeView): boolean {
  if (!status.state?.running) return false
  const uid = pod.metadata.uid ?? ''
  const result = probes.result('readiness', idOf(status))
  if (result === 'success') return true
  const isProbed = probes.isProbed('readiness', uid, status.name)
  if (isProbed) probes.probeNow(uid, status.name)
  const startedAt = millisOf(parseTime(status.state.running.startedAt ?? ''))
  if (!container || startedAt >= probes.startedAt - restartGraceMs) return !isProbed
  const wasReady = conditionOf(pod.status, 'Ready')?.status === 'True' || probes.wasReady(uid)
  if (container.readinessProbe && !wasReady) return false
  return !isProbed || result === undefined
}

/** Init containers of a pod that are probed, and its app containers. */
export function probedContainers(pod: Pod): readonly Container[] {
  const { initContainers = [], containers } = specOf(pod)
  return [...containers, ...initContainers.filter(isRestartableInitContainer)]
}
