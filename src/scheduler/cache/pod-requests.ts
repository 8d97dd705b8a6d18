import type { Container, ContainerStatus, Pod } from '#api/core/v1'
import { amountOf, isCounted } from './amounts.ts'

/** Amounts by resource: millicores of cpu, whole units of all others. */
export type Amounts = ReadonlyMap<string, number>

/** What pods that ask for nothing are taken to use, so that they spread as well. */
export const defaultMilliCpu = 100
export const defaultMemory: number = 200 * 1024 * 1024

type Resources = { readonly [name: string]: string }

export interface RequestOptions {
  /** Takes containers that name no amount of cpu or memory to ask for the defaults. */
  readonly nonZero?: boolean
  /** Leaves what the node says of running containers out of account. */
  readonly specOnly?: boolean
}

/**
 * What a pod asks of a node: the sum of its containers and sidecars, or what its init containers need at most where that
 * is more; overridden by what the pod asks for as a whole, plus its overhead. While containers are being resized, the
 * larger of wanted, allocated and actual counts (KEP-1287, KEP-753, KEP-2837).
 */
export function podRequests(pod: Pod, options: RequestOptions = {}): Amounts {
  const { spec } = pod
  const total = new Map<string, number>()
  if (!spec) return total
  const statuses = options.specOnly === true ? none : statusesOf(pod)
  const nonZero = options.nonZero === true
  const podLevel = Object.entries(spec.resources?.requests ?? {}).filter(([name]) => isPodLevel(name))
  for (const container of spec.containers) addTo(total, containerRequests(pod, container, statuses, nonZero))
  if (spec.initContainers?.length) addInitContainers(total, pod, spec.initContainers, statuses, nonZero)
  for (const [name, quantity] of podLevel) total.set(name, amountOf(name, quantity))
  for (const [name, quantity] of Object.entries(spec.overhead ?? {})) {
    total.set(name, (total.get(name) ?? 0) + amountOf(name, quantity))
  }
  return total
}

const none: ReadonlyMap<string, ContainerStatus> = new Map()

/** Statuses that tell of resources, by container. */
function statusesOf(pod: Pod): ReadonlyMap<string, ContainerStatus> {
  const { containerStatuses, initContainerStatuses } = pod.status ?? {}
  if (!containerStatuses && !initContainerStatuses) return none
  const all = [...(containerStatuses ?? []), ...(initContainerStatuses ?? [])].filter(({ resources }) => resources)
  return all.length === 0 ? none : new Map(all.map((status) => [status.name, status]))
}

function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

function containerRequests(
  pod: Pod,
  container: Container,
  statuses: ReadonlyMap<string, ContainerStatus>,
  nonZero: boolean,
): Map<string, number> {
  const amounts = new Map<string, number>()
  const requests = container.resources?.requests
  const status = statuses.get(container.name)
  if (status?.resources) {
    const infeasible = (pod.status?.conditions ?? []).some(
      ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
    )
    if (!infeasible) raiseTo(amounts, requests)
    raiseTo(amounts, status.resources.requests)
    raiseTo(amounts, status.allocatedResources)
  } else if (requests) {
    for (const name in requests) amounts.set(name, amountOf(name, requests[name] ?? '0'))
  }
  if (nonZero) {
    if (!amounts.has('cpu')) amounts.set('cpu', defaultMilliCpu)
    if (!amounts.has('memory')) amounts.set('memory', defaultMemory)
  }
  return amounts
}

function raiseTo(amounts: Map<string, number>, resources: Resources | undefined): void {
  for (const name in resources) {
    const amount = amountOf(name, resources[name] ?? '0')
    const known = amounts.get(name)
    if (known === undefined || amount > known) amounts.set(name, amount)
  }
}

function addTo(total: Map<string, number>, amounts: ReadonlyMap<string, number>): void {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0) + amount)
}

/** While the i-th init container runs, so do the sidecars before it. */
function addInitContainers(
  total: Map<string, number>,
  pod: Pod,
  containers: readonly Container[],
  statuses: ReadonlyMap<string, ContainerStatus>,
  nonZero: boolean,
): void {
  const sidecars = new Map<string, number>()
  const most = new Map<string, number>()
  for (const container of containers) {
    const sidecar = isSidecar(container)
    const requests = containerRequests(pod, container, sidecar ? statuses : none, nonZero)
    if (sidecar) {
      addTo(total, requests)
      addTo(sidecars, requests)
    } else {
      addTo(requests, sidecars)
    }
    for (const [name, amount] of sidecar ? sidecars : requests) {
      if (amount > (most.get(name) ?? -1)) most.set(name, amount)
    }
  }
  for (const [name, amount] of most) if (amount > (total.get(name) ?? -1)) total.set(name, amount)
}

/** Whether a pod asks for less of something than before. */
export function requestsLowered(old: Pod, pod: Pod): boolean {
  if (
    old.spec?.containers === pod.spec?.containers &&
    old.status?.containerStatuses === pod.status?.containerStatuses
  ) {
    return false
  }
  const requests = podRequests(pod)
  for (const [name, amount] of podRequests(old)) {
    const now = requests.get(name)
    if (isCounted(name) && (now === undefined || now < amount)) return true
  }
  return false
}
