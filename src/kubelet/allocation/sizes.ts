import { Quantity } from '#machinery'
import type { ResourceList } from '#machinery'
import type { Container, Pod } from '#api/core/v1'
import { specOf } from '../pods/containers.ts'
import { unitsOf, milliOf } from '../resources/lists.ts'

/** What can be resized: thousandths of a CPU and bytes of memory; 0 where nothing is said. */
export interface Sizes {
  readonly cpuRequest: number
  readonly cpuLimit: number
  readonly memoryRequest: number
  readonly memoryLimit: number
}

export interface Requirements {
  readonly requests?: ResourceList
  readonly limits?: ResourceList
}

export function sizesOf({ requests, limits }: Requirements = {}): Sizes {
  return {
    cpuRequest: milliOf(requests, 'cpu'),
    cpuLimit: milliOf(limits, 'cpu'),
    memoryRequest: unitsOf(requests, 'memory'),
    memoryLimit: unitsOf(limits, 'memory'),
  }
}

/** The same with the pod's own limits for containers that have none. */
export function effectiveSizes(pod: Pod, container: Container): Sizes {
  const own = sizesOf(container.resources)
  const whole = sizesOf(specOf(pod).resources)
  return {
    ...own,
    cpuLimit: own.cpuLimit || whole.cpuLimit,
    memoryLimit: own.memoryLimit || whole.memoryLimit,
  }
}

/** What the pod as a whole may have (KEP-2837), beside what its containers may. */
export const wholeSizes = (pod: Pod): Sizes => sizesOf(specOf(pod).resources)

/** The pod with other sizes as a whole, where it asks for any. */
export function withWholeSizes(pod: Pod, sizes: Sizes): Pod {
  const { resources } = specOf(pod)
  if (!resources || sameSizes(sizes, wholeSizes(pod))) return pod
  const put = (list: ResourceList | undefined, cpu: number, memory: number): ResourceList => ({
    ...list,
    ...(list?.['cpu'] === undefined ? {} : { cpu: Quantity.ofMilli(cpu).toString() }),
    ...(list?.['memory'] === undefined ? {} : { memory: Quantity.of(memory, 0, 'BinarySI').toString() }),
  })
  const { requests, limits } = resources
  const changed = {
    ...resources,
    ...(requests ? { requests: put(requests, sizes.cpuRequest, sizes.memoryRequest) } : {}),
    ...(limits ? { limits: put(limits, sizes.cpuLimit, sizes.memoryLimit) } : {}),
  }
  return { ...pod, spec: { ...specOf(pod), resources: changed } }
}

export function sameSizes(a: Sizes, b: Sizes): boolean {
  return (
    a.cpuRequest === b.cpuRequest &&
    a.cpuLimit === b.cpuLimit &&
    a.memoryRequest === b.memoryRequest &&
    a.memoryLimit === b.memoryLimit
  )
}

/** Containers that can change their size while they run: all but ephemeral ones. */
export function resizableContainers(pod: Pod): readonly Container[] {
  const { initContainers = [], containers } = specOf(pod)
  return [...initContainers, ...containers]
}
