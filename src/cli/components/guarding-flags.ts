import type { FlagSet } from '../flags/flag.ts'
import { bounds, duration, integer, pairs, text } from '../flags/kinds.ts'

type Amounts = { readonly [name: string]: string }

/** Flags of the kubelet that keep the node from running full. */
export interface GuardingFlags {
  readonly 'eviction-hard': Amounts
  readonly 'eviction-soft': Amounts
  readonly 'eviction-soft-grace-period': Amounts
  readonly 'eviction-minimum-reclaim': Amounts
  readonly 'eviction-max-pod-grace-period': number
  readonly 'eviction-pressure-transition-period': number
  readonly 'image-gc-high-threshold': number
  readonly 'image-gc-low-threshold': number
  readonly 'minimum-image-ttl-duration': number
  readonly 'container-log-max-size': string
  readonly 'container-log-max-files': number
  readonly 'volume-stats-agg-period': number
}

const seconds = (count: number): number => count * 1000

export const guardingFlags: FlagSet<GuardingFlags> = {
  'eviction-hard': bounds('Thresholds at which pods are evicted at once: memory.available<100Mi.'),
  'eviction-soft': bounds('Thresholds at which pods are evicted after a while: memory.available<1.5Gi.'),
  'eviction-soft-grace-period': pairs('How long those have to be crossed: memory.available=1m30s.'),
  'eviction-minimum-reclaim': pairs('How much more is to be left before evictions end: imagefs.available=2Gi.'),
  'eviction-max-pod-grace-period': integer(0, 'Seconds at most that a pod has to end at a soft threshold.'),
  'eviction-pressure-transition-period': duration(seconds(300), 'How long the node is told to be under pressure.'),
  'image-gc-high-threshold': integer(85, 'Percent of the disk at which unused images go.', { least: 0, most: 100 }),
  'image-gc-low-threshold': integer(80, 'Percent of the disk down to which they go.', { least: 0, most: 100 }),
  'minimum-image-ttl-duration': duration(seconds(120), 'How old an unused image has to be before it goes.'),
  'container-log-max-size': text('10Mi', 'Size at which the log of a container is set aside.', 'size'),
  'container-log-max-files': integer(5, 'Files that logs of a container are at most.', { least: 2 }),
  'volume-stats-agg-period': duration(seconds(60), 'How long the count of what a volume holds is used.'),
}
