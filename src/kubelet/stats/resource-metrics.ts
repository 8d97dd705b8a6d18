import { millisOf, parseTime } from '#machinery'
import { expose, family, type Labels, type Sample } from './exposition.ts'
import type { Reading } from './summary.ts'
import type { CpuStats, MemoryStats, SwapStats } from './types.ts'

interface Used {
  readonly cpu?: CpuStats
  readonly memory?: MemoryStats
  readonly swap?: SwapStats
}

/** `/metrics/resource`: what autoscalers and `kubectl top` live on, who need to know to the millisecond when it was read. */
export function resourceMetrics({ at, summary: { node, pods } }: Reading): string {
  const [cpu, memory, swap] = [cpuAt(at), memoryAt(at), swapAt(at)]
  const containers = pods.flatMap(({ podRef, containers: own }) =>
    own.map((stats) => ({ labels: labelsOf(stats.name, podRef), stats })),
  )
  const ofPods = pods.map((stats) => ({
    labels: { namespace: stats.podRef.namespace, pod: stats.podRef.name },
    stats,
  }))
  const ofNode = [{ labels: {}, stats: node }]
  const started = containers.map(({ labels, stats }): Sample => ({ labels, value: secondsOf(stats.startTime) }))
  return expose([
    family(
      'container_cpu_usage_seconds_total',
      'counter',
      `[STABLE] Cumulative cpu time consumed by the container in core-seconds`,
      cpu(containers),
    ),
    family(
      'container_memory_working_set_bytes',
      'gauge',
      '[STABLE] Current working set of the container in bytes',
      memory(containers),
    ),
    family(
      'container_start_time_seconds',
      'gauge',
      '[STABLE] Start time of the container since unix epoch in seconds',
      started,
    ),
    family(
      'container_swap_usage_bytes',
      'gauge',
      '[ALPHA] Current amount of the container swap usage in bytes. Reported only on non-windows systems',
      swap(containers),
    ),
    family(
      'container_swap_limit_bytes',
      'gauge',
      '[ALPHA] Current amount of the container swap limit in bytes. Reported only on non-windows systems',
      swapLimitsAt(at)(containers),
    ),
    family(
      'node_cpu_usage_seconds_total',
      'counter',
      '[STABLE] Cumulative cpu time consumed by the node in core-seconds',
      cpu(ofNode),
    ),
    family(
      'node_memory_working_set_bytes',
      'gauge',
      '[STABLE] Current working set of the node in bytes',
      memory(ofNode),
    ),
    family(
      'node_swap_usage_bytes',
      'gauge',
      '[ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems',
      swap(ofNode),
    ),
    family(
      'pod_cpu_usage_seconds_total',
      'counter',
      '[STABLE] Cumulative cpu time consumed by the pod in core-seconds',
      cpu(ofPods),
    ),
    family('pod_memory_working_set_bytes', 'gauge', '[STABLE] Current working set of the pod in bytes', memory(ofPods)),
    family(
      'pod_swap_usage_bytes',
      'gauge',
      '[ALPHA] Current amount of the pod swap usage in bytes. Reported only on non-windows systems',
      swap(ofPods),
    ),
    family(
      'resource_scrape_error',
      'gauge',
      '[STABLE] 1 if there was an error while getting container metrics, 0 otherwise',
      [{ labels: {}, value: 0 }],
    ),
  ])
}

const labelsOf = (
  container: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Labels => ({
  container,
  namespace,
  pod: name,
})

interface Labelled {
  readonly labels: Labels
  readonly stats: Used
}

const secondsOf = (time: string): number => millisOf(parseTime(time)) / 1000

type Samples = (list: readonly Labelled[]) => Sample[]

const cpuAt =
  (at: number): Samples =>
  (list) =>
    list.flatMap(({ labels, stats }) =>
      stats.cpu ? [{ labels, value: stats.cpu.usageCoreNanoSeconds / 1e9, at }] : [],
    )
const memoryAt =
  (at: number): Samples =>
  (list) =>
    list.flatMap(({ labels, stats }) => (stats.memory ? [{ labels, value: stats.memory.workingSetBytes, at }] : []))
const swapAt =
  (at: number): Samples =>
  (list) =>
    list.flatMap(({ labels, stats }) => (stats.swap ? [{ labels, value: stats.swap.swapUsageBytes, at }] : []))
const swapLimitsAt =
  (at: number): Samples =>
  (list) =>
    list.flatMap(({ labels, stats: { swap } }) =>
      swap?.swapAvailableBytes === undefined
        ? []
        : [{ labels, value: swap.swapAvailableBytes + swap.swapUsageBytes, at }],
    )
