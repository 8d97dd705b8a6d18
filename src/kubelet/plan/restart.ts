import type { Container, Pod } from '#api/core/v1'
import { shouldRestart, specOf } from '../pods/containers.ts'
import { observed, type PodObservation } from '../runtime/pod-runtime.ts'

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
