import type { Pod } from '#api/core/v1'
import { isCriticalPod, specOf } from '../pods/containers.ts'
import { podRequests, qosOf } from '../resources/pod-resources.ts'
import type { Shortage } from './fit.ts'

/** As events and statuses of those who make room name it. */
export const preempting = {
  reason: 'Preempting',
  message: 'Preempted in order to admit critical pod',
  disruption: 'Pod was preempted by Kubelet to accommodate a critical pod.',
} as const

/**
 * Pods that make room for a critical one: as few as possible, pods without requests before burstable ones and these before
 * guaranteed ones, and among equals those that ask for least.
 *
 * @returns `undefined` when all that may go would not make enough room.
 */
export function podsToPreempt(
  pod: Pod,
  active: readonly Pod[],
  lacking: readonly Shortage[],
): readonly Pod[] | undefined {
  const may = active.filter((other) => isPreemptable(pod, other))
  const of = (qos: string): Pod[] => may.filter((other) => qosOf(other) === qos)
  const [bestEffort, burstable, guaranteed] = [of('BestEffort'), of('Burstable'), of('Guaranteed')]
  const first = nearest(guaranteed, without(lacking, [...bestEffort, ...burstable]))
  const second = first && nearest(burstable, without(lacking, [...bestEffort, ...first]))
  const third = first && second && nearest(bestEffort, without(lacking, [...second, ...first]))
  return third && [...third, ...second, ...first]
}

function isPreemptable(pod: Pod, other: Pod): boolean {
  if (isCriticalPod(pod) && !isCriticalPod(other)) return true
  const [own, theirs] = [specOf(pod).priority, specOf(other).priority]
  return own !== undefined && theirs !== undefined && own > theirs
}

function requestOf(pod: Pod, resource: string): number {
  if (resource === 'pods') return 1
  const request = podRequests(pod).get(resource)
  return (resource === 'cpu' ? request?.milliValue() : request?.value()) ?? 0
}

/** What is still lacking once some pods are gone. */
function without(lacking: readonly Shortage[], pods: readonly Pod[]): readonly Shortage[] {
  return lacking.flatMap(({ resource, quantity }) => {
    const left = pods.reduce((sum, pod) => sum - requestOf(pod, resource), quantity)
    return left > 0 ? [{ resource, quantity: left }] : []
  })
}

/** Takes the pod that comes nearest to what is lacking, until nothing is. */
function nearest(pods: readonly Pod[], lacking: readonly Shortage[]): Pod[] | undefined {
  const chosen: Pod[] = []
  const left = [...pods]
  for (let open = lacking; open.length > 0;) {
    let best: Pod | undefined
    for (const pod of left) if (!best || isBetter(pod, best, open)) best = pod
    if (!best) return undefined
    chosen.push(best)
    left.splice(left.indexOf(best), 1)
    open = without(open, [best])
  }
  return chosen
}

function isBetter(pod: Pod, best: Pod, lacking: readonly Shortage[]): boolean {
  const [a, b] = [distance(pod, lacking), distance(best, lacking)]
  if (a !== b) return a < b
  for (const resource of ['memory', 'cpu']) {
    const [own, other] = [requestOf(pod, resource), requestOf(best, resource)]
    if (own !== other) return own < other
  }
  return true
}

function distance(pod: Pod, lacking: readonly Shortage[]): number {
  return lacking.reduce((sum, { resource, quantity }) => {
    const rest = quantity - requestOf(pod, resource)
    return rest > 0 ? sum + (rest / quantity) ** 2 : sum
  }, 0)
}
