import type { Container, ContainerStatus, Pod } from '#api/core/v1'
import { isRestartableInitContainer, isStaticPod, shouldRestart, specOf } from '../pods/containers.ts'

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

/** Reason of containers that were removed because the whole pod restarts in place. */
export const restartingAllContainers = 'RestartingAllContainers'

interface PhaseInput {
  readonly pod: Pod
  /** Of app and init containers. */
  readonly statuses: readonly ContainerStatus[]
  /** No container runs any more, and none will. */
  readonly isTerminal: boolean
  /** App containers of the present sandbox were made. */
  readonly isInitialized: boolean
}

/** Phase of a pod from the states of its containers. */
export function phaseOf({ pod, statuses, isTerminal, isInitialized }: PhaseInput): Phase {
  const spec = specOf(pod)
  const statusOf = (container: Container): ContainerStatus | undefined =>
    statuses.find(({ name }) => name === container.name)
  const init = countInit(pod, statusOf)
  const app = countApp(pod, statusOf)
  for (const container of spec.initContainers ?? []) {
    if (!isRestartableInitContainer(container)) continue
    const { state, lastState, started } = statusOf(container) ?? {}
    if (state?.running) {
      if (!started) init.pendingSidecars++
      app.running++
    } else if (state?.waiting) {
      if (lastState?.terminated) continue
      init.pendingSidecars++
      app.waiting++
    } else if (!state?.terminated) {
      if (state) init.pendingSidecars++
      app.unknown++
    }
  }
  if (init.failed > 0) return 'Failed'
  if (init.pending > 0 || (init.pendingSidecars > 0 && !isInitialized) || app.waiting > 0) return 'Pending'
  if (app.running > 0 && app.unknown === 0) return 'Running'
  if (app.running > 0 || app.stopped === 0 || app.unknown > 0) return 'Pending'
  const isOver = (isTerminal && !isStaticPod(pod)) || app.stopped === app.stoppedForGood
  if (!isOver) return 'Running'
  return app.stopped === app.succeeded ? 'Succeeded' : 'Failed'
}

interface InitCount {
  pending: number
  pendingSidecars: number
  /** Ended badly and won't start again. */
  failed: number
}

function countInit(pod: Pod, statusOf: (container: Container) => ContainerStatus | undefined): InitCount {
  const count: InitCount = { pending: 0, pendingSidecars: 0, failed: 0 }
  for (const container of specOf(pod).initContainers ?? []) {
    if (isRestartableInitContainer(container)) continue
    const status = statusOf(container)
    const ended = status?.state?.terminated ?? (status?.state?.waiting ? status.lastState?.terminated : undefined)
    if (!ended) count.pending++
    else if (ended.exitCode !== 0 && !restarts(pod, container, ended)) count.failed++
  }
  return count
}

interface AppCount {
  running: number
  waiting: number
  unknown: number
  stopped: number
  stoppedForGood: number
  succeeded: number
}

function countApp(pod: Pod, statusOf: (container: Container) => ContainerStatus | undefined): AppCount {
  const count: AppCount = { running: 0, waiting: 0, unknown: 0, stopped: 0, stoppedForGood: 0, succeeded: 0 }
  for (const container of specOf(pod).containers) {
    const { state, lastState } = statusOf(container) ?? {}
    if (state?.running) {
      count.running++
    } else if (state?.terminated) {
      count.stopped++
      if (state.terminated.exitCode === 0) count.succeeded++
      if (!restarts(pod, container, state.terminated)) count.stoppedForGood++
    } else if (state?.waiting && lastState?.terminated) {
      count.stopped++
      if (!restarts(pod, container, lastState.terminated)) count.stoppedForGood++
    } else if (state?.waiting) {
      count.waiting++
    } else {
      count.unknown++
    }
  }
  return count
}

function restarts(
  pod: Pod,
  container: Container,
  ended: { readonly exitCode: number; readonly reason?: string },
): boolean {
  return shouldRestart(container, specOf(pod), ended.exitCode) || ended.reason === restartingAllContainers
}
