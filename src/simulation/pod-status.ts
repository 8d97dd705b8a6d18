import type { Container, ContainerState, ContainerStatus, Pod, PodCondition, PodStatus } from '#api/core/v1'
import { durationMillis, timeOfMillis } from '#machinery'
import { exitCodeAnnotation, runForAnnotation } from './options.ts'

export interface PodSituation {
  readonly now: number
  readonly hostIP: string
  readonly podIP: string
  readonly startupMs: number
  readonly jobMs: number
}

export interface NextStatus {
  readonly status: PodStatus
  /** Milliseconds after which there is something new to tell. */
  readonly changesInMs?: number
}

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

/** Where a pod stands: worked out from its spec, its last status and the time alone, so that it can be told at any moment. */
export function nextPodStatus(pod: Pod, situation: PodSituation): NextStatus {
  const { now, startupMs } = situation
  const startTime = pod.status?.startTime ?? timeOfMillis(now)
  const begun = Date.parse(startTime)
  const runningFrom = begun + startupMs
  if (now < runningFrom) {
    return { status: statusOf(pod, situation, startTime, 'Pending', waiting), changesInMs: runningFrom - now }
  }
  const runFor = runTime(pod, situation)
  const state = runningState(timeOfMillis(runningFrom))
  if (runFor === undefined) return { status: statusOf(pod, situation, startTime, 'Running', state) }
  const exitCode = Number(pod.metadata.annotations?.[exitCodeAnnotation] ?? 0)
  const restarts = restartsAfterExit(pod, exitCode)
  const runs = Math.floor((now - runningFrom) / Math.max(1, runFor))
  if (restarts || runs === 0) {
    const from = runningFrom + (restarts ? runs * runFor : 0)
    const status = statusOf(pod, situation, startTime, 'Running', runningState(timeOfMillis(from)), runs)
    return { status, changesInMs: from + runFor - now }
  }
  const ended = exited(timeOfMillis(runningFrom), timeOfMillis(runningFrom + runFor), exitCode)
  return { status: statusOf(pod, situation, startTime, exitCode === 0 ? 'Succeeded' : 'Failed', ended) }
}

/** Milliseconds that the containers run; without end when `undefined`. */
function runTime(pod: Pod, { jobMs }: PodSituation): number | undefined {
  const annotated = pod.metadata.annotations?.[runForAnnotation]
  if (annotated !== undefined) {
    try {
      return Math.max(1, durationMillis(annotated))
    } catch {
      return undefined
    }
  }
  return pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') ? jobMs : undefined
}

function restartsAfterExit(pod: Pod, exitCode: number): boolean {
  const policy = pod.spec?.restartPolicy ?? 'Always'
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}

interface Simulated {
  readonly state: ContainerState
  readonly isReady: boolean
}

const waiting: Simulated = { state: { waiting: { reason: 'ContainerCreating' } }, isReady: false }
const runningState = (startedAt: string): Simulated => ({ state: { running: { startedAt } }, isReady: true })
const exited = (startedAt: string, finishedAt: string, exitCode: number): Simulated => ({
  state: { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt, finishedAt } },
  isReady: false,
})

function statusOf(
  pod: Pod,
  { now, hostIP, podIP }: PodSituation,
  startTime: string,
  phase: Phase,
  simulated: Simulated,
  restartCount = 0,
): PodStatus {
  const isWaiting = phase === 'Pending'
  const init = (pod.spec?.initContainers ?? []).map((container) => {
    const isSidecar = container.restartPolicy === 'Always'
    const done = isWaiting ? simulated : isSidecar ? simulated : exited(startTime, startTime, 0)
    return containerStatus(pod, container, { ...done, isReady: !isWaiting && (!isSidecar || simulated.isReady) }, 0)
  })
  const containers = (pod.spec?.containers ?? []).map((container) =>
    containerStatus(pod, container, simulated, restartCount),
  )
  const address = pod.spec?.hostNetwork ? hostIP : podIP
  return {
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: conditionsOf(pod, phase, simulated.isReady, timeOfMillis(now)),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(isWaiting ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    startTime,
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: containers,
  }
}

function containerStatus(
  pod: Pod,
  { name, image = '' }: Container,
  { state, isReady }: Simulated,
  restartCount: number,
): ContainerStatus {
  return {
    name,
    state,
    ready: isReady,
    restartCount,
    image,
    imageID: state.waiting ? '' : `simulated://${image}`,
    ...(state.waiting ? {} : { containerID: `simulated://${pod.metadata.uid ?? ''}/${name}` }),
    started: state.running !== undefined,
  }
}

/** Conditions keep the time at which they last turned. Those of others (gates, the scheduler) stay as they are. */
function conditionsOf(pod: Pod, phase: Phase, isReady: boolean, now: string): PodCondition[] {
  const before = pod.status?.conditions ?? []
  const isTrue = (type: string): boolean =>
    before.some((condition) => condition.type === type && condition.status === 'True')
  const gatesOpen = (pod.spec?.readinessGates ?? []).every(({ conditionType }) => isTrue(conditionType))
  const isOver = phase === 'Succeeded' || phase === 'Failed'
  const notReady = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : 'ContainersNotReady'
  const own: readonly (readonly [string, boolean, string])[] = [
    ['PodReadyToStartContainers', phase === 'Running', ''],
    [
      'Initialized',
      phase !== 'Pending',
      phase === 'Pending' ? 'ContainersNotInitialized' : isOver && phase === 'Succeeded' ? 'PodCompleted' : '',
    ],
    ['Ready', isReady && gatesOpen, isReady ? (gatesOpen ? '' : 'ReadinessGatesNotReady') : notReady],
    ['ContainersReady', isReady, isReady ? '' : notReady],
  ]
  const names = new Set(own.map(([type]) => type))
  return [
    ...own.map(([type, value, reason]): PodCondition => {
      const status = value ? 'True' : 'False'
      const last = before.find((condition) => condition.type === type)
      const lastTransitionTime = last?.status === status ? (last.lastTransitionTime ?? now) : now
      const { generation } = pod.metadata
      return {
        type,
        ...(generation === undefined ? {} : { observedGeneration: generation }),
        status,
        lastTransitionTime,
        ...(reason === '' ? {} : { reason }),
      }
    }),
    ...before.filter(({ type }) => !names.has(type)),
  ]
}
