import type { Pod } from '#api/core/v1'
import { amountOf, Quantity } from '#machinery'
import { specOf } from '../pods/containers.ts'
import type { ContainerStatsSummary, PodStatsSummary } from '../stats/types.ts'
import { limitOf, signals, type Observations, type Threshold } from './thresholds.ts'

/** Reason in the status of a pod that was evicted. */
export const evictedReason = 'Evicted'

const bytes = (value: number): Quantity => Quantity.of(value, 0, 'BinarySI')

/** Why a pod was evicted, as people read it. */
export function evictionMessage(
  pod: Pod,
  stats: PodStatsSummary | undefined,
  threshold: Threshold,
  observations: Observations,
): string {
  const { resource } = signals[threshold.signal]
  const observation = observations.get(threshold.signal)
  let message = `The node was low on resource: ${resource}. `
  if (observation) {
    message += `Threshold quantity: ${limitOf(threshold, observation).toString()}, available: ${observation.available.toString()}. `
  }
  const { containers, initContainers = [] } = specOf(pod)
  for (const own of stats?.containers ?? []) {
    const container = [...containers, ...initContainers].find(({ name }) => name === own.name)
    const used = container ? usageOf(own, resource) : undefined
    const asked = container?.resources?.requests?.[resource]
    const request = asked === undefined ? Quantity.zero : amountOf(asked)
    if (used === undefined || used.compare(request) <= 0) continue
    message += `Container ${own.name} was using ${used.toString()}, request is ${request.toString()}, has larger consumption of ${resource}. `
  }
  return message
}

function usageOf({ memory, rootfs, logs }: ContainerStatsSummary, resource: string): Quantity | undefined {
  if (resource === 'memory') return memory && bytes(memory.workingSetBytes)
  if (resource !== 'ephemeral-storage' || !rootfs || !logs) return undefined
  return bytes((rootfs.usedBytes ?? 0) + (logs.usedBytes ?? 0))
}
