import type { Amounts, ResourceList } from '#machinery'
import type { Container, Pod } from '#api/core/v1'
import { containerNamed, isCriticalPod, isRestartableInitContainer, specOf, uidOf } from '../pods/containers.ts'
import { milliCpuToQuota, milliCpuToShares } from '../resources/cpu.ts'
import { unitsOf, milliOf } from '../resources/lists.ts'
import { podLimits, podRequests, qosOf } from '../resources/pod-resources.ts'
import type { ContainerResources } from '../runtime/records.ts'
import { withSwap, type SwapPolicy } from './swap.ts'

/** What the node and its configuration decide about limits. */
export interface ResourcePolicy {
  /** Bytes of memory that the node has. */
  readonly memoryCapacity: number
  /** CPU limits are enforced. */
  readonly cpuCfsQuota: boolean
  readonly cpuCfsQuotaPeriodMicros: number
  /** A container, or any of a pod where none is named, has CPUs to itself: its time on them is not limited. */
  readonly hasExclusiveCpus: (uid: string, container?: string) => boolean
  /** Sizes of huge pages that the kernel offers: `2MB`, `1GB`. */
  readonly hugePageSizes: readonly string[]
  /** An OOM kill ends every process of a container (cgroups v2). */
  readonly oomGroup: boolean
  readonly swap: SwapPolicy
}

const guaranteedScore = -997
const bestEffortScore = 1000
const nodeCritical = 'system-node-critical'

/** A container's limits for the runtime. */
export function containerResources(pod: Pod, container: Container, policy: ResourcePolicy): ContainerResources {
  const { requests, limits } = container.resources ?? {}
  const podLimit = specOf(pod).resources?.limits
  const cpuLimit = milliOf(limits, 'cpu') || milliOf(podLimit, 'cpu')
  const memoryLimit = unitsOf(limits, 'memory') || unitsOf(podLimit, 'memory')
  const hugepageLimits = policy.hugePageSizes.map((pageSize) => ({
    pageSize,
    limit: unitsOf(limits, hugePageResource(pageSize)) || unitsOf(podLimit, hugePageResource(pageSize)),
  }))
  const resources = {
    ...cpuAndMemory(
      requests?.['cpu'] === undefined ? undefined : milliOf(requests, 'cpu'),
      cpuLimit,
      memoryLimit,
      policy,
      policy.hasExclusiveCpus(uidOf(pod), container.name),
    ),
    oomScoreAdj: oomScoreOf(pod, container, policy.memoryCapacity),
    ...(hugepageLimits.length > 0 ? { hugepageLimits } : {}),
  }
  return withSwap(resources, pod, container, policy)
}

function cpuAndMemory(
  cpuRequest: number | undefined,
  cpuLimit: number,
  memoryLimit: number,
  policy: ResourcePolicy,
  isExclusive = false,
): ContainerResources {
  return {
    cpuShares: milliCpuToShares(cpuRequest ?? cpuLimit),
    ...(memoryLimit > 0 ? { memoryLimitInBytes: memoryLimit } : {}),
    ...(policy.cpuCfsQuota
      ? {
          // A container begins without any, and one with CPUs of its own never gets one.
          cpuQuota: isExclusive ? 0 : milliCpuToQuota(cpuLimit, policy.cpuCfsQuotaPeriodMicros),
          cpuPeriod: policy.cpuCfsQuotaPeriodMicros,
        }
      : {}),
    ...(policy.oomGroup ? { unified: { 'memory.oom.group': '1' } } : {}),
  }
}

/** `hugepages-2Mi` for the kernel's `2MB`. */
const hugePageResource = (pageSize: string): string => `hugepages-${pageSize.replace(/B$/, 'i')}`

/** Limits of the pod's sandbox as a whole, and what the runtime class costs. */
export function sandboxResources(
  pod: Pod,
  policy: ResourcePolicy,
): { readonly resources: ContainerResources; readonly overhead: ContainerResources } {
  const { overhead } = specOf(pod)
  const requests = podRequests(pod, { withoutOverhead: true })
  const limits = podLimits(pod, { withoutOverhead: true })
  const milli = (amounts: Amounts, name: string): number => amounts.get(name)?.milliValue() ?? 0
  return {
    resources: cpuAndMemory(
      requests.has('cpu') ? milli(requests, 'cpu') : undefined,
      milli(limits, 'cpu'),
      limits.get('memory')?.value() ?? 0,
      policy,
      policy.hasExclusiveCpus(uidOf(pod)),
    ),
    overhead: overhead ? overheadResources(overhead, policy) : {},
  }
}

function overheadResources(overhead: ResourceList, policy: ResourcePolicy): ContainerResources {
  const cpu = milliOf(overhead, 'cpu')
  return cpuAndMemory(cpu, cpu, unitsOf(overhead, 'memory'), policy)
}

/**
 * How readily the kernel kills the container when memory runs out: the more of the node's memory it asked for, the
 * later. Sidecars go no earlier than the app containers they serve.
 */
function oomScoreOf(pod: Pod, container: Container, memoryCapacity: number): number {
  const spec = specOf(pod)
  if (isCriticalPod(pod) && spec.priorityClassName === nodeCritical) return guaranteedScore
  const qos = qosOf(pod)
  if (qos === 'Guaranteed') return guaranteedScore
  if (qos === 'BestEffort') return bestEffortScore
  const remaining = spec.resources?.requests ? remainingPerContainer(pod) : 0
  const scoreOf = (request: number): number => 1000 - Math.trunc((1000 * request) / memoryCapacity)
  let score = scoreOf(unitsOf(container.resources?.requests, 'memory') + remaining)
  if (isSidecar(pod, container)) {
    const least = Math.min(...spec.containers.map(({ resources }) => unitsOf(resources?.requests, 'memory')))
    score = Math.min(score, scoreOf(least + remaining))
  }
  if (score < 1000 + guaranteedScore) return 1000 + guaranteedScore
  return score === bestEffortScore ? score - 1 : score
}

function isSidecar(pod: Pod, container: Container): boolean {
  if (!isRestartableInitContainer(container)) return false
  return specOf(pod).initContainers?.some(({ name }) => name === container.name) ?? false
}

/** Memory that the pod asked for as a whole and that no container claims, divided among them. */
function remainingPerContainer(pod: Pod): number {
  const { containers, initContainers = [], resources } = specOf(pod)
  const lasting = [...containers, ...initContainers.filter(isRestartableInitContainer)]
  const claimed = lasting.reduce((sum, { name }) => {
    return sum + unitsOf(containerNamed(pod, name)?.resources?.requests, 'memory')
  }, 0)
  return Math.trunc(Math.max(0, unitsOf(resources?.requests, 'memory') - claimed) / lasting.length)
}
