import type { Pod } from '#api/core/v1'
import { addTo, quantity, type Amounts, type ResourceList } from '../resources/lists.ts'
import { podRequests } from '../resources/pod-resources.ts'

/** Why a pod can't run on the node. */
export interface Refusal {
  readonly reason: string
  readonly message: string
}

/**
 * Whether the node has what a pod asks for, besides what others have.
 *
 * @returns the first resource that does not suffice.
 */
export function fits(pod: Pod, others: readonly Pod[], allocatable: ResourceList): Refusal | undefined {
  const capacity = Number(allocatable['pods'] ?? 0)
  if (others.length + 1 > capacity) return outOf('pods', 1, others.length, capacity)
  const requests = podRequests(pod)
  if (requests.size === 0) return undefined
  const used: Amounts = new Map()
  for (const other of others) addTo(used, podRequests(other))
  for (const [name, request] of requests) {
    const text = allocatable[name]
    // What the node does not know is none of its business, unless it is named after somebody's domain.
    if (text === undefined && !name.includes('/')) continue
    const isCpu = name === 'cpu'
    const amount = (value: { milliValue(): number; value(): number } | undefined): number =>
      (isCpu ? value?.milliValue() : value?.value()) ?? 0
    const has = amount(text === undefined ? undefined : quantity(text))
    const taken = amount(used.get(name))
    const wants = amount(request)
    if (wants > 0 && wants > has - taken) return outOf(name, wants, taken, has)
  }
  return undefined
}

function outOf(resource: string, requested: number, used: number, capacity: number): Refusal {
  const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`
  return { reason: `OutOf${resource}`, message: `Node didn't have enough resource: ${resource}, ${amounts}` }
}
