import type { Container, Pod } from '#api/core/v1'
import { isRestartableInitContainer, shouldRestart, specOf } from '../pods/containers.ts'
import { observed, type ContainerObservation, type PodObservation } from '../runtime/pod-runtime.ts'

/** Whether a container that does not run is to be started. */
export function startsAgain(container: Container, pod: Pod, observation: PodObservation): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  const current = observed(observation, container.name)
  if (!current || current.state === 'unknown' || current.state === 'created') return true
  if (current.state === 'running') return false
  return shouldRestart(container, specOf(pod), current.exitCode)
}

/** Some app container was made: initialization is over. */
export function hasAnyAppContainer(pod: Pod, observation: PodObservation): boolean {
  return specOf(pod).containers.some(({ name }) => {
    const container = observed(observation, name)
    return container !== undefined && container.state !== 'unknown'
  })
}

/**
 * Whether a pod that runs once has had its run, so that it gets no other sandbox when it loses its own: all its app
 * containers were started, or initialization has failed. One that has come to neither would otherwise wait for ever. Its
 * init containers run once more, which the documentation asks them to bear ("Pod restart reasons"); what was started
 * does not.
 */
export function hasHadItsRun(pod: Pod, observation: PodObservation): boolean {
  const { initContainers = [], containers } = specOf(pod)
  return (
    containers.every((container) => hasStarted(observation, container)) ||
    initContainers.some((container) => failedForGood(container, pod, observation))
  )
}

export function hasStarted(observation: PodObservation, { name }: Container): boolean {
  const state = observed(observation, name)?.state
  return state !== undefined && state !== 'created'
}

function failedForGood(container: Container, pod: Pod, observation: PodObservation): boolean {
  const current = observed(observation, container.name)
  if (!current || isRestartableInitContainer(container)) return false
  if (current.state === 'unknown') return (container.restartPolicy ?? specOf(pod).restartPolicy) === 'Never'
  return current.state === 'exited' && hasFailed(current) && !startsAgain(container, pod, observation)
}

/** Of a container that exited. */
export function hasFailed({ reason, exitCode }: ContainerObservation): boolean {
  return reason === 'OOMKilled' || exitCode !== 0
}
