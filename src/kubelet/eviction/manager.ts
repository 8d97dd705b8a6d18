import { podReference } from '#client'
import type { Clock, Logger } from '#base'
import type { ObjectReference, Pod } from '#api/core/v1'
import { Quantity } from '#machinery'
import { preempting } from '../admission/preempt.ts'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { isCriticalPod, specOf, uidOf } from '../pods/containers.ts'
import { qosOf } from '../resources/pod-resources.ts'
import type { NodeMetrics } from '../metrics/node-metrics.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { PodCgroups } from '../seams/cgroups.ts'
import type { Measures } from '../seams/measures.ts'
import type { RecordEvent } from '../record-event.ts'
import type { Stats } from '../stats/summary.ts'
import type { PodStatsSummary } from '../stats/types.ts'
import { evictedReason, evictionMessage } from './message.ts'
import { ranked } from './rank.ts'
import { exceededStorage, limitsStorage } from './storage.ts'
import {
  isCrossed,
  isUnresolved,
  signals,
  thresholdsOf,
  type Observation,
  type Observations,
  type PressureType,
  type Signal,
  type Threshold,
} from './thresholds.ts'

export interface EvictionOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly record: RecordEvent
  readonly config: KubeletConfiguration
  readonly node: ObjectReference
  readonly stats: Stats
  readonly cgroups: PodCgroups
  readonly measures: Measures
  readonly runtime: Pick<ContainerRuntime, 'images'>
  /** Folder on the file system that pods write to. */
  readonly root: string
  readonly metrics: NodeMetrics
  readonly memoryBytes: () => number
  readonly active: () => readonly Pod[]
  /** Frees what nobody uses of images, when the disk fills up. */
  readonly reclaimDisk: () => Promise<void>
  /** Ends a pod, whose verdict is known already. */
  readonly end: (uid: string, graceSeconds: number | undefined) => Promise<void>
  /** The node's pressures have changed. */
  readonly changed: (pressures: ReadonlySet<PressureType>) => void
}

export interface Eviction {
  readonly reason: typeof evictedReason | 'Preempting'
  readonly message: string
  /** What the condition says when the node chose the pod for its own sake. */
  readonly disruption?: string
}

/** Seconds that a pod has to end when a hard threshold is crossed. */
const immediately = 1
const taintKey = 'node.kubernetes.io/memory-pressure'

/** Watches over what the node has left, says so, and evicts pods before it runs out. */
export class EvictionManager {
  readonly #options: EvictionOptions
  readonly #thresholds: readonly Threshold[]
  readonly #evicted = new Map<string, Eviction>()
  /** Monotonic times: since when each threshold is crossed, and when each pressure was seen last. */
  readonly #crossedSince = new Map<Threshold, number>()
  readonly #seen = new Map<PressureType, number>()
  #pressures: ReadonlySet<PressureType> = new Set()

  constructor(options: EvictionOptions) {
    this.#options = options
    this.#thresholds = thresholdsOf(options.config)
  }

  /** Why a pod was evicted. */
  verdict(uid: string): Eviction | undefined {
    return this.#evicted.get(uid)
  }

  /** Forgets all pods but these. */
  keep(uids: ReadonlySet<string>): void {
    for (const uid of this.#evicted.keys()) if (!uids.has(uid)) this.#evicted.delete(uid)
  }

  /** Why a pod is not let in while the node is under pressure. */
  refusal(pod: Pod): { readonly reason: string; readonly message: string } | undefined {
    if (this.#pressures.size === 0 || isCriticalPod(pod)) return undefined
    if (this.#pressures.size === 1 && this.#pressures.has('MemoryPressure')) {
      if (qosOf(pod) !== 'BestEffort') return undefined
      const tolerates = specOf(pod).tolerations?.some(
        ({ key, operator, effect }) =>
          (key === taintKey || (key === undefined && operator === 'Exists')) &&
          (effect === undefined || effect === 'NoSchedule'),
      )
      if (tolerates === true) return undefined
    }
    return { reason: evictedReason, message: `The node had condition: [${[...this.#pressures].join(' ')}]. ` }
  }

  /** Looks once; evicts one pod at most for what the node lacks. */
  async look(): Promise<void> {
    const now = this.#options.clock.monotonic()
    const observations = await this.#observe()
    const crossed = this.#thresholds.filter((threshold) => {
      const isKnown = this.#crossedSince.has(threshold)
      return isKnown ? isUnresolved(threshold, observations) : isCrossed(threshold, observations)
    })
    for (const threshold of this.#thresholds) {
      if (!crossed.includes(threshold)) this.#crossedSince.delete(threshold)
      else if (!this.#crossedSince.has(threshold)) this.#crossedSince.set(threshold, now)
    }
    this.#tell(crossed, now)
    if (await this.#evictOversized()) return
    const due = crossed.filter((threshold) => now - (this.#crossedSince.get(threshold) ?? now) >= threshold.graceMs)
    const [threshold] = due
    if (threshold) await this.#relieve(threshold, observations, now)
  }

  #tell(crossed: readonly Threshold[], now: number): void {
    for (const { signal } of crossed) this.#seen.set(signals[signal].pressure, now)
    const pressures = new Set<PressureType>()
    for (const [pressure, at] of this.#seen) {
      if (now - at <= this.#options.config.evictionPressureTransitionPeriod) pressures.add(pressure)
    }
    const isSame = pressures.size === this.#pressures.size && [...pressures].every((each) => this.#pressures.has(each))
    this.#pressures = pressures
    if (!isSame) this.#options.changed(pressures)
  }

  async #relieve(threshold: Threshold, observations: Observations, observedAt: number): Promise<void> {
    const { record, node, log, reclaimDisk } = this.#options
    const { resource, pressure } = signals[threshold.signal]
    log.warn('The node runs out of something', { signal: threshold.signal })
    record(node, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${resource}`)
    if (pressure === 'DiskPressure') {
      await reclaimDisk().catch((error: unknown) => log.warn('Space could not be reclaimed', { error }))
      const after = await this.#observe()
      if (!this.#thresholds.some((each) => isUnresolved(each, after))) return
    }
    const stats = await this.#podStats()
    const { config, active, metrics, clock } = this.#options
    metrics.evictionDecided(threshold.signal, clock.monotonic() - observedAt)
    const grace = threshold.graceMs === 0 ? immediately : config.evictionMaxPodGracePeriod
    for (const pod of ranked(this.#evictable(active()), stats, threshold.signal)) {
      const message = evictionMessage(pod, stats.get(uidOf(pod)), threshold, observations)
      metrics.evicted(threshold.signal)
      await this.#evict(pod, { reason: evictedReason, message, disruption: message }, Math.max(immediately, grace))
      return
    }
    log.error('No pod can be evicted', { signal: threshold.signal })
  }

  /** Pods that write more than they may. */
  async #evictOversized(): Promise<boolean> {
    const limited = this.#evictable(this.#options.active()).filter(limitsStorage)
    if (limited.length === 0) return false
    const stats = await this.#podStats(limited)
    let evicted = false
    for (const pod of limited) {
      const own = stats.get(uidOf(pod))
      const exceeded = own && exceededStorage(pod, own)
      if (!exceeded) continue
      evicted = true
      this.#options.metrics.evicted(exceeded.signal)
      await this.#evict(pod, { reason: evictedReason, message: exceeded.message }, immediately)
    }
    return evicted
  }

  #evictable(pods: readonly Pod[]): Pod[] {
    return pods.filter((pod) => {
      return !isCriticalPod(pod) && pod.metadata.deletionTimestamp === undefined && !this.#evicted.has(uidOf(pod))
    })
  }

  /** Ends a pod so that a critical one has room for what it lacks of a resource. */
  preempt(pod: Pod, resource: string): Promise<void> {
    this.#options.metrics.preempted(resource)
    return this.#evict(pod, preempting, undefined)
  }

  async #evict(pod: Pod, eviction: Eviction, graceSeconds: number | undefined): Promise<void> {
    const { record, end, log } = this.#options
    const { reason, message } = eviction
    this.#evicted.set(uidOf(pod), eviction)
    record(podReference(pod), 'Warning', reason, message)
    log.warn('Pod evicted', { pod: pod.metadata.name, namespace: pod.metadata.namespace, reason, message })
    await end(uidOf(pod), graceSeconds)
  }

  async #podStats(pods?: readonly Pod[]): Promise<ReadonlyMap<string, PodStatsSummary>> {
    const found = await this.#options.stats.pods(pods ?? this.#options.active())
    return new Map(found.map((each) => [each.podRef.uid, each]))
  }

  async #observe(): Promise<Observations> {
    const { cgroups, measures, runtime, root, memoryBytes, log } = this.#options
    const observations = new Map<Signal, Observation>()
    const watches = (signal: Signal): boolean => this.#thresholds.some((each) => each.signal === signal)
    const binary = (value: number): Quantity => Quantity.of(value, 0, 'BinarySI')
    const plain = (value: number): Quantity => Quantity.of(value, 0, 'DecimalSI')
    const put = (signal: Signal, available: Quantity, capacity: Quantity): void =>
      void observations.set(signal, { available, capacity })
    const disk = async (name: 'nodefs' | 'imagefs', path: () => Promise<string | undefined>): Promise<void> => {
      if (!watches(`${name}.available`) && !watches(`${name}.inodesFree`)) return
      const at = await path()
      if (at === undefined) return
      const space = await measures.space(at)
      put(`${name}.available`, binary(space.availableBytes), binary(space.capacityBytes))
      // Some file systems make inodes as they need them.
      if (space.inodes > 0) put(`${name}.inodesFree`, plain(space.inodesFree), plain(space.inodes))
    }
    const memory = async (): Promise<void> => {
      const capacity = memoryBytes()
      const { machine } = await cgroups.nodeUsage()
      put('memory.available', binary(Math.max(0, capacity - machine.memory.workingSetBytes)), binary(capacity))
    }
    const processes = async (): Promise<void> => {
      const { most, running } = await measures.processes()
      put('pid.available', plain(most - running), plain(most))
    }
    const results = await Promise.allSettled([
      watches('memory.available') ? memory() : undefined,
      watches('pid.available') ? processes() : undefined,
      disk('nodefs', () => Promise.resolve(root)),
      disk('imagefs', async () => (await runtime.images.filesystems())[0]?.mountpoint),
    ])
    for (const result of results) {
      if (result.status === 'rejected')
        log.debug('Something of the node could not be measured', { error: result.reason })
    }
    return observations
  }
}
