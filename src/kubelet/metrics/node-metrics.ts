import type { Clock } from '#base'
import type { PodCgroups } from '../seams/cgroups.ts'
import { counter, gauge, times } from './families.ts'

const signals = ['eviction_signal']
/** Seconds. */
const pullBounds = [1, 5, 10, 20, 30, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600]
const mebi = 1024 ** 2
const gibi = 1024 ** 3

/** What operations on cgroups are called. */
const cgroupOperations = new Map<string | symbol, string>([
  ['ensure', 'create'],
  ['update', 'update'],
  ['destroy', 'destroy'],
])

/** Sizes of images, the largest first: what is larger than the bytes has the label. */
const imageSizes: readonly (readonly [bytes: number, label: string])[] = [
  [100 * gibi, 'GT100GB'],
  [60 * gibi, '60GB-100GB'],
  [40 * gibi, '40GB-60GB'],
  [30 * gibi, '30GB-40GB'],
  [20 * gibi, '20GB-30GB'],
  [10 * gibi, '10GB-20GB'],
  [5 * gibi, '5GB-10GB'],
  [gibi, '1GB-5GB'],
  [500 * mebi, '500MB-1GB'],
  [100 * mebi, '100MB-500MB'],
  [10 * mebi, '10MB-100MB'],
  [0, '0-10MB'],
]

/** What is counted of the node: its runtime's lists and events, cgroups, images, evictions. */
export class NodeMetrics {
  readonly #clock: Clock
  readonly #cgroups = times(
    'cgroup_manager_duration_seconds',
    'Duration in seconds for cgroup manager operations. Broken down by method.',
    undefined,
    ['operation_type'],
  )
  readonly #relists = times('pleg_relist_duration_seconds', 'Duration in seconds for relisting pods in PLEG.')
  readonly #intervals = times('pleg_relist_interval_seconds', 'Interval in seconds between relisting in PLEG.')
  readonly #lastSeen = gauge('pleg_last_seen_seconds', 'Timestamp in seconds when PLEG was last seen active.')
  readonly #discarded = counter('pleg_discard_events', 'The number of discard events in PLEG.')
  readonly #streams = counter(
    'evented_pleg_connection_success_count',
    'The number of times a streaming client was obtained to receive CRI Events.',
  )
  readonly #streamErrors = counter(
    'evented_pleg_connection_error_count',
    'The number of errors encountered during the establishment of streaming connection with the CRI runtime.',
  )
  readonly #eventLatencies = times(
    'evented_pleg_connection_latency_seconds',
    'The latency of streaming connection with the CRI runtime, measured in seconds.',
  )
  readonly #evictions = counter('evictions', 'Cumulative number of pod evictions by eviction signal', signals)
  readonly #statsAge = times(
    'eviction_stats_age_seconds',
    'Time between when stats are collected, and when pod is evicted based on those stats by eviction signal',
    undefined,
    signals,
  )
  readonly #preemptions = counter('preemptions', 'Cumulative number of pod preemptions by preemption resource', [
    'preemption_signal',
  ])
  readonly #imagesRemoved = counter(
    'image_garbage_collected_total',
    'Total number of images garbage collected by the kubelet, whether through disk usage or image age.',
    ['reason'],
  )
  readonly #pulls = times('image_pull_duration_seconds', 'Duration in seconds to pull an image.', pullBounds, [
    'image_size_in_bytes',
  ])
  #lastRelist: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The same cgroups, watched. */
  timed(cgroups: PodCgroups): PodCgroups {
    return new Proxy(cgroups, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property)
        if (typeof value !== 'function') return value
        const name = cgroupOperations.get(property)
        return (...words: unknown[]): unknown => {
          const work = (): unknown => Reflect.apply(value, target, words)
          return name === undefined ? work() : this.#time(name, work as () => Promise<unknown>)
        }
      },
    })
  }

  async #time(name: string, work: () => Promise<unknown>): Promise<unknown> {
    const began = this.#clock.monotonic()
    try {
      return await work()
    } finally {
      this.#cgroups.observe((this.#clock.monotonic() - began) / 1000, name)
    }
  }

  /** The runtime's lists have been compared, successfully or not. */
  relisted(beganAt: number): void {
    const now = this.#clock.monotonic()
    this.#relists.observe((now - beganAt) / 1000)
    if (this.#lastRelist !== undefined) this.#intervals.observe((beganAt - this.#lastRelist) / 1000)
    this.#lastRelist = beganAt
    this.#lastSeen.set(Math.floor(this.#clock.now() / 1000))
  }

  /** Events of the runtime come, or came to an end. */
  eventsFollowed(outcome: 'begun' | 'failed'): void {
    ;(outcome === 'begun' ? this.#streams : this.#streamErrors).add(1)
  }

  /** An event of the runtime came so many milliseconds after it happened. */
  eventCame(afterMs: number): void {
    this.#eventLatencies.observe(afterMs / 1000)
  }

  eventDiscarded(): void {
    this.#discarded.add(1)
  }

  evicted(signal: string): void {
    this.#evictions.add(1, signal)
  }

  /** Pods are ranked for a signal that was observed so many milliseconds ago. */
  evictionDecided(signal: string, ageMs: number): void {
    this.#statsAge.observe(ageMs / 1000, signal)
  }

  preempted(resource: string): void {
    this.#preemptions.add(1, resource)
  }

  imageRemoved(reason: 'age' | 'space'): void {
    this.#imagesRemoved.add(1, reason)
  }

  pulled(bytes: number, tookMs: number): void {
    const size = imageSizes.find(([least]) => bytes > least)?.[1] ?? 'N/A'
    this.#pulls.observe(tookMs / 1000, size)
  }

  text(): string {
    return [
      this.#cgroups,
      this.#streamErrors,
      this.#eventLatencies,
      this.#streams,
      this.#statsAge,
      this.#evictions,
      this.#imagesRemoved,
      this.#pulls,
      this.#discarded,
      this.#lastSeen,
      this.#relists,
      this.#intervals,
      this.#preemptions,
    ]
      .map((family) => family.text())
      .join('')
  }
}
