import type { Pod } from '#api/core/v1'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { specOf } from '../pods/containers.ts'

/** Pods of this priority, and above until the next, get so many seconds to end when the machine shuts down. */
export interface ShutdownPeriod {
  readonly priority: number
  readonly shutdownGracePeriodSeconds: number
}

export interface ShutdownGroup extends ShutdownPeriod {
  readonly pods: readonly Pod[]
}

const systemCritical = 2_000_000_000

type Settings = Pick<
  KubeletConfiguration,
  'shutdownGracePeriod' | 'shutdownGracePeriodCriticalPods' | 'shutdownGracePeriodByPodPriority'
>

/** The periods that a configuration asks for, those of the lowest priority first; none when pods get no time. */
export function shutdownPeriods(config: Settings): readonly ShutdownPeriod[] {
  const { shutdownGracePeriod: whole, shutdownGracePeriodCriticalPods: critical } = config
  if (config.shutdownGracePeriodByPodPriority.length > 0) {
    return [...config.shutdownGracePeriodByPodPriority].sort((a, b) => a.priority - b.priority)
  }
  if (whole === 0 || critical > whole) return []
  return [
    { priority: 0, shutdownGracePeriodSeconds: Math.trunc((whole - critical) / 1000) },
    { priority: systemCritical, shutdownGracePeriodSeconds: Math.trunc(critical / 1000) },
  ]
}

/** Who ends together, in the order in which they end. A pod below all periods goes with the first. */
export function shutdownGroups(periods: readonly ShutdownPeriod[], pods: readonly Pod[]): readonly ShutdownGroup[] {
  const groups = periods.map((period) => ({ ...period, pods: [] as Pod[] }))
  for (const pod of pods) {
    const priority = specOf(pod).priority ?? 0
    const group = groups.findLast((each) => each.priority <= priority) ?? groups[0]
    group?.pods.push(pod)
  }
  return groups.filter((group) => group.pods.length > 0)
}

/** Seconds that a pod gets of what its group has. */
export function shutdownGrace(pod: Pod, { shutdownGracePeriodSeconds }: ShutdownPeriod): number {
  return Math.min(shutdownGracePeriodSeconds, specOf(pod).terminationGracePeriodSeconds ?? Infinity)
}
