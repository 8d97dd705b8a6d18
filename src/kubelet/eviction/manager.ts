import { podReference } from '#client'
import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { ObjectReference, Pod } from '#api/core/v1'
import { tolerates } from '#machinery'
import { preempting } from '../admission/preempt.ts'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { isCriticalPod, isTerminalPhase, specOf, uidOf } from '../pods/containers.ts'
import { qosOf } from '../resources/pod-resources.ts'
import type { NodeMetrics } from '../metrics/node-metrics.ts'
import type { RecordEvent } from '../record-event.ts'
import type { Stats } from '../stats/summary.ts'
import type { PodStatsSummary } from '../stats/types.ts'
import { evictedReason, evictionReport } from './message.ts'
import { startNotifiers } from './notifier.ts'
import { containerThresholds, fileSystemOf, layoutOf, unusedOn, type Layout } from './layout.ts'
import { observeNode, type ObserveOptions } from './observe.ts'
import { ranked } from './rank.ts'
import { exceededStorage, limitsStorage } from './storage.ts'
import {
  ignoredThresholds,
  isCrossed,
  isUnresolved,
  signals,
  thresholdsOf,
  type Observations,
  type PressureType,
  type Signal,
  type Threshold,
} from './thresholds.ts'

export interface EvictionOptions extends ObserveOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly record: RecordEvent
  readonly config: KubeletConfiguration
  readonly node: ObjectReference
  /** Asked once the machine is known. */
  readonly cgroupVersion: () => 1 | 2
  readonly stats: Stats
  readonly metrics: NodeMetrics
  readonly active: () => readonly Pod[]
  /** Frees what nobody uses on the disk: containers that have ended, and images. */
  readonly reclaim: { readonly [what in 'containers' | 'images']: () => Promise<void> }
  /** Ends a pod, whose verdict is known already. */
  readonly end: (uid: string, graceSeconds: number | undefined) => Promise<void>
  /** Whether a pod that was ended uses nothing of the node any more. */
  readonly isFinished: (uid: string) => boolean
  /** The node's pressures have changed. */
  readonly changed: (pressures: ReadonlySet<PressureType>) => void
}

export interface Eviction {
  readonly reason: typeof evictedReason | 'Preempting'
  readonly message: string
  /** What the condition says when the node chose the pod for its own sake. */
  readonly disruption?: string
}

type Annotations = Readonly<Record<string, string>> | undefined

/** Milliseconds between two looks at what the node has left. */
const lookMs = 10_000
/** Milliseconds that pods which were evicted have to leave the node before the next look, and between looks at them. */
const cleanupMs = 30_000
const cleanupPollMs = 1000
/** Seconds that a pod has to end when a hard threshold is crossed. */
const immediately = 1
/** Seconds after which an end is not waited for any more, at least. */
const leastWait = 10
const memoryTaint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' } as const

/** Watches over what the node has left, says so, and evicts pods before it runs out. */
export class EvictionManager {
  readonly #options: EvictionOptions
  #thresholds: readonly Threshold[]
  #watched: ReadonlySet<Signal>
  readonly #evicted = new Map<string, Eviction>()
  /** Monotonic times: since when each threshold is crossed, and when each pressure was seen last. */
  readonly #crossedSince = new Map<Threshold, number>()
  readonly #seen = new Map<PressureType, number>()
  /** Thresholds that were crossed for long enough: they want something back. */
  #due: readonly Threshold[] = []
  #pressures: ReadonlySet<PressureType> = new Set()
  #layout: Layout | undefined

  constructor(options: EvictionOptions) {
    this.#options = options
    this.#thresholds = thresholdsOf(options.config)
    this.#watched = new Set(this.#thresholds.map(({ signal }) => signal))
  }

  /** Looks again and again until the signal, and at once when pods that were evicted have gone. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    startNotifiers({ ...this.#options, cgroupVersion: this.#options.cgroupVersion(), thresholds: this.#thresholds })
    while (!signal.aborted) {
      const evicted = await this.#look().catch((error: unknown) => {
        log.warn('What the node has left could not be looked at', { error })
        return []
      })
      await (evicted.length > 0 ? this.#gone(evicted, signal) : sleep(clock, lookMs, signal).catch(() => {}))
    }
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
      if (specOf(pod).tolerations?.some((each) => tolerates(each, memoryTaint)) === true) return undefined
    }
    return { reason: evictedReason, message: `The node had condition: [${[...this.#pressures].join(' ')}]. ` }
  }

  /** Looks once; evicts one pod at most for what the node lacks. Resolves with the uids of those that were evicted. */
  async #look(): Promise<readonly string[]> {
    const now = this.#options.clock.monotonic()
    this.#layout ??= await this.#findLayout().catch(() => undefined)
    const observations = await this.#observe()
    const crossed = this.#thresholds.filter(
      (each) => isCrossed(each, observations) || (this.#due.includes(each) && isUnresolved(each, observations)),
    )
    for (const threshold of this.#thresholds) {
      if (!crossed.includes(threshold)) this.#crossedSince.delete(threshold)
      else if (!this.#crossedSince.has(threshold)) this.#crossedSince.set(threshold, now)
    }
    this.#tell(crossed, now)
    this.#due = crossed.filter((each) => now - (this.#crossedSince.get(each) ?? now) >= each.graceMs)
    const oversized = await this.#evictOversized()
    if (oversized.length > 0) return oversized
    const [threshold] = this.#due
    return threshold ? this.#relieve(threshold, observations, now) : []
  }

  /** The file system of containers has the thresholds of the one that it is, whatever was given for it. */
  async #findLayout(): Promise<Layout> {
    const { config, log } = this.#options
    const layout = await layoutOf(this.#options)
    const error = ignoredThresholds(config).at(-1)
    if (error !== undefined) log.error('eviction manager: found conflicting containerfs eviction. Ignoring.', { error })
    this.#thresholds = [...this.#thresholds, ...containerThresholds(this.#thresholds, layout)]
    this.#watched = new Set(this.#thresholds.map(({ signal }) => signal))
    return layout
  }

  /** Waits for pods to have left, but not for long. */
  async #gone(uids: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock, isFinished, log } = this.#options
    const began = clock.monotonic()
    while (!signal.aborted) {
      await sleep(clock, cleanupPollMs, signal).catch(() => {})
      if (uids.every(isFinished)) return
      if (clock.monotonic() - began < cleanupMs) continue
      log.warn('Pods that were evicted are not cleaned up yet', { uids })
      return
    }
  }

  #tell(crossed: readonly Threshold[], now: number): void {
    for (const { signal } of crossed) this.#seen.set(signals[signal].pressure, now)
    const pressures = new Set<PressureType>()
    for (const [pressure, at] of this.#seen) {
      if (now - at < this.#options.config.evictionPressureTransitionPeriod) pressures.add(pressure)
    }
    const isSame = pressures.size === this.#pressures.size && [...pressures].every((each) => this.#pressures.has(each))
    this.#pressures = pressures
    if (!isSame) this.#options.changed(pressures)
  }

  async #relieve(threshold: Threshold, observations: Observations, observedAt: number): Promise<readonly string[]> {
    const { record, node, log, active, metrics, clock } = this.#options
    const { resource } = signals[threshold.signal]
    log.warn('The node runs out of something', { signal: threshold.signal })
    record(node, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${resource}`)
    if (await this.#reclaim(threshold)) return []
    const stats = await this.#podStats()
    const age = clock.monotonic() - observedAt
    for (const { signal } of this.#due) metrics.evictionDecided(signal, age)
    const [pod] = ranked(this.#evictable(active()), stats, threshold.signal, this.#layout ?? 'one')
    if (!pod) {
      log.error('No pod can be evicted', { signal: threshold.signal })
      return []
    }
    const { message, annotations } = evictionReport(pod, stats.get(uidOf(pod)), threshold, observations)
    metrics.evicted(threshold.signal)
    const eviction = { reason: evictedReason, message, disruption: message } as const
    await this.#evict(pod, eviction, this.#graceOf(pod, threshold), annotations)
    return [uidOf(pod)]
  }

  /** Frees what no pod needs, where that helps; returns whether nothing is lacking any more. */
  async #reclaim({ signal }: Threshold): Promise<boolean> {
    const fileSystem = fileSystemOf(signal)
    const unused = fileSystem === undefined ? [] : unusedOn(fileSystem, this.#layout ?? 'one')
    if (unused.length === 0) return false
    for (const what of unused) await this.#options.reclaim[what]()
    const after = await this.#observe()
    return !this.#thresholds.some((each) => isUnresolved(each, after))
  }

  /** Seconds: with time to spare a pod has what it asks for, as far as the node grants that. */
  #graceOf(pod: Pod, { graceMs }: Threshold): number {
    if (graceMs === 0) return immediately
    return Math.min(this.#options.config.evictionMaxPodGracePeriod, graceAsked(pod) ?? Infinity)
  }

  /** Ends pods that write more than they may. */
  async #evictOversized(): Promise<readonly string[]> {
    if (!this.#options.config.localStorageCapacityIsolation) return []
    const limited = this.#evictable(this.#options.active()).filter(limitsStorage)
    if (limited.length === 0) return []
    const stats = await this.#podStats(limited)
    const evicted: string[] = []
    for (const pod of limited) {
      const own = stats.get(uidOf(pod))
      const exceeded = own && exceededStorage(pod, own, (this.#layout ?? 'one') !== 'one')
      if (!exceeded) continue
      evicted.push(uidOf(pod))
      this.#options.metrics.evicted(exceeded.signal)
      await this.#evict(pod, { reason: evictedReason, message: exceeded.message }, immediately)
    }
    return evicted
  }

  /** Also those that are to end anyway: they may take their time, and what they hold is wanted now. */
  #evictable(pods: readonly Pod[]): Pod[] {
    return pods.filter((pod) => {
      return !isCriticalPod(pod) && !isTerminalPhase(pod.status?.phase) && !this.#evicted.has(uidOf(pod))
    })
  }

  /** Ends a pod so that a critical one has room for what it lacks of a resource. */
  preempt(pod: Pod, resource: string): Promise<void> {
    this.#options.metrics.preempted(resource)
    return this.#evict(pod, preempting, undefined)
  }

  /** Resolves when nothing of the pod runs any more, or has not ended in time. */
  async #evict(pod: Pod, eviction: Eviction, grace: number | undefined, annotations?: Annotations): Promise<void> {
    const { clock, record, end, log } = this.#options
    const { reason, message } = eviction
    const uid = uidOf(pod)
    this.#evicted.set(uid, eviction)
    record(podReference(pod), 'Warning', reason, message, annotations)
    log.warn('Pod evicted', { pod: pod.metadata.name, namespace: pod.metadata.namespace, reason, message })
    const waitSeconds = Math.max(leastWait, Math.trunc((grace ?? graceAsked(pod) ?? 0) * 1.5))
    const over = new AbortController()
    const late = sleep(clock, waitSeconds * 1000, over.signal).then(
      () => true,
      () => false,
    )
    const isLate = await Promise.race([end(uid, grace).then(() => false), late])
    over.abort()
    if (!isLate) return
    const text = 'Container runtime did not kill the pod within specified grace period.'
    record(podReference(pod), 'Warning', 'ExceededGracePeriod', text)
    log.error('Pod failed to evict', { pod: pod.metadata.name, namespace: pod.metadata.namespace })
  }

  async #podStats(pods?: readonly Pod[]): Promise<ReadonlyMap<string, PodStatsSummary>> {
    const found = await this.#options.stats.pods(pods ?? this.#options.active())
    return new Map(found.map((each) => [each.podRef.uid, each]))
  }

  #observe(): Promise<Observations> {
    return observeNode(this.#options, this.#watched)
  }
}

const graceAsked = (pod: Pod): number | undefined => specOf(pod).terminationGracePeriodSeconds
