import type { Pod } from '#api/core/v1'
import { amountOf } from '#machinery'
import { specOf, uidOf } from '../pods/containers.ts'
import { hasOwnResources, podRequests } from '../resources/pod-resources.ts'
import type { FsStats, PodStatsSummary } from '../stats/types.ts'
import { fileSystemOf, ofPodsOn, type Layout } from './layout.ts'
import { signals, type Signal } from './thresholds.ts'

interface Row {
  readonly pod: Pod
  readonly isKnown: boolean
  readonly exceeds: boolean
  readonly priority: number
  /** What it uses more than it asked for. */
  readonly beyond: number
}

/** Negative when the first goes before the second. */
type Compare = (a: Row, b: Row) => number

const trueFirst = (a: boolean, b: boolean): number => Number(b) - Number(a)
const unknownFirst: Compare = (a, b) => trueFirst(!a.isKnown, !b.isKnown)
const exceedingFirst: Compare = (a, b) => trueFirst(a.exceeds, b.exceeds)
const lowestFirst: Compare = (a, b) => a.priority - b.priority
const largestFirst: Compare = (a, b) => b.beyond - a.beyond

/**
 * Pods in the order in which they go when something runs out: those of which nothing is known, then those that use more of
 * it than they asked for, then by priority, then by how much they use beyond what they asked for. Nobody asks for
 * processes: there priority comes first.
 */
export function ranked(
  pods: readonly Pod[],
  stats: ReadonlyMap<string, PodStatsSummary>,
  signal: Signal,
  layout: Layout,
): Pod[] {
  const { resource } = signals[signal]
  const rows = pods.map((pod): Row => {
    const own = stats.get(uidOf(pod))
    const used = own ? usageOf(pod, own, signal, layout) : 0
    return {
      pod,
      isKnown: own !== undefined,
      exceeds: used > requestOf(pod, resource),
      priority: specOf(pod).priority ?? 0,
      beyond: used - requestOf(pod, resource === 'inodes' ? 'ephemeral-storage' : resource),
    }
  })
  const order =
    resource === 'pids'
      ? [lowestFirst, unknownFirst, largestFirst]
      : [unknownFirst, exceedingFirst, lowestFirst, largestFirst]
  rows.sort((a, b) => order.map((compare) => compare(a, b)).find((result) => result !== 0) ?? 0)
  return rows.map(({ pod }) => pod)
}

function usageOf(pod: Pod, stats: PodStatsSummary, signal: Signal, layout: Layout): number {
  switch (signals[signal].resource) {
    case 'memory':
      return stats.memory?.workingSetBytes ?? 0
    case 'pids':
      return stats.process_stats?.process_count ?? 0
    case 'ephemeral-storage':
      return sum(written(pod, stats, signal, layout), 'usedBytes')
    case 'inodes':
      return sum(written(pod, stats, signal, layout), 'inodesUsed')
  }
}

/** What a pod keeps on the file system that runs full. */
function written(pod: Pod, stats: PodStatsSummary, signal: Signal, layout: Layout): FsStats[] {
  const { layers, rest } = ofPodsOn(fileSystemOf(signal) ?? 'nodefs', layout)
  return [
    ...(layers ? stats.containers.flatMap(({ rootfs }) => rootfs ?? []) : []),
    ...(rest ? stats.containers.flatMap(({ logs }) => logs ?? []) : []),
    ...(rest ? (stats.volume ?? []).filter(({ name }) => isLocal(pod, name)) : []),
  ]
}

function isLocal(pod: Pod, name: string): boolean {
  const volume = specOf(pod).volumes?.find((each) => each.name === name)
  if (volume?.emptyDir) return (volume.emptyDir.medium ?? '') === ''
  return volume?.configMap !== undefined || volume?.hostPath !== undefined || volume?.gitRepo !== undefined
}

const sum = (parts: readonly FsStats[], field: 'usedBytes' | 'inodesUsed'): number =>
  parts.reduce((total, part) => total + (part[field] ?? 0), 0)

/** What a pod says of itself as a whole stands for all of it; what its runtime class costs is asked for with the rest. */
function requestOf(pod: Pod, resource: string): number {
  const { resources, overhead } = specOf(pod)
  const whole = resources?.requests?.[resource]
  const asked = hasOwnResources(pod)
    ? whole !== undefined && amountOf(whole)
    : podRequests(pod, { withoutOverhead: true }).get(resource)
  if (!asked || asked.isZero()) return 0
  const extra = overhead?.[resource]
  return (extra === undefined ? asked : asked.add(amountOf(extra))).value()
}
