import { cpuId, isScalarResource, memoryId } from '../../cache/amounts.ts'
import type { ResourceIds } from '../../cache/amounts.ts'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { PodInfo } from '../../cache/pod-info.ts'
import { nonZeroAmount, requestedAmount } from '../../cache/requests.ts'

export interface ResourceSpec {
  readonly name: string
  readonly weight: number
}

/** How full a node would be, resource by resource in the order of the configuration. Reused from call to call. */
export interface Allocation {
  /** With the pod. */
  readonly requested: Float64Array
  /** Without it. */
  readonly allocated: Float64Array
  /** 0 for resources that do not count. */
  readonly allocatable: Float64Array
}

export interface AllocationReader {
  read(pod: PodInfo, node: NodeInfo): Allocation
  /** Whether the pod asks for none of the resources. */
  asksForNothing(pod: PodInfo): boolean
}

/**
 * Reads what scoring by allocation looks at. @param exact counts what pods ask for; else pods that ask for no cpu or
 * memory count with defaults.
 */
export function allocationScorer(ids: ResourceIds, specs: readonly ResourceSpec[], exact: boolean): AllocationReader {
  const count = specs.length
  const allocation: Allocation = {
    requested: new Float64Array(count),
    allocated: new Float64Array(count),
    allocatable: new Float64Array(count),
  }
  const resources = specs.map(({ name }) => ({ id: ids.idOf(name), scalar: isScalarResource(name) }))
  const wanted = (pod: PodInfo, id: number): number =>
    exact ? requestedAmount(pod.requests, id) : nonZeroAmount(pod.requests, id)
  return {
    read(pod, { columns, slot }) {
      const { requested, allocated, allocatable } = allocation
      for (let i = 0; i < count; i++) {
        const { id, scalar } = resources[i]!
        const amount = wanted(pod, id)
        const capacity = scalar && amount === 0 ? 0 : columns.allocatableOf(id, slot)
        allocatable[i] = capacity
        let used = 0
        if (capacity !== 0) {
          if (!exact && id === cpuId) used = columns.nonZeroCpu[slot]!
          else if (!exact && id === memoryId) used = columns.nonZeroMemory[slot]!
          else used = columns.requestedOf(id, slot)
        }
        allocated[i] = used
        requested[i] = capacity === 0 ? 0 : used + amount
      }
      return allocation
    },
    asksForNothing: (pod) => resources.every(({ id }) => wanted(pod, id) === 0),
  }
}
