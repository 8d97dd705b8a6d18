import type { Container, Pod, PodSpec } from '#api/core/v1'
import { allContainers, isRestartableInitContainer, specOf } from '../pods/containers.ts'
import { addTo, milliOf, raiseTo, type Amounts, type ResourceList } from './lists.ts'

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

/** Resources that a pod may ask for as a whole. */
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

export interface PodResourceOptions {
  /** Leaves out what the runtime class costs. */
  readonly withoutOverhead?: boolean
}

/**
 * What a pod asks for: its app containers and sidecars together, or its hungriest moment of initialization where that
 * is more; what the pod asks for as a whole goes before that.
 */
export function podRequests(pod: Pod, options: PodResourceOptions = {}): Amounts {
  const spec = specOf(pod)
  const sum = aggregated(spec, ({ resources }) => resources?.requests)
  override(sum, spec.resources?.requests)
  if (!options.withoutOverhead) addTo(sum, spec.overhead)
  return sum
}

/** What a pod may use at most, by the same rule; overhead widens limits that exist. */
export function podLimits(pod: Pod, options: PodResourceOptions = {}): Amounts {
  const spec = specOf(pod)
  const sum = aggregated(spec, ({ resources }) => resources?.limits)
  override(sum, spec.resources?.limits)
  if (!options.withoutOverhead && spec.overhead) {
    const limited = Object.entries(spec.overhead).filter(([name]) => !(sum.get(name)?.isZero() ?? true))
    addTo(sum, Object.fromEntries(limited))
  }
  return sum
}

function aggregated(spec: PodSpec, of: (container: Container) => ResourceList | undefined): Amounts {
  const sum: Amounts = new Map()
  for (const container of spec.containers) addTo(sum, of(container))
  const sidecars: Amounts = new Map()
  const init: Amounts = new Map()
  for (const container of spec.initContainers ?? []) {
    if (isRestartableInitContainer(container)) {
      addTo(sum, of(container))
      addTo(sidecars, of(container))
      raiseTo(init, sidecars)
    } else {
      const moment: Amounts = new Map(sidecars)
      addTo(moment, of(container))
      raiseTo(init, moment)
    }
  }
  raiseTo(sum, init)
  return sum
}

function override(sum: Amounts, podLevel: ResourceList | undefined): void {
  if (!podLevel) return
  const own: Amounts = new Map()
  addTo(own, podLevel)
  for (const [name, value] of own) if (isPodLevel(name)) sum.set(name, value)
}

/** Whether every container (or the pod as a whole) has a limit of a resource. */
export function isLimited(pod: Pod, name: 'cpu' | 'memory'): boolean {
  const spec = specOf(pod)
  if (milliOf(spec.resources?.limits, name) > 0) return true
  return allContainers({ ...pod, spec: { ...spec, ephemeralContainers: [] } }).every(
    (container) => milliOf('resources' in container ? container.resources?.limits : undefined, name) > 0,
  )
}
