import type { Amounts } from '#machinery'
import type { Container, Pod, PodSpec } from '#api/core/v1'
import { podAmounts } from '#machinery'
import { allContainers, specOf } from '../pods/containers.ts'
import { milliOf } from './lists.ts'

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

/** The pod's quality of service: what the API server said, else what its requests and limits make it. */
export function qosOf(pod: Pod): QosClass {
  return pod.status?.qosClass ?? computeQos(pod)
}

function computeQos(pod: Pod): QosClass {
  const spec = specOf(pod)
  const podLevel = spec.resources
  const containers = podLevel?.requests || podLevel?.limits ? [podLevel] : containerResources(spec)
  let isBestEffort = true
  let isGuaranteed = true
  for (const resources of containers) {
    for (const name of ['cpu', 'memory']) {
      const request = milliOf(resources?.requests, name)
      const limit = milliOf(resources?.limits, name)
      if (request > 0 || limit > 0) isBestEffort = false
      if (limit === 0 || (resources?.requests?.[name] !== undefined && request !== limit)) isGuaranteed = false
    }
  }
  if (isBestEffort) return 'BestEffort'
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}

const containerResources = (spec: PodSpec): Container['resources'][] =>
  [...(spec.initContainers ?? []), ...spec.containers].map(({ resources }) => resources)

export interface PodResourceOptions {
  /** Leaves out what the runtime class costs. */
  readonly withoutOverhead?: boolean
}

/** What a pod asks for. */
export function podRequests(pod: Pod, { withoutOverhead = false }: PodResourceOptions = {}): Amounts {
  return podAmounts(pod, 'requests', { overhead: !withoutOverhead })
}

/** What a pod may use at most. */
export function podLimits(pod: Pod, { withoutOverhead = false }: PodResourceOptions = {}): Amounts {
  return podAmounts(pod, 'limits', { overhead: !withoutOverhead })
}

/** Whether every container (or the pod as a whole) has a limit of a resource. */
export function isLimited(pod: Pod, name: 'cpu' | 'memory'): boolean {
  const spec = specOf(pod)
  if (milliOf(spec.resources?.limits, name) > 0) return true
  return allContainers({ ...pod, spec: { ...spec, ephemeralContainers: [] } }).every(
    (container) => milliOf('resources' in container ? container.resources?.limits : undefined, name) > 0,
  )
}

/** Resources that are the pod's as a whole are not any container's. */
export function hasOwnResources(pod: Pod): boolean {
  const { requests = {}, limits = {} } = specOf(pod).resources ?? {}
  return Object.keys(requests).length + Object.keys(limits).length > 0
}
