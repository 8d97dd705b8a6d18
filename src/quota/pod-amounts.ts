import type { Container, ContainerStatus, Pod } from '#api/core/v1'
import type { Quantity } from '#machinery'
import { addInto, amountsOf, raiseInto } from './amounts.ts'
import type { Amounts } from './amounts.ts'

export type AmountKind = 'requests' | 'limits'

const podLevel: ReadonlySet<string> = new Set(['cpu', 'memory'])
const hugePages = 'hugepages-'

/** What a container of a pod is counted with. */
type ContainerAmounts = (container: Container) => Amounts

/**
 * What a pod asks for, or is limited to, as a whole: the sum of its containers and sidecars, or what its start needs
 * where that is more (KEP-753); what the pod itself says counts before both (KEP-2837). Overhead is not in it.
 */
export function podAmounts(pod: Pod, kind: AmountKind): Amounts {
  return total(pod, kind, ({ resources }) => amountsOf(resources?.[kind]))
}

/**
 * The same for a pod that may be in the midst of a resize: of what is wanted, given and in force, the most counts
 * (KEP-1287). Overhead is in it.
 */
export function podAmountsInUse(pod: Pod, kind: AmountKind): Amounts {
  const statuses = new Map(
    [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].map((status) => [
      status.name,
      status,
    ]),
  )
  const infeasible = (pod.status?.conditions ?? []).some(
    ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
  )
  const amounts = new Map(
    total(pod, kind, (container) => inUse(container, statuses.get(container.name), kind, infeasible)),
  )
  const overhead = amountsOf(pod.spec.overhead)
  // Overhead raises limits that there are, and sets none.
  addInto(amounts, kind === 'requests' ? overhead : new Map([...overhead].filter(([name]) => amounts.has(name))))
  return amounts
}

function inUse(
  { resources }: Container,
  status: ContainerStatus | undefined,
  kind: AmountKind,
  infeasible: boolean,
): Amounts {
  const wanted = amountsOf(resources?.[kind])
  const inForce = status?.resources ? amountsOf(status.resources[kind]) : undefined
  if (!inForce) return wanted
  const most = new Map(infeasible ? inForce : wanted)
  raiseInto(most, inForce)
  if (kind === 'requests') raiseInto(most, amountsOf(status?.allocatedResources))
  return most
}

/**
 * What all containers of a pod take together: the sum of those that run side by side, or what an init container takes
 * beside the sidecars that start before it, whichever is more (KEP-753).
 */
export function containerAmounts(spec: Pod['spec'], kind: AmountKind): Map<string, Quantity> {
  return aggregate(spec, ({ resources }) => amountsOf(resources?.[kind]))
}

function total({ spec }: Pod, kind: AmountKind, amountsOfContainer: ContainerAmounts): Amounts {
  const sum = aggregate(spec, amountsOfContainer)
  for (const [name, amount] of amountsOf(spec.resources?.[kind])) {
    if (podLevel.has(name) || name.startsWith(hugePages)) sum.set(name, amount)
  }
  return sum
}

function aggregate(spec: Pod['spec'], amountsOfContainer: ContainerAmounts): Map<string, Quantity> {
  const sum = new Map<string, Quantity>()
  for (const container of spec.containers ?? []) addInto(sum, amountsOfContainer(container))
  const sidecars = new Map<string, Quantity>()
  const starting = new Map<string, Quantity>()
  for (const container of spec.initContainers ?? []) {
    const own = amountsOfContainer(container)
    if (container.restartPolicy === 'Always') {
      addInto(sum, own)
      addInto(sidecars, own)
      raiseInto(starting, sidecars)
    } else {
      const together = new Map(own)
      addInto(together, sidecars)
      raiseInto(starting, together)
    }
  }
  raiseInto(sum, starting)
  return sum
}
