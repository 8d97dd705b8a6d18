import type { Container, Pod } from '#api/core/v1'
import { isRestartableInitContainer, specOf } from '../pods/containers.ts'
import { milliOf } from '../resources/lists.ts'
import { hasOwnResources, qosOf } from '../resources/pod-resources.ts'

/** CPUs that a container is to have to itself: whole ones of a guaranteed pod. */
export function exclusiveCpusOf(pod: Pod, container: Container): number {
  const milli = milliOf(container.resources?.requests, 'cpu')
  if (milli === 0 || milli % 1000 !== 0 || qosOf(pod) !== 'Guaranteed' || hasOwnResources(pod)) return 0
  return milli / 1000
}

/** CPUs that a pod's containers need to themselves at one time, at most. */
export function exclusiveCpusOfPod(pod: Pod): number {
  const { initContainers = [], containers } = specOf(pod)
  let [starting, lasting] = [0, 0]
  for (const container of initContainers) {
    const cpus = exclusiveCpusOf(pod, container)
    if (isRestartableInitContainer(container)) lasting += cpus
    else starting = Math.max(starting, lasting + cpus)
  }
  for (const container of containers) lasting += exclusiveCpusOf(pod, container)
  return Math.max(starting, lasting)
}
