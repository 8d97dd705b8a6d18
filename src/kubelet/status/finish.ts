import type { ContainerStatus, Pod, PodStatus } from '#api/core/v1'
import { isRestartableInitContainer, isStaticPod, isTerminalPhase, specOf } from '../pods/containers.ts'
import { containerStatusUnknown } from './container-statuses.ts'

const lost = {
  terminated: {
    exitCode: 137,
    reason: containerStatusUnknown,
    message: 'The container could not be located when the pod was terminated',
  },
} as const

/** The last status of a pod: every container that ever ran has ended, and the phase says so. */
export function finishedStatus(pod: Pod, status: PodStatus): PodStatus {
  const end = (container: ContainerStatus): ContainerStatus =>
    container.state?.terminated ? container : { ...container, state: lost }
  const { containerStatuses, initContainerStatuses } = status
  const count = begun(initContainerStatuses ?? [])
  return {
    ...status,
    ...(containerStatuses && hasInitialized(pod) ? { containerStatuses: containerStatuses.map(end) } : {}),
    ...(initContainerStatuses
      ? { initContainerStatuses: initContainerStatuses.map((item, index) => (index < count ? end(item) : item)) }
      : {}),
    ...(isStaticPod(pod) || isTerminalPhase(status.phase) ? {} : { phase: 'Failed' }),
  }
}

function hasInitialized(pod: Pod): boolean {
  const { initContainers = [] } = specOf(pod)
  if (initContainers.length === 0) return true
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {}
  if (containerStatuses.some(({ state, lastState }) => lastState?.terminated || !state?.waiting)) return true
  const last = initContainerStatuses.at(-1)
  const container = initContainers.find(({ name }) => name === last?.name)
  if (!last || !container) return false
  if (isRestartableInitContainer(container)) return last.state?.running !== undefined && last.started === true
  return last.lastState?.terminated?.exitCode === 0 || last.state?.terminated?.exitCode === 0
}

/** Number of init containers, from the first, that have begun; at least one where there are any. */
function begun(statuses: readonly ContainerStatus[]): number {
  const last = statuses.findLastIndex(({ state, lastState }) => !state?.waiting || lastState?.terminated)
  return last >= 0 ? last + 1 : Math.min(1, statuses.length)
}
