import type { Pod } from '#api/core/v1'
import { amountOf, Quantity } from '#machinery'
import { specOf } from '../pods/containers.ts'
import { hasOwnResources } from '../resources/pod-resources.ts'
import type { ContainerStatsSummary, PodStatsSummary } from '../stats/types.ts'
import { limitOf, signals, type Observations, type Threshold } from './thresholds.ts'

/** Reason in the status of a pod that was evicted. */
export const evictedReason = 'Evicted'

/** Why a pod was evicted. */
export interface EvictionReport {
  /** For people. */
  readonly message: string
  /** Of the event, for programs; absent where nothing is known of what the pod uses. */
  readonly annotations?: { readonly [key: string]: string }
}

const bytes = (value: number): Quantity => Quantity.of(value, 0, 'BinarySI')

/** What people and programs are told of a pod that is evicted for what the node lacks. */
export function evictionReport(
  pod: Pod,
  stats: PodStatsSummary | undefined,
  threshold: Threshold,
  observations: Observations,
): EvictionReport {
  const { resource } = signals[threshold.signal]
  const low = lowMessage(threshold, observations)
  if (!stats) return { message: low }
  const whole = wholePod(pod, stats, resource)
  const offending = offendersOf(pod, stats, resource)
  const described = [...(whole ? [whole] : []), ...offending].map(({ kind, name, used, request }) => {
    return `${kind} ${name} was using ${used}, request is ${request}, has larger consumption of ${resource}. `
  })
  return {
    message: low + described.join(''),
    annotations: {
      ...(whole && { offending_pod: whole.name, offending_pod_usage: whole.used }),
      offending_containers: offending.map(({ name }) => name).join(','),
      offending_containers_usage: offending.map(({ used }) => used).join(','),
      starved_resource: resource,
    },
  }
}

function lowMessage(threshold: Threshold, observations: Observations): string {
  const observation = observations.get(threshold.signal)
  const low = `The node was low on resource: ${signals[threshold.signal].resource}. `
  if (!observation) return low
  const limit = limitOf(threshold, observation).toString()
  return `${low}Threshold quantity: ${limit}, available: ${observation.available.toString()}. `
}

interface Offender {
  readonly kind: 'Pod' | 'Container'
  readonly name: string
  readonly used: string
  readonly request: string
}

/** A pod that asks for memory as a whole is told of as a whole, however little it uses. */
function wholePod(pod: Pod, { memory }: PodStatsSummary, resource: string): Offender | undefined {
  const request = specOf(pod).resources?.requests?.[resource]
  if (resource !== 'memory' || !memory || request === undefined || !hasOwnResources(pod)) return undefined
  const used = bytes(memory.workingSetBytes).toString()
  return { kind: 'Pod', name: pod.metadata.name ?? '', used, request: amountOf(request).toString() }
}

/** Containers that use more than they asked for. */
function offendersOf(pod: Pod, stats: PodStatsSummary, resource: string): Offender[] {
  const { containers, initContainers = [] } = specOf(pod)
  return stats.containers.flatMap((own): Offender[] => {
    const container = [...containers, ...initContainers].find(({ name }) => name === own.name)
    const used = container && usageOf(own, resource)
    const asked = container?.resources?.requests?.[resource]
    const request = asked === undefined ? Quantity.zero : amountOf(asked)
    if (!used || used.compare(request) <= 0) return []
    return [{ kind: 'Container', name: own.name, used: used.toString(), request: request.toString() }]
  })
}

function usageOf({ memory, rootfs, logs }: ContainerStatsSummary, resource: string): Quantity | undefined {
  if (resource === 'memory') return memory && bytes(memory.workingSetBytes)
  if (resource !== 'ephemeral-storage' || !rootfs || !logs) return undefined
  return bytes((rootfs.usedBytes ?? 0) + (logs.usedBytes ?? 0))
}
