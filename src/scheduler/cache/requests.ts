import type { Pod } from '#api/core/v1'
import { cpuId, isCounted, memoryId } from './amounts.ts'
import type { ResourceIds } from './amounts.ts'
import { defaultMemory, defaultMilliCpu, podRequests } from './pod-requests.ts'

/** What a pod asks of a node, by number of resource. Zero amounts are left out. */
export interface Requests {
  readonly ids: readonly number[]
  readonly amounts: readonly number[]
  /** Cpu and memory where containers that say nothing count with the defaults. */
  readonly nonZeroCpu: number
  readonly nonZeroMemory: number
  /** Equal for equal requests. */
  readonly key: string
}

export function requestsOf(pod: Pod, resources: ResourceIds): Requests {
  const ids: number[] = []
  const amounts: number[] = []
  const requests = podRequests(pod)
  for (const [name, amount] of requests) {
    if (amount === 0 || !isCounted(name)) continue
    ids.push(resources.idOf(name))
    amounts.push(amount)
  }
  const nonZero = podRequests(pod, { nonZero: true })
  const nonZeroCpu = nonZero.get('cpu') ?? defaultMilliCpu
  const nonZeroMemory = nonZero.get('memory') ?? defaultMemory
  return {
    ids,
    amounts,
    nonZeroCpu,
    nonZeroMemory,
    key: `${ids.join()}:${amounts.join()}:${nonZeroCpu},${nonZeroMemory}`,
  }
}

/** The amount of one resource; zero when the pod does not ask for it. */
export function requestedAmount(requests: Requests, id: number): number {
  const at = requests.ids.indexOf(id)
  return at < 0 ? 0 : (requests.amounts[at] ?? 0)
}

/** As {@link requestedAmount}, with the defaults for cpu and memory. */
export function nonZeroAmount(requests: Requests, id: number): number {
  if (id === cpuId) return requests.nonZeroCpu
  return id === memoryId ? requests.nonZeroMemory : requestedAmount(requests, id)
}
