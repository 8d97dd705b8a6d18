import type { Quantity } from '#machinery'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { thresholdOf } from '../node/allocatable.ts'

/** What the agent watches the node for. */
export type Signal =
  | 'memory.available'
  | 'allocatableMemory.available'
  | 'nodefs.available'
  | 'nodefs.inodesFree'
  | 'imagefs.available'
  | 'imagefs.inodesFree'
  | 'containerfs.available'
  | 'containerfs.inodesFree'
  | 'pid.available'

/** What is left of something, of how much. */
export interface Observation {
  readonly available: Quantity
  readonly capacity: Quantity
}

export type Observations = ReadonlyMap<Signal, Observation>

export interface Threshold {
  readonly signal: Signal
  /** An amount, or a percentage of the capacity. */
  readonly value: string
  /** Milliseconds that it must be crossed before pods are evicted; 0 for a hard one. */
  readonly graceMs: number
  /** How much more is to be left before it counts as kept again: an amount, or a percentage of the capacity. */
  readonly reclaim?: string
}

export type PressureType = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure'

interface SignalFacts {
  readonly pressure: PressureType
  /** As messages name it. */
  readonly resource: 'memory' | 'ephemeral-storage' | 'inodes' | 'pids'
}

export const signals: { readonly [signal in Signal]: SignalFacts } = {
  'memory.available': { pressure: 'MemoryPressure', resource: 'memory' },
  'allocatableMemory.available': { pressure: 'MemoryPressure', resource: 'memory' },
  'imagefs.available': { pressure: 'DiskPressure', resource: 'ephemeral-storage' },
  'imagefs.inodesFree': { pressure: 'DiskPressure', resource: 'inodes' },
  'containerfs.available': { pressure: 'DiskPressure', resource: 'ephemeral-storage' },
  'containerfs.inodesFree': { pressure: 'DiskPressure', resource: 'inodes' },
  'nodefs.available': { pressure: 'DiskPressure', resource: 'ephemeral-storage' },
  'nodefs.inodesFree': { pressure: 'DiskPressure', resource: 'inodes' },
  'pid.available': { pressure: 'PIDPressure', resource: 'pids' },
}

/** Whether thresholds may be given for it. */
export const isKnownSignal = (name: string): name is Signal => name in signals

/** Those of the file system of containers are always those of another. */
const isSetByOthers = (signal: string): boolean => signal.startsWith('containerfs.')

const isOff = (value: string): boolean => value === '0%' || value === '100%'

/** Thresholds that were given and do not count, as the log names them. */
export function ignoredThresholds({ evictionHard, evictionSoft }: KubeletConfiguration): readonly string[] {
  const of = (kind: string, list: { readonly [signal: string]: string }): string[] =>
    Object.entries(list)
      .filter(([signal, value]) => isSetByOthers(signal) && !isOff(value))
      .map(([signal]) => `found ${signal} for ${kind} eviction. ignoring`)
  return [...of('hard', evictionHard), ...of('soft', evictionSoft)]
}

/**
 * Hard thresholds, then soft ones, memory before all others. Where pods are held to what is allocatable, the hard threshold
 * of the node's memory is one of that, too.
 */
export function thresholdsOf(config: KubeletConfiguration): readonly Threshold[] {
  const of = (list: { readonly [signal: string]: string }, graceMs: (signal: string) => number): Threshold[] =>
    Object.entries(list).flatMap(([signal, value]) => {
      if (!isKnownSignal(signal) || isSetByOthers(signal) || isOff(value)) return []
      const reclaim = config.evictionMinimumReclaim[signal]
      return [{ signal, value, graceMs: graceMs(signal), ...(reclaim === undefined ? {} : { reclaim }) }]
    })
  const configured = [
    ...of(config.evictionHard, () => 0),
    ...of(config.evictionSoft, (signal) => config.evictionSoftGracePeriod[signal] ?? 0),
  ]
  const allocatable = configured
    .filter(({ signal, graceMs }) => signal === 'memory.available' && graceMs === 0)
    .map((threshold): Threshold => ({ ...threshold, signal: 'allocatableMemory.available' }))
  const all = config.enforceNodeAllocatable.includes('pods') ? [...configured, ...allocatable] : configured
  const rank = ({ signal }: Threshold): number => (signals[signal].resource === 'memory' ? 0 : 1)
  return all.sort((a, b) => rank(a) - rank(b))
}

export function limitOf({ value }: Threshold, { capacity }: Observation): Quantity {
  return thresholdOf(value, capacity)
}

export function isCrossed(threshold: Threshold, observations: Observations): boolean {
  const observation = observations.get(threshold.signal)
  return observation !== undefined && observation.available.compare(limitOf(threshold, observation)) < 0
}

/** Whether less is left than what a threshold that was crossed wants back. */
export function isUnresolved(threshold: Threshold, observations: Observations): boolean {
  const observation = observations.get(threshold.signal)
  if (!observation) return false
  const { available, capacity } = observation
  const limit = limitOf(threshold, observation)
  return (
    available.compare(threshold.reclaim === undefined ? limit : limit.add(thresholdOf(threshold.reclaim, capacity))) < 0
  )
}
