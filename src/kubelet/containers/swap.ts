import type { Container, Pod } from '#api/core/v1'
import { isCriticalPod } from '../pods/containers.ts'
import { unitsOf } from '../resources/lists.ts'
import { qosOf } from '../resources/pod-resources.ts'
import type { ContainerResources } from '../runtime/records.ts'

/** What pods may have of the node's swap. */
export interface SwapPolicy {
  /** None, or burstable pods a share by the memory that they ask for (cgroups v2 only). */
  readonly behavior: 'NoSwap' | 'LimitedSwap'
  /** The kernel can limit it. */
  readonly isLimitable: boolean
  readonly cgroupVersion: 1 | 2
  /** Bytes of swap that the node has. */
  readonly capacity: number
}

const swapFile = 'memory.swap.max'

/** Limits of a container with the one of its swap, where the kernel has it. */
export function withSwap(
  resources: ContainerResources,
  pod: Pod,
  container: Container,
  { memoryCapacity, swap }: { readonly memoryCapacity: number; readonly swap: SwapPolicy },
): ContainerResources {
  const { memoryLimitInBytes, unified } = resources
  if (!swap.isLimitable) return resources
  if (swap.cgroupVersion === 2) {
    return { ...resources, unified: { ...unified, [swapFile]: String(shareOf(pod, container, memoryCapacity, swap)) } }
  }
  // There the limit is one of memory and swap together.
  return memoryLimitInBytes === undefined ? resources : { ...resources, memorySwapLimitInBytes: memoryLimitInBytes }
}

/** Whether the policy gives a container swap at all. */
export function maySwap(pod: Pod, container: Container, policy: SwapPolicy): boolean {
  const { behavior, isLimitable, cgroupVersion } = policy
  if (behavior === 'NoSwap' || !isLimitable || cgroupVersion !== 2) return false
  if (isCriticalPod(pod) || qosOf(pod) !== 'Burstable') return false
  const { requests, limits } = container.resources ?? {}
  return unitsOf(requests, 'memory') !== unitsOf(limits, 'memory')
}

/** Bytes of swap: as much of it as the container asks for of the node's memory. */
function shareOf(pod: Pod, container: Container, memoryCapacity: number, policy: SwapPolicy): number {
  const request = unitsOf(container.resources?.requests, 'memory')
  if (request > memoryCapacity || !maySwap(pod, container, policy)) return 0
  return Math.trunc((request / memoryCapacity) * policy.capacity)
}
