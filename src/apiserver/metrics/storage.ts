import type { Clock } from '#base'
import { HistogramFamily, NumberFamily } from '#machinery'
import type { Cell, Histogram, MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds, as upstream has them. */
const requestBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
]

const byResource = ['group', 'resource'] as const
const byOperation = ['operation', ...byResource] as const
const byIndex = [...byResource, 'index'] as const

/** What the store is asked for; reads of what is newest ask nobody, since that is in memory. */
export type StoreOperation = 'create' | 'update' | 'delete' | 'list'

const counter = (name: string, help: string, labels: readonly string[] = byResource): NumberFamily =>
  new NumberFamily('counter', name, help, labels)

interface ListFamilies {
  readonly total: NumberFamily
  readonly fetched: NumberFamily
  readonly returned: NumberFamily
}

/** What is asked of the store, whichever it is, and what it tells: under the names that dashboards know etcd by. */
export class StorageMetrics implements FamilySource {
  readonly #clock: Clock
  readonly #resources = new Map<string, ResourceStorage>()
  readonly durations: HistogramFamily = new HistogramFamily(
    'etcd_request_duration_seconds',
    'How long the store took to answer, in seconds.',
    requestBounds,
    byOperation,
  )
  readonly requests: NumberFamily = counter('etcd_requests_total', 'Requests to the store.', byOperation)
  readonly errors: NumberFamily = counter(
    'etcd_request_errors_total',
    'Requests to the store that failed.',
    byOperation,
  )
  readonly received: NumberFamily = counter('apiserver_storage_events_received_total', 'Events that the store told of.')
  readonly waits: HistogramFamily = new HistogramFamily(
    'apiserver_watch_cache_read_wait_seconds',
    'How long reads waited for the revision that they must not be older than, in seconds.',
    [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3],
    ['group', 'resource'],
  )
  /** Lists of a time that is past, which the store reads. */
  readonly lists: ListFamilies & { readonly evaluated: NumberFamily } = {
    total: counter('apiserver_storage_list_total', 'Lists that were read from the store.'),
    fetched: counter(
      'apiserver_storage_list_fetched_objects_total',
      'Objects that were read from the store for lists.',
    ),
    evaluated: counter('apiserver_storage_list_evaluated_objects_total', 'Objects of these that were looked at.'),
    returned: counter('apiserver_storage_list_returned_objects_total', 'Objects of these that were answered.'),
  }
  /** Lists of the state that is held in memory. */
  readonly cached: ListFamilies = {
    total: counter('apiserver_cache_list_total', 'Lists that were read from memory.', byIndex),
    fetched: counter(
      'apiserver_cache_list_fetched_objects_total',
      'Objects that were read in memory for lists.',
      byIndex,
    ),
    returned: counter('apiserver_cache_list_returned_objects_total', 'Objects of these that were answered.'),
  }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What is counted of one resource. */
  of(group: string, resource: string): ResourceStorage {
    const key = `${group}/${resource}`
    let known = this.#resources.get(key)
    if (!known) this.#resources.set(key, (known = new ResourceStorage(this, this.#clock, group, resource)))
    return known
  }

  families(): readonly MetricFamily[] {
    const { durations, requests, errors, received, waits, lists, cached } = this
    return [durations, requests, errors, received, waits, ...Object.values(lists), ...Object.values(cached)]
  }
}

interface Operation {
  readonly count: Cell
  readonly duration: Histogram
}

/** What is asked of the store about one resource. */
export class ResourceStorage {
  readonly #all: StorageMetrics
  readonly #clock: Clock
  readonly #labels: readonly [group: string, resource: string]
  readonly #operations = new Map<StoreOperation, Operation>()
  #received: Cell | undefined
  #waits: Histogram | undefined

  constructor(all: StorageMetrics, clock: Clock, group: string, resource: string) {
    this.#all = all
    this.#clock = clock
    this.#labels = [group, resource]
  }

  /** Counts and times a request, and passes its answer on. */
  async asked<T>(operation: StoreOperation, ask: () => Promise<T>): Promise<T> {
    const began = this.#clock.monotonic()
    try {
      return await ask()
    } catch (error) {
      this.#all.errors.add(1, operation, ...this.#labels)
      throw error
    } finally {
      const { count, duration } = this.#of(operation)
      count.value++
      duration.observe((this.#clock.monotonic() - began) / 1000)
    }
  }

  #of(operation: StoreOperation): Operation {
    let known = this.#operations.get(operation)
    if (!known) {
      const { requests, durations } = this.#all
      known = { count: requests.of(operation, ...this.#labels), duration: durations.of(operation, ...this.#labels) }
      this.#operations.set(operation, known)
    }
    return known
  }

  received(events: number): void {
    this.#received ??= this.#all.received.of(...this.#labels)
    this.#received.value += events
  }

  /** Waits for the revision that a read must not be older than. */
  async waiting(wait: () => Promise<void>): Promise<void> {
    const began = this.#clock.monotonic()
    try {
      await wait()
    } finally {
      this.waited(this.#clock.monotonic() - began)
    }
  }

  /** A read that must not be older than some revision had it after this time. */
  waited(milliseconds: number): void {
    this.#waits ??= this.#all.waits.of(...this.#labels)
    this.#waits.observe(milliseconds / 1000)
  }

  /** @param evaluated how many of the fetched were looked at, by a selector */
  listed(from: 'memory' | 'store', fetched: number, evaluated: number, returned: number): void {
    if (from === 'memory') {
      const { cached } = this.#all
      cached.total.add(1, ...this.#labels, '')
      cached.fetched.add(fetched, ...this.#labels, '')
      cached.returned.add(returned, ...this.#labels)
    } else {
      const { lists } = this.#all
      lists.total.add(1, ...this.#labels)
      lists.fetched.add(fetched, ...this.#labels)
      lists.evaluated.add(evaluated, ...this.#labels)
      lists.returned.add(returned, ...this.#labels)
    }
  }
}
