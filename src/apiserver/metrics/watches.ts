import { gathered, HistogramFamily, NumberFamily } from '#machinery'
import type { Cell, MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds. */
const listBounds = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 15, 20, 30, 45, 60]

const byResource = ['group', 'resource'] as const

const counter = (name: string, help: string): NumberFamily =>
  new NumberFamily('counter', `apiserver_${name}`, help, byResource)

/** How watches get their events: one reading of the store for all who watch a resource. */
export class WatchMetrics implements FamilySource {
  readonly #resources = new Map<string, ResourceWatches>()
  readonly received: NumberFamily = counter('watch_cache_events_received_total', 'Events that came for watches.')
  readonly dispatched: NumberFamily = counter(
    'watch_cache_events_dispatched_total',
    'Events that were handed to watches.',
  )
  readonly initializations: NumberFamily = counter(
    'watch_cache_initializations_total',
    'Beginnings of reading for watches.',
  )
  readonly initial: NumberFamily = counter('init_events_total', 'Objects that watches began with.')
  readonly terminated: NumberFamily = counter(
    'terminated_watchers_total',
    'Watches that ended because nobody took their events.',
  )
  readonly #lists = new HistogramFamily(
    'apiserver_watch_list_duration_seconds',
    'How long watches took to tell of what there is, in seconds.',
    listBounds,
    ['group', 'version', 'resource', 'scope'],
  )

  of(group: string, resource: string): ResourceWatches {
    const key = `${group}/${resource}`
    let known = this.#resources.get(key)
    if (!known) this.#resources.set(key, (known = new ResourceWatches(this, group, resource)))
    return known
  }

  /** A watch has told of everything that there is. */
  toldAll(seconds: number, group: string, version: string, resource: string, scope: string): void {
    this.#lists.observe(seconds, group, version, resource, scope)
  }

  families(): readonly MetricFamily[] {
    const { received, dispatched, initializations, initial, terminated } = this
    const help = 'Revision up to which watches were told.'
    const revisions = gathered('gauge', 'apiserver_watch_cache_resource_version', help, () =>
      [...this.#resources.values()].flatMap((each) => each.revision()),
    )
    return [received, dispatched, initializations, initial, terminated, this.#lists, revisions]
  }
}

/** Revisions are told by their last fifteen digits. */
const mostRevision = 1e15

/** Who watches one resource. */
export class ResourceWatches {
  readonly #all: WatchMetrics
  readonly #labels: readonly [group: string, resource: string]
  #received: Cell | undefined
  #dispatched: Cell | undefined
  #revision: (() => number) | undefined

  constructor(all: WatchMetrics, group: string, resource: string) {
    this.#all = all
    this.#labels = [group, resource]
  }

  /** The store is read for watches from now on. @param revision up to which they were told */
  began(revision: () => number): void {
    this.#revision = revision
    this.#all.initializations.add(1, ...this.#labels)
  }

  received(events: number): void {
    this.#received ??= this.#all.received.of(...this.#labels)
    this.#received.value += events
  }

  dispatched(): void {
    this.#dispatched ??= this.#all.dispatched.of(...this.#labels)
    this.#dispatched.value++
  }

  /** A watch began with so many objects. */
  initial(events: number): void {
    if (events > 0) this.#all.initial.add(events, ...this.#labels)
  }

  terminated(): void {
    this.#all.terminated.add(1, ...this.#labels)
  }

  revision(): { readonly labels: { readonly group: string; readonly resource: string }; readonly value: number }[] {
    const [group, resource] = this.#labels
    return this.#revision ? [{ labels: { group, resource }, value: this.#revision() % mostRevision }] : []
  }
}
