import type { Container, ContainerState, ContainerStatus, Pod, VolumeMountStatus } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { isRestartableInitContainer, specOf } from '../pods/containers.ts'
import { hasAnyAppContainer, startsAgain } from '../plan/restart.ts'
import { observed, type ContainerObservation, type PodObservation } from '../runtime/pod-runtime.ts'
import { resourcesOfStatus } from './container-resources.ts'
import { restartingAllContainers } from './phase.ts'

/** Why the last attempt to start a container came to nothing. */
export interface StartFailure {
  readonly reason: string
  readonly message: string
}

export interface ContainerStatusInput {
  readonly pod: Pod
  readonly observation: PodObservation
  /** Prefix of container ids: the runtime's name. */
  readonly runtimeName: string
  readonly startFailure: (containerName: string) => StartFailure | undefined
  /** The pod restarts all its containers in place. */
  readonly isRestarting: boolean
  /** Bytes of memory that a running container has asked for, where that is known. */
  readonly memoryRequest?: (containerName: string) => number | undefined
  /** Whether the runtime class can mount read-only to the depth. */
  readonly recursiveReadOnly: boolean
}

type Draft = { -readonly [key in keyof ContainerStatus]: ContainerStatus[key] }

const unknownMessages = {
  terminated: 'The container could not be located when the pod was terminated',
  deleted: 'The container could not be located when the pod was deleted.  The container used to be Running',
  restarting: 'The container is removed because RestartAllContainers in place',
  initialized:
    'Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally',
} as const

export const containerStatusUnknown = 'ContainerStatusUnknown'

/**
 * Statuses of one of the pod's container lists, in the order the API keeps them: app and ephemeral containers by name,
 * init containers as specified.
 *
 * @param before statuses of the same list as they were reported last.
 */
export function containerStatuses(
  input: ContainerStatusInput,
  containers: readonly Container[],
  before: readonly ContainerStatus[],
  kind: 'app' | 'init' | 'ephemeral',
): ContainerStatus[] {
  const old = new Map(before.map((status) => [status.name, status]))
  const hasInit = (specOf(input.pod).initContainers ?? []).length > 0
  const initialReason = hasInit ? 'PodInitializing' : 'ContainerCreating'
  const drafts = new Map<string, Draft>()
  for (const container of containers) {
    const draft = initialStatus(container, old.get(container.name), initialReason, input.recursiveReadOnly)
    if (!observed(input.observation, container.name)) lose(draft, old.get(container.name), input, initialReason)
    drafts.set(container.name, draft)
  }
  observe(input, drafts, old)
  for (const container of containers) {
    const draft = drafts.get(container.name)
    if (draft) explain(input, container, draft, kind === 'init')
  }
  const statuses = [...drafts.values()]
  return kind === 'init' ? statuses : statuses.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function initialStatus(
  container: Container,
  old: ContainerStatus | undefined,
  reason: string,
  recursiveReadOnly: boolean,
): Draft {
  if (old?.state?.terminated) return { ...old }
  const volumeMounts = mountStatuses(container, recursiveReadOnly)
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: old?.lastState ?? {},
    ready: false,
    restartCount: old?.restartCount ?? 0,
    image: container.image ?? '',
    imageID: '',
    ...(volumeMounts.length > 0 ? { volumeMounts } : {}),
  }
}

function mountStatuses(container: Container, recursiveReadOnly: boolean): VolumeMountStatus[] {
  return (container.volumeMounts ?? []).map((mount) => {
    const { name, mountPath, readOnly = false } = mount
    if (!readOnly) return { name, mountPath }
    const wanted = mount.recursiveReadOnly
    const isEnabled = (wanted === 'Enabled' || wanted === 'IfPossible') && recursiveReadOnly
    return { name, mountPath, readOnly, recursiveReadOnly: isEnabled ? 'Enabled' : 'Disabled' }
  })
}

/** The runtime holds no such container any more: say what became of one that ran. */
function lose(
  draft: Draft,
  old: ContainerStatus | undefined,
  input: ContainerStatusInput,
  initialReason: string,
): void {
  if (!old) return
  if (input.isRestarting && !old.state?.waiting) {
    const gone = { reason: restartingAllContainers, message: unknownMessages.restarting }
    draft.state = { waiting: gone }
    draft.lastState = { terminated: { ...gone, exitCode: 137 } }
    draft.restartCount = old.restartCount + 1
    return
  }
  if (!old.state?.running || draft.state?.waiting?.reason !== initialReason || draft.lastState?.terminated) return
  const reason = containerStatusUnknown
  draft.lastState = { terminated: { exitCode: 137, reason, message: unknownMessages.deleted } }
  if (input.pod.metadata.deletionTimestamp === undefined) draft.restartCount++
}

/** What the runtime says: the newest container of a name is its state, the one before its last state. */
function observe(
  input: ContainerStatusInput,
  drafts: Map<string, Draft>,
  old: ReadonlyMap<string, ContainerStatus>,
): void {
  const seen = new Map<string, number>()
  for (const container of input.observation.containers) {
    const count = seen.get(container.name) ?? 0
    const draft = drafts.get(container.name)
    if (!draft || count >= 2) continue
    seen.set(container.name, count + 1)
    const status = statusOf(input, container, old.get(container.name))
    if (count === 0) drafts.set(container.name, status)
    else draft.lastState = status.state ?? {}
  }
}

function statusOf(
  input: ContainerStatusInput,
  container: ContainerObservation,
  old: ContainerStatus | undefined,
): Draft {
  const containerID = `${input.runtimeName}://${container.id}`
  const draft: Draft = {
    name: container.name,
    state: {},
    lastState: {},
    ready: false,
    restartCount: Math.max(container.restartCount, old?.restartCount ?? 0),
    image: container.image,
    imageID: container.imageRef,
    containerID,
    ...(old?.volumeMounts ? { volumeMounts: old.volumeMounts } : {}),
  }
  const wasTerminated = old?.state?.terminated
  const ended = old?.containerID !== containerID && wasTerminated ? wasTerminated : old?.lastState?.terminated
  if (ended) draft.lastState = { terminated: ended }
  if (container.state === 'running') {
    if (wasTerminated && old.restartCount >= container.restartCount) draft.restartCount = old.restartCount + 1
    if (old?.started !== undefined) draft.started = old.started
  }
  if (container.state === 'unknown' && old?.state?.running) draft.restartCount = old.restartCount + 1
  draft.state = stateOf(input, container, old, containerID)
  const asked = input.memoryRequest?.(container.name)
  Object.assign(draft, resourcesOfStatus(input.pod, container, old, containerID, asked))
  if (container.user) draft.user = { linux: linuxUser(container.user) }
  return draft
}

function linuxUser({
  uid,
  gid,
  supplementalGroups,
}: NonNullable<ContainerObservation['user']>): NonNullable<NonNullable<ContainerStatus['user']>['linux']> {
  return { uid, gid, ...(supplementalGroups.length > 0 ? { supplementalGroups } : {}) }
}

function stateOf(
  input: ContainerStatusInput,
  container: ContainerObservation,
  old: ContainerStatus | undefined,
  containerID: string,
): ContainerState {
  switch (container.state) {
    case 'running':
      return { running: { startedAt: timeOfMillis(container.startedAt) } }
    case 'exited': {
      const { exitCode, reason, message, startedAt, finishedAt } = container
      return {
        terminated: {
          exitCode,
          ...(reason === '' ? {} : { reason }),
          ...(message === '' ? {} : { message }),
          startedAt: timeOfMillis(startedAt),
          finishedAt: timeOfMillis(finishedAt),
          containerID,
        },
      }
    }
    case 'unknown': {
      if (!old?.state?.running) return { waiting: {} }
      const reason = input.isRestarting ? restartingAllContainers : containerStatusUnknown
      return { terminated: { exitCode: 137, reason, message: unknownMessages.terminated } }
    }
    case 'created':
      return { waiting: {} }
  }
}

/** Containers that wait to start (again) say why they did not. */
function explain(input: ContainerStatusInput, container: Container, draft: Draft, isInit: boolean): void {
  const { pod, observation } = input
  if (isInit) {
    const current = observed(observation, container.name)
    if (current?.state === 'exited' && current.exitCode === 0) return
    const isForgotten = !current && !isRestartableInitContainer(container) && draft.state?.waiting
    if (isForgotten && hasAnyAppContainer(pod, observation)) {
      draft.state = { terminated: { exitCode: 0, reason: 'Completed', message: unknownMessages.initialized } }
      return
    }
  }
  if (!startsAgain(container, pod, observation)) return
  const failure = input.startFailure(container.name)
  if (!failure) return
  if (draft.state?.terminated) draft.lastState = draft.state
  const { reason, message } = failure
  draft.state = { waiting: { reason, ...(message === '' ? {} : { message }) } }
}
