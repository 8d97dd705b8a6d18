import type { ResourceList } from '#machinery'
import type { ContainerStatus, Pod, ResourceRequirements } from '#api/core/v1'
import { Quantity } from '#machinery'
import { containerNamed } from '../pods/containers.ts'
import { unitsOf, milliOf } from '../resources/lists.ts'
import { quotaToMilliCpu, sharesToMilliCpu } from '../resources/cpu.ts'
import type { ContainerObservation } from '../runtime/pod-runtime.ts'

/** Smallest shares that a cgroup can have, and the smallest CPU limit: below them the cgroup can't say what was asked. */
const leastShares = 2
const leastMilliLimit = 10

/** The resource fields of a container's status: what was granted, and what the runtime has put into effect. */
export function resourcesOfStatus(
  pod: Pod,
  container: ContainerObservation,
  old: ContainerStatus | undefined,
  containerID: string,
  memoryRequest: number | undefined,
): Pick<ContainerStatus, 'resources' | 'allocatedResources'> {
  const spec = containerNamed(pod, container.name)
  if (!spec) return {}
  const granted = spec.resources ?? {}
  const allocated = granted.requests && Object.keys(granted.requests).length > 0 ? granted.requests : undefined
  const isSame = container.state === 'running' && old?.state?.running && old.containerID === containerID
  const before = isSame ? old.resources : undefined
  return {
    resources: container.state === 'running' ? inEffect(granted, container, before, memoryRequest) : granted,
    ...(allocated ? { allocatedResources: allocated } : {}),
  }
}

function inEffect(
  granted: ResourceRequirements,
  { resources = {} }: ContainerObservation,
  before: ResourceRequirements | undefined,
  memoryRequest: number | undefined,
): ResourceRequirements {
  const { limits, requests } = granted
  const quota = resources.cpuPeriod ? quotaToMilliCpu(resources.cpuQuota ?? 0, resources.cpuPeriod) : 0
  const shares = resources.cpuShares ? sharesToMilliCpu(resources.cpuShares) : 0
  const memory = resources.memoryLimitInBytes ?? 0
  return {
    ...granted,
    ...(limits
      ? {
          limits: withValues(limits, {
            cpu: cpu(limits, quota, leastMilliLimit, before?.limits),
            memory: memory > 0 ? Quantity.of(memory, 0, 'BinarySI').toString() : before?.limits?.['memory'],
          }),
        }
      : {}),
    ...(requests
      ? {
          requests: withValues(requests, {
            cpu: cpu(requests, shares, leastShares, before?.requests),
            memory: requestedMemory(requests, memoryRequest) ?? before?.requests?.['memory'],
          }),
        }
      : {}),
  }
}

/** Runtimes know nothing of memory requests: what was put into effect last, in the words of the wish if it is the same. */
function requestedMemory(wished: ResourceList, bytes: number | undefined): string | undefined {
  if (bytes === undefined || bytes === 0) return undefined
  return unitsOf(wished, 'memory') === bytes ? wished['memory'] : Quantity.of(bytes, 0, 'BinarySI').toString()
}

/** What the runtime has, unless both it and the wish are too small to be told apart. */
function cpu(wished: ResourceList, milli: number, least: number, before: ResourceList | undefined): string | undefined {
  if (milli === 0) return before?.['cpu']
  return milli > least || milliOf(wished, 'cpu') > least ? Quantity.ofMilli(milli).toString() : undefined
}

function withValues(
  list: ResourceList,
  values: { readonly cpu: string | undefined; readonly memory: string | undefined },
): ResourceList {
  const { cpu, memory } = values
  return { ...list, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }
}
