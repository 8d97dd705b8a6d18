import type { Container, Pod } from '#api/core/v1'
import { containerResources } from '../containers/resources.ts'
import { uidOf } from '../pods/containers.ts'
import { podCgroupLimits } from '../resources/pod-cgroup.ts'
import { qosOf } from '../resources/pod-resources.ts'
import type { CgroupLimits } from '../seams/cgroups.ts'
import type { NodeServices } from '../services.ts'
import { effectiveSizes } from './sizes.ts'

export interface ContainerToUpdate {
  readonly id: string
  readonly container: Container
}

/**
 * Puts granted sizes into effect without a restart: what widens the pod as a whole first, then its containers, then what
 * narrows the pod, so that no container is ever wider than its pod.
 *
 * @throws Error when a new limit lies below what is in use, before anything is changed, or when a step fails.
 */
export async function resizePod(
  services: NodeServices,
  pod: Pod,
  updates: readonly ContainerToUpdate[],
): Promise<void> {
  const { cgroups, runtime, cache, allocations } = services
  const [uid, qos] = [uidOf(pod), qosOf(pod)]
  const wanted = podCgroupLimits(pod, services.resources(), services.podPidsLimit)
  const current = await cgroups.limits(uid, qos)
  await refuseTooNarrow(services, pod, updates, wanted, current)
  const { wider, narrower } = difference(current, wanted)
  if (wider) await cgroups.update(uid, qos, wider)
  for (const { id, container } of updates) {
    await runtime.updateContainerResources(id, containerResources(pod, container, services.resources()))
    allocations.setActuated(pod, container.name, effectiveSizes(pod, container))
    await cache.refresh(id)
  }
  if (narrower) await cgroups.update(uid, qos, narrower)
  allocations.setActuatedWhole(pod)
}

async function refuseTooNarrow(
  { cgroups, allocations }: NodeServices,
  pod: Pod,
  updates: readonly ContainerToUpdate[],
  wanted: CgroupLimits,
  current: CgroupLimits,
): Promise<void> {
  const isLess = (limit: number, before: number): boolean => limit > 0 && (before === 0 || limit < before)
  const ofPod = isLess(wanted.memoryBytes ?? 0, current.memoryBytes ?? 0)
  const ofContainers = updates.filter(({ container }) =>
    isLess(effectiveSizes(pod, container).memoryLimit, allocations.actuated(pod, container).memoryLimit),
  )
  if (!ofPod && ofContainers.length === 0) return
  const usage = await cgroups.usage(uidOf(pod), qosOf(pod))
  if (!usage) throw new Error(`unable to read memory usage for pod`)
  const errors: string[] = []
  const inUse = usage.whole.memory.usageBytes
  if (ofPod && inUse >= (wanted.memoryBytes ?? 0)) {
    errors.push(`attempting to set pod memory limit (${wanted.memoryBytes}) below current usage (${inUse})`)
  }
  for (const { id, container } of ofContainers) {
    const limit = effectiveSizes(pod, container).memoryLimit
    const own = usage.containers.get(id)?.memory.usageBytes
    if (own !== undefined && own >= limit) {
      const name = JSON.stringify(container.name)
      errors.push(`attempting to set container ${name} memory limit (${limit}) below current usage (${own})`)
    }
  }
  if (errors.length === 0) return
  throw new Error(`cannot decrease memory limits: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`)
}

/** Limits that grow and limits that shrink; none is the widest. */
function difference(
  current: CgroupLimits,
  wanted: CgroupLimits,
): { readonly wider?: CgroupLimits; readonly narrower?: CgroupLimits } {
  const wider: { -readonly [name in keyof CgroupLimits]: CgroupLimits[name] } = {}
  const narrower: typeof wider = {}
  const width = (limit: number | undefined): number => (limit === undefined || limit <= 0 ? Infinity : limit)
  const { cpuShares, cpuQuotaMicros, cpuPeriodMicros, memoryBytes } = wanted
  if (cpuShares !== undefined && cpuShares !== current.cpuShares) {
    Object.assign(cpuShares > (current.cpuShares ?? 0) ? wider : narrower, { cpuShares })
  }
  if (cpuQuotaMicros !== undefined && width(cpuQuotaMicros) !== width(current.cpuQuotaMicros)) {
    const grows = width(cpuQuotaMicros) > width(current.cpuQuotaMicros)
    Object.assign(grows ? wider : narrower, { cpuQuotaMicros, cpuPeriodMicros })
  }
  if (memoryBytes !== undefined && width(memoryBytes) !== width(current.memoryBytes)) {
    Object.assign(width(memoryBytes) > width(current.memoryBytes) ? wider : narrower, { memoryBytes })
  }
  return {
    ...(Object.keys(wider).length > 0 ? { wider } : {}),
    ...(Object.keys(narrower).length > 0 ? { narrower } : {}),
  }
}
