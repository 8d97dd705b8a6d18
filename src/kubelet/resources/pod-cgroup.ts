import type { Pod } from '#api/core/v1'
import type { ResourcePolicy } from '../containers/resources.ts'
import { uidOf } from '../pods/containers.ts'
import type { CgroupLimits } from '../seams/cgroups.ts'
import { milliCpuToQuota, milliCpuToShares, minShares } from './cpu.ts'
import { isLimited, podLimits, podRequests, qosOf } from './pod-resources.ts'

/** Limits of a pod's cgroup as a whole: of what every container limits. */
export function podCgroupLimits(pod: Pod, policy: ResourcePolicy, pids: number | undefined): CgroupLimits {
  const requests = podRequests(pod)
  const limits = podLimits(pod)
  const qos = qosOf(pod)
  const period = policy.cpuCfsQuotaPeriodMicros
  const isLimitedInTime = policy.cpuCfsQuota && !policy.hasExclusiveCpus(uidOf(pod))
  const quota = isLimitedInTime ? milliCpuToQuota(limits.get('cpu')?.milliValue() ?? 0, period) : -1
  const hugePages = policy.hugePageSizes.map((pageSize) => ({
    pageSize,
    bytes: requests.get(`hugepages-${pageSize.replace(/B$/, 'i')}`)?.value() ?? 0,
  }))
  return {
    cpuShares: qos === 'BestEffort' ? minShares : milliCpuToShares(requests.get('cpu')?.milliValue() ?? 0),
    ...(qos !== 'BestEffort' && isLimited(pod, 'cpu') ? { cpuQuotaMicros: quota, cpuPeriodMicros: period } : {}),
    ...(qos !== 'BestEffort' && isLimited(pod, 'memory') ? { memoryBytes: limits.get('memory')?.value() ?? 0 } : {}),
    ...(hugePages.length > 0 ? { hugePages } : {}),
    ...(pids !== undefined && pids > 0 ? { pids } : {}),
  }
}
