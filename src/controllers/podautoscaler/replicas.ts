import type { Pod } from '#api/core/v1'
import { Quantity } from '#machinery'
import { isPodReady, podCondition } from '../common/pods/state.ts'
import type { PodMetric, PodMetrics } from './metrics.ts'

/** How far from its goal a ratio may be without anything being done: 0.1 is a tenth. */
export interface Tolerances {
  readonly down: number
  readonly up: number
}

export interface Proposal {
  readonly replicas: number
  /** Thousandths: what one pod uses on average, or the metric as it is. */
  readonly usage: number
  /** Percent of what the pods ask for. */
  readonly utilization?: number
}

/** What stays the same during one look at a target. */
export interface Target {
  readonly pods: readonly Pod[]
  readonly currentReplicas: number
  readonly tolerances: Tolerances
  /** Milliseconds since 1970. */
  readonly now: number
}

const cpuInitializationMs = 300_000
const initialReadinessMs = 30_000

const isWithin = ({ down, up }: Tolerances, ratio: number): boolean => 1 - down <= ratio && ratio <= 1 + up

interface Groups {
  readonly ready: number
  readonly unready: ReadonlySet<string>
  readonly missing: ReadonlySet<string>
  readonly ignored: ReadonlySet<string>
}

function groupPods(pods: readonly Pod[], metrics: PodMetrics, resource: string, now: number): Groups {
  let ready = 0
  const unready = new Set<string>()
  const missing = new Set<string>()
  const ignored = new Set<string>()
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata
    const metric = metrics.get(name)
    if (deletionTimestamp !== undefined || pod.status?.phase === 'Failed') ignored.add(name)
    else if (pod.status?.phase === 'Pending') unready.add(name)
    else if (!metric) missing.add(name)
    else if (resource === 'cpu' && isStarting(pod, metric, now)) unready.add(name)
    else ready++
  }
  return { ready, unready, missing, ignored }
}

/** While a pod starts its usage of CPU tells nothing. */
function isStarting(pod: Pod, metric: PodMetric, now: number): boolean {
  const condition = podCondition(pod, 'Ready')
  const { startTime } = pod.status ?? {}
  if (!condition || startTime === undefined) return true
  const started = Date.parse(startTime)
  const changed = condition.lastTransitionTime === undefined ? -Infinity : Date.parse(condition.lastTransitionTime)
  if (started + cpuInitializationMs > now) {
    return condition.status === 'False' || metric.timestamp < changed + metric.windowMs
  }
  return condition.status === 'False' && started + initialReadinessMs > changed
}

interface Ratio {
  readonly ratio: number
  readonly usage: number
  readonly utilization?: number
}

/**
 * Replicas that bring pods' usage to its goal. Pods without a metric are taken to use what makes the change smaller;
 * those that are not ready use nothing when there are to be more.
 *
 * @param ratioOf usage over its goal. @param assumed what a pod without a metric uses, when there are to be fewer.
 */
function replicasFor(
  { pods, currentReplicas, tolerances, now }: Target,
  received: PodMetrics,
  resource: string,
  ratioOf: (metrics: PodMetrics) => Ratio,
  assumed: (pod: string) => number,
): Proposal {
  if (pods.length === 0) throw new Error('no pods returned by selector while calculating replica count')
  const { ready, unready, missing, ignored } = groupPods(pods, received, resource, now)
  const metrics = new Map<string, PodMetric>()
  for (const [name, metric] of received) if (!ignored.has(name) && !unready.has(name)) metrics.set(name, metric)
  if (metrics.size === 0) throw new Error('did not receive metrics for targeted pods (pods might be unready)')
  const { ratio, ...shown } = ratioOf(metrics)
  const stay = { replicas: currentReplicas, ...shown }
  const countsUnready = unready.size > 0 && ratio > 1
  if (!countsUnready && missing.size === 0) {
    return isWithin(tolerances, ratio) ? stay : { replicas: Math.ceil(ratio * ready), ...shown }
  }
  const suppose = (name: string, value: number): unknown => metrics.set(name, { value, timestamp: 0, windowMs: 0 })
  if (ratio < 1) for (const name of missing) suppose(name, assumed(name))
  else if (ratio > 1) for (const name of missing) suppose(name, 0)
  if (countsUnready) for (const name of unready) suppose(name, 0)
  const next = ratioOf(metrics).ratio
  if (isWithin(tolerances, next) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return stay
  const replicas = Math.ceil(next * metrics.size)
  const turns = (next < 1 && replicas > currentReplicas) || (next > 1 && replicas < currentReplicas)
  return turns ? stay : { replicas, ...shown }
}

/** By how much of what they ask for the pods use, in percent. */
export function replicasByUtilization(
  target: Target,
  metrics: PodMetrics,
  goal: { readonly resource: string; readonly percent: number; readonly container?: string | undefined },
): Proposal {
  let requests: ReadonlyMap<string, number> | undefined
  const requestOf = (pod: string): number => requests?.get(pod) ?? 0
  const ratioOf = (counted: PodMetrics): Ratio => {
    requests ??= requestsOf(target.pods, goal.container, goal.resource)
    let used = 0
    let asked = 0
    let entries = 0
    for (const [pod, { value }] of counted) {
      if (!requests.has(pod)) continue
      used += value
      asked += requestOf(pod)
      entries++
    }
    if (asked === 0) throw new Error('no metrics returned matched known pods')
    const utilization = Math.trunc((used * 100) / asked)
    return { ratio: utilization / goal.percent, usage: Math.trunc(used / entries), utilization }
  }
  const assumed = (pod: string): number => Math.trunc((requestOf(pod) * Math.max(100, goal.percent)) / 100)
  return replicasFor(target, metrics, goal.resource, ratioOf, assumed)
}

/** By what one pod uses on average. @param goal thousandths. @param resource empty for a metric that is none. */
export function replicasByUsage(target: Target, metrics: PodMetrics, goal: number, resource: string): Proposal {
  const ratioOf = (counted: PodMetrics): Ratio => {
    let used = 0
    for (const { value } of counted.values()) used += value
    const usage = Math.trunc(used / counted.size)
    return { ratio: usage / goal, usage }
  }
  return replicasFor(target, metrics, resource, ratioOf, () => goal)
}

/** By a metric of something else, that more replicas bring down. */
export function replicasByValue({ pods, currentReplicas, tolerances }: Target, usage: number, goal: number): Proposal {
  const ratio = usage / goal
  if (currentReplicas === 0) return { replicas: Math.ceil(ratio), usage }
  if (isWithin(tolerances, ratio)) return { replicas: currentReplicas, usage }
  if (pods.length === 0) {
    const problem = 'no pods returned by selector while calculating replica count'
    throw new Error(`unable to calculate ready pods: ${problem}`)
  }
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isPodReady(pod)).length
  return { replicas: Math.min(Math.ceil(ratio * ready), maxReplicas), usage }
}

const maxReplicas = 2 ** 31 - 1

/** By a metric of something else that is shared among the pods. */
export function replicasByShare(
  { tolerances }: Pick<Target, 'tolerances'>,
  statusReplicas: number,
  usage: number,
  goal: number,
): Proposal {
  const ratio = usage / (goal * statusReplicas)
  const replicas = isWithin(tolerances, ratio) ? statusReplicas : Math.min(Math.ceil(usage / goal), maxReplicas)
  return { replicas, usage: statusReplicas === 0 ? usage : Math.ceil(usage / statusReplicas) }
}

function requestsOf(pods: readonly Pod[], container: string | undefined, resource: string): Map<string, number> {
  return new Map(pods.map((pod) => [pod.metadata.name ?? '', requestOfPod(pod, container, resource)]))
}

function requestOfPod({ metadata, spec }: Pod, container: string | undefined, resource: string): number {
  const { name: podName = '' } = metadata
  if (container === undefined && spec.resources?.requests && Object.keys(spec.resources.requests).length > 0) {
    const request = spec.resources.requests[resource]
    if (request !== undefined) return Quantity.parse(request).milliValue()
  }
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  let total = 0
  for (const { name, resources } of [...spec.containers, ...sidecars]) {
    if (container !== undefined && container !== name) continue
    const request = resources?.requests?.[resource]
    if (request === undefined) {
      throw new Error(`missing request for ${resource} in container ${name} of Pod ${podName}`)
    }
    total += Quantity.parse(request).milliValue()
    if (container === name) return total
  }
  if (container !== undefined) throw new Error(`container ${container} not found in Pod ${podName}`)
  return total
}
