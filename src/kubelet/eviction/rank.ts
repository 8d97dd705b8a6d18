import type { Pod } from '#api/core/v1'
import { specOf, uidOf } from '../pods/containers.ts'
import { podRequests } from '../resources/pod-resources.ts'
import type { PodStatsSummary } from '../stats/types.ts'
import { signals, type Signal } from './thresholds.ts'

type Usage = (stats: PodStatsSummary) => number

const usages: { readonly [resource: string]: Usage } = {
  memory: ({ memory }) => memory?.workingSetBytes ?? 0,
  'ephemeral-storage': (stats) => stats['ephemeral-storage']?.usedBytes ?? 0,
  inodes: (stats) => stats['ephemeral-storage']?.inodesUsed ?? 0,
  pids: (stats) => stats.process_stats?.process_count ?? 0,
}

/**
 * Pods in the order in which they go when something runs out: those that use more of it than they asked for first, then by
 * priority, then by how much they use beyond what they asked for.
 */
export function ranked(pods: readonly Pod[], stats: ReadonlyMap<string, PodStatsSummary>, signal: Signal): Pod[] {
  const { resource } = signals[signal]
  const rows = pods.map((pod) => {
    const own = stats.get(uidOf(pod))
    const request = podRequests(pod).get(resource)?.value() ?? 0
    const beyond = own ? (usages[resource]?.(own) ?? 0) - request : Infinity
    // Nobody asks for processes.
    const exceeds = resource === 'pids' || beyond > 0
    return { pod, exceeds, priority: specOf(pod).priority ?? 0, beyond }
  })
  rows.sort((a, b) => {
    if (a.exceeds !== b.exceeds) return a.exceeds ? -1 : 1
    return a.priority - b.priority || (a.beyond === b.beyond ? 0 : b.beyond - a.beyond)
  })
  return rows.map(({ pod }) => pod)
}
