import type { Container, Pod } from '#api/core/v1'
import { isRestartableInitContainer, specOf } from '../pods/containers.ts'
import { unitsOf } from '../resources/lists.ts'
import { hasOwnResources, qosOf } from '../resources/pod-resources.ts'

/** Bytes by type. */
export type MemoryRequests = ReadonlyMap<string, number>

/** Whether memory of a resource's name is given by NUMA node. */
export const isMemory = (resource: string): boolean => resource === 'memory' || resource.startsWith('hugepages-')

const none: MemoryRequests = new Map()

/** Memory that a container is to have from certain NUMA nodes; none but for those of guaranteed pods. */
export function memoryOf(pod: Pod, container: Container): MemoryRequests {
  if (hasOwnResources(pod) || qosOf(pod) !== 'Guaranteed') return none
  const requests = container.resources?.requests ?? {}
  return new Map(
    Object.keys(requests)
      .filter(isMemory)
      .map((type) => [type, unitsOf(requests, type)]),
  )
}

/** Memory that a pod's containers need at one time, at most, of the types that those ask for which are not init containers. */
export function memoryOfPod(pod: Pod): MemoryRequests {
  const { initContainers = [], containers } = specOf(pod)
  const [starting, lasting] = [new Map<string, number>(), new Map<string, number>()]
  const sum = (sums: Map<string, number>, type: string, size: number): void =>
    void sums.set(type, (sums.get(type) ?? 0) + size)
  for (const container of initContainers) {
    for (const [type, size] of memoryOf(pod, container)) {
      if (isRestartableInitContainer(container)) sum(lasting, type, size)
      else starting.set(type, Math.max(starting.get(type) ?? 0, (lasting.get(type) ?? 0) + size))
    }
  }
  const own = new Map<string, number>()
  for (const container of containers) for (const [type, size] of memoryOf(pod, container)) sum(own, type, size)
  const together = (type: string, size: number): number =>
    Math.max(size + (lasting.get(type) ?? 0), starting.get(type) ?? 0)
  return new Map([...own].map(([type, size]) => [type, together(type, size)]))
}
