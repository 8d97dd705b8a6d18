import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '#api/core/v1'
import { quote } from '#machinery'
import { judgeSandbox } from '../plan/sandbox-changed.ts'
import { isRestartableInitContainer, specOf } from '../pods/containers.ts'
import type { PodObservation } from '../runtime/pod-runtime.ts'

/** Conditions that only the node writes. */
export const ownConditions: ReadonlySet<string> = new Set([
  'PodScheduled',
  'Ready',
  'Initialized',
  'ContainersReady',
  'PodResizeInProgress',
  'PodResizePending',
  'PodReadyToStartContainers',
  'AllContainersRestarting',
])

/** What a condition says, before it gets its times. */
export interface Verdict {
  readonly status: 'True' | 'False'
  readonly reason?: string
  readonly message?: string
}

const isTrue: Verdict = { status: 'True' }

/** A condition as it lies in the status; the time of its last change is put in when it is compared with the old one. */
export function condition(pod: Pod, type: string, verdict: Verdict): PodCondition {
  const { generation } = pod.metadata
  return { type, ...verdict, ...(generation === undefined ? {} : { observedGeneration: generation }) }
}

export function conditionOf(status: PodStatus | undefined, type: string): PodCondition | undefined {
  return status?.conditions?.find((candidate) => candidate.type === type)
}

/** Go's notation of a list of strings. */
const listed = (names: readonly string[]): string => `[${names.join(' ')}]`

/** Reasons of a pod that has ended. */
export function endedVerdict(phase: string): Verdict {
  return { status: 'False', reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
}

/** All app containers and sidecars are ready. */
export function containersReady(pod: Pod, statuses: readonly ContainerStatus[], phase: string): Verdict {
  const { initContainers = [], containers } = specOf(pod)
  const unknown: string[] = []
  const unready: string[] = []
  for (const { name } of [...initContainers.filter(isRestartableInitContainer), ...containers]) {
    const status = statuses.find((candidate) => candidate.name === name)
    if (!status) unknown.push(name)
    else if (!status.ready) unready.push(name)
  }
  if (phase === 'Failed' || (phase === 'Succeeded' && unknown.length === 0)) return endedVerdict(phase)
  const messages: string[] = []
  if (unknown.length > 0) messages.push(`containers with unknown status: ${listed(unknown)}`)
  if (unready.length > 0) messages.push(`containers with unready status: ${listed(unready)}`)
  if (messages.length === 0) return isTrue
  return { status: 'False', reason: 'ContainersNotReady', message: messages.join(', ') }
}

/** The containers are ready, and everybody whom the pod's readiness gates name agrees. */
export function podReady(
  pod: Pod,
  conditions: readonly PodCondition[],
  statuses: readonly ContainerStatus[],
  phase: string,
): Verdict {
  const ready = containersReady(pod, statuses, phase)
  if (ready.status !== 'True') return ready
  const messages: string[] = []
  for (const { conditionType } of specOf(pod).readinessGates ?? []) {
    const gate = conditions.find(({ type }) => type === conditionType)
    if (!gate) {
      messages.push(`corresponding condition of pod readiness gate ${quote(conditionType)} does not exist.`)
    } else if (gate.status !== 'True') {
      messages.push(`the status of pod readiness gate ${quote(conditionType)} is not "True", but ${gate.status}`)
    }
  }
  if (messages.length === 0) return isTrue
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}

/** Initialization is over: init containers completed and sidecars started. */
export function initialized(
  pod: Pod,
  statuses: readonly ContainerStatus[],
  phase: string,
  before: PodStatus | undefined,
): Verdict {
  const unknown: string[] = []
  const incomplete: string[] = []
  const { initContainers = [], containers } = specOf(pod)
  for (const container of initContainers) {
    const status = statuses.find(({ name }) => name === container.name)
    if (!status) unknown.push(container.name)
    else if (!isInitialized(container, status)) incomplete.push(container.name)
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'True', reason: 'PodCompleted' }
  const hasStarted = containers.some(({ name }) => {
    const state = statuses.find((status) => status.name === name)?.state
    return state?.running !== undefined || state?.terminated !== undefined
  })
  if (hasStarted) return isTrue
  const messages: string[] = []
  if (unknown.length > 0) messages.push(`containers with unknown status: ${listed(unknown)}`)
  if (incomplete.length > 0) messages.push(`containers with incomplete status: ${listed(incomplete)}`)
  if (messages.length === 0 || conditionOf(before, 'Initialized')?.status === 'True') return isTrue
  return { status: 'False', reason: 'ContainersNotInitialized', message: messages.join(', ') }
}

function isInitialized(container: Container, status: ContainerStatus): boolean {
  return isRestartableInitContainer(container) ? (status.started ?? false) : status.ready
}

/** The sandbox is ready. */
export function readyToStartContainers(pod: Pod, observation: PodObservation): Verdict {
  return { status: judgeSandbox(pod, observation).needsNew ? 'False' : 'True' }
}

/** All containers are on their way to begin anew, because one exited in the way that asks for it. */
export function allContainersRestarting(asked: boolean, cleanedUp: boolean, phase: string): Verdict {
  if (phase === 'Succeeded' || phase === 'Failed') return endedVerdict(phase)
  if (!asked || cleanedUp) return { status: 'False' }
  return {
    status: 'True',
    reason: 'RestartAllContainersStarted',
    message: 'container exited with restart policy rule',
  }
}
