import type { ContainerStatus, Pod, PodStatus } from '#api/core/v1'
import { matchingRestartRule, specOf } from '../pods/containers.ts'
import { observed, type PodObservation } from '../runtime/pod-runtime.ts'
import { conditionOf } from './conditions.ts'

/** Whether all containers of the pod are to begin anew, because a container exited in the way that asks for it. */
export function shouldAllContainersRestart(
  pod: Pod,
  observation: PodObservation | undefined,
  status: PodStatus | undefined,
): boolean {
  if (conditionOf(status, 'AllContainersRestarting')?.status === 'True') return true
  const { initContainers = [], containers } = specOf(pod)
  const reported = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return [...initContainers, ...containers].some((container) => {
    if (!container.restartPolicyRules) return false
    const exitCode = exitCodeOf(container.name, observation, reported)
    return exitCode !== undefined && matchingRestartRule(container, exitCode)?.action === 'RestartAllContainers'
  })
}

function exitCodeOf(
  name: string,
  observation: PodObservation | undefined,
  reported: readonly ContainerStatus[],
): number | undefined {
  if (observation) {
    const current = observed(observation, name)
    if (current?.state !== 'exited') return undefined
    return current.exitCode
  }
  return reported.find((status) => status.name === name)?.state?.terminated?.exitCode
}

/** Nothing is left of the containers that were to go. */
export function isCleanedUp(pod: Pod, observation: PodObservation): boolean {
  const { initContainers = [], containers } = specOf(pod)
  return [...initContainers, ...containers].every(({ name }) => observed(observation, name) === undefined)
}
