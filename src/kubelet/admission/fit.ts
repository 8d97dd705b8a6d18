import { addInto, amountOf } from '#machinery'
import type { Quantity, ResourceList } from '#machinery'
import type { Pod } from '#api/core/v1'
import { withoutClaimed } from '../dra/without-claimed.ts'
import { podRequests } from '../resources/pod-resources.ts'

/** Why a pod can't run on the node. */
export interface Refusal {
  readonly reason: string
  readonly message: string
}

/** A refusal in the words of the scheduler's filter that would have said so. */
export function predicate(reason: string, why: string): Refusal {
  return { reason, message: `Predicate ${reason} failed: ${why}` }
}

/** How much of a resource is lacking: thousandths of a CPU, else whole units. */
export interface Shortage {
  readonly resource: string
  readonly quantity: number
}

/**
 * Whether the node has what a pod asks for, besides what others have.
 *
 * @returns the first resource that does not suffice.
 */
export function fits(pod: Pod, others: readonly Pod[], allocatable: ResourceList): Refusal | undefined {
  const [first] = lackingFor(pod, others, allocatable)
  if (!first) return undefined
  const { resource, requested, used, capacity } = first
  const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`
  return { reason: `OutOf${resource}`, message: `Node didn't have enough resource: ${resource}, ${amounts}` }
}

/** What a pod asks for and the node has not enough of, besides what others have. */
export function lackingFor(pod: Pod, others: readonly Pod[], allocatable: ResourceList): readonly Lacking[] {
  const lacking: Lacking[] = []
  const check = (resource: string, requested: number, used: number, capacity: number): void => {
    const quantity = requested - (capacity - used)
    if (requested > 0 && quantity > 0) lacking.push({ resource, requested, used, capacity, quantity })
  }
  check('pods', 1, others.length, Number(allocatable['pods'] ?? 0))
  const requests = podRequests(withoutClaimed(pod))
  if (requests.size === 0) return lacking
  const used = new Map<string, Quantity>()
  for (const other of others) addInto(used, podRequests(other))
  for (const [name, request] of requests) {
    const text = allocatable[name]
    // What the node does not know is somebody else's to count, but for what only a node can have.
    if (text === undefined && name !== 'ephemeral-storage' && !name.startsWith('hugepages-')) continue
    const amount = (value: { milliValue(): number; value(): number } | undefined): number =>
      (name === 'cpu' ? value?.milliValue() : value?.value()) ?? 0
    check(name, amount(request), amount(used.get(name)), amount(text === undefined ? undefined : amountOf(text)))
  }
  return lacking
}

interface Lacking extends Shortage {
  readonly requested: number
  readonly used: number
  readonly capacity: number
}
