import type { Pod } from '#api/core/v1'
import { deepEqual } from '#base'
import { amountsOf, podAmounts } from '#machinery'
import type { Quantity } from '#machinery'
import { isCounted } from './amounts.ts'

/** Amounts by resource: millicores of cpu, whole units of all others. */
export type Amounts = ReadonlyMap<string, number>

/** What pods that ask for nothing are taken to use, so that they spread as well. */
export const defaultMilliCpu = 100
export const defaultMemory: number = 200 * 1024 * 1024

const defaults = amountsOf({ cpu: `${defaultMilliCpu}m`, memory: `${defaultMemory}` })

export interface RequestOptions {
  /** Takes containers that name no amount of cpu or memory to ask for the defaults. */
  readonly nonZero?: boolean
  /** Leaves what the node says of running containers out of account. */
  readonly specOnly?: boolean
}

/** What a pod asks of a node, overhead and what a resize under way takes included. */
export function podRequests(pod: Pod, { nonZero = false, specOnly = false }: RequestOptions = {}): Amounts {
  const options = { overhead: true, ...(specOnly ? {} : { resized: 'pod' as const }) }
  let requests = podAmounts(pod, 'requests', options)
  if (nonZero) {
    const missing = saysForItself(pod) ? new Map([...defaults].filter(([name]) => !requests.has(name))) : defaults
    if (missing.size > 0) requests = podAmounts(pod, 'requests', { ...options, missing })
  }
  return inNumbers(requests)
}

/** Asks for something as a whole: then its containers need not say anything. */
function saysForItself({ spec }: Pod): boolean {
  return Object.keys(spec?.resources?.requests ?? {}).length > 0
}

function inNumbers(amounts: ReadonlyMap<string, Quantity>): Amounts {
  const numbers = new Map<string, number>()
  for (const [name, amount] of amounts) numbers.set(name, name === 'cpu' ? amount.milliValue() : amount.value())
  return numbers
}

/** Whether a pod asks for less of something than before. */
export function requestsLowered(old: Pod, pod: Pod): boolean {
  if (sameSizes(old, pod)) return false
  const requests = podRequests(pod)
  for (const [name, amount] of podRequests(old)) {
    const now = requests.get(name)
    if (isCounted(name) && (now === undefined || now < amount)) return true
  }
  return false
}

/** Cheaper than adding up, for the many updates that are about other things. */
function sameSizes(old: Pod, pod: Pod): boolean {
  if (!sameSpec(old.spec, pod.spec)) return false
  const [before, after] = [old.status, pod.status]
  if (!deepEqual(before?.resources, after?.resources)) return false
  return (
    sameTold(before?.containerStatuses, after?.containerStatuses) &&
    sameTold(before?.initContainerStatuses, after?.initContainerStatuses) &&
    deepEqual(before?.conditions?.find(isPending), after?.conditions?.find(isPending))
  )
}

const isPending = ({ type }: { readonly type: string }): boolean => type === 'PodResizePending'

function sameSpec(a: Pod['spec'] | undefined, b: Pod['spec'] | undefined): boolean {
  if (a === b) return true
  return (
    deepEqual(a?.resources, b?.resources) &&
    sameResources(a?.containers, b?.containers) &&
    sameResources(a?.initContainers, b?.initContainers)
  )
}

type Sized = { readonly resources?: object }

function sameResources(a: readonly Sized[] = [], b: readonly Sized[] = []): boolean {
  return a === b || (a.length === b.length && a.every(({ resources }, i) => deepEqual(resources, b[i]?.resources)))
}

type Told = Sized & { readonly allocatedResources?: object }

/** Statuses come and go; what counts is what they tell of sizes. */
function sameTold(a: readonly Told[] = [], b: readonly Told[] = []): boolean {
  if (a === b) return true
  const isSilent = (list: readonly Told[]): boolean => list.every(({ resources }) => !resources)
  if (isSilent(a) && isSilent(b)) return true
  return (
    sameResources(a, b) &&
    a.every(({ allocatedResources }, i) => deepEqual(allocatedResources, b[i]?.allocatedResources))
  )
}
