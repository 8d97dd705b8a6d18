import type { Clock } from '#base'
import { exponentialBounds, gathered, Histogram, NumberFamily } from '#machinery'
import type { LabelSet, MetricFamily, MetricType, Sample } from '#machinery'
import type { RequestInfo } from '../request/request-info.ts'
import { InFlight } from './in-flight.ts'
import { isMutating, pathLabels, scopeLabel, verbLabel } from './labels.ts'
import type { PathLabels } from './labels.ts'
import type { FamilySource } from './source.ts'

/** Seconds, as upstream has them. */
const durationBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
]
const leastSliBound = 0.05

/** Bytes, as upstream has them. */
const sizeBounds = exponentialBounds(1e3, 10, 7)
const eventSizeBounds = exponentialBounds(1024, 2, 8)

/** Events that watches of one resource were sent. */
export class EventSeries {
  readonly labels: LabelSet
  count = 0
  readonly sizes: Histogram = new Histogram(eventSizeBounds)

  constructor(labels: LabelSet) {
    this.labels = labels
  }
}

const reading = new Set(['GET', 'LIST', 'WATCH'])

/** Requests of one kind: of one verb on one resource in one scope. */
export class RequestSeries {
  readonly labels: LabelSet
  readonly mutating: boolean
  /** What they ask for is deprecated. */
  readonly deprecated: boolean
  readonly byCode: Map<number, number> = new Map()
  /** Those that were ended early to protect the server. */
  readonly terminated: Map<number, number> = new Map()
  readonly duration: Histogram = new Histogram(durationBounds)
  /** The same requests in earnest, where this series is of dry runs: most is told of both together. */
  readonly earnest: RequestSeries
  /** Sizes of answers to those who read, in bytes. */
  readonly sizes: Histogram | undefined
  /** Of watches alone. */
  readonly events: EventSeries | undefined
  /** Requests under way that last for as long as their client wants. */
  longRunning = 0
  /** Requests of the server to itself. */
  own = 0
  #sli: Histogram | undefined

  constructor(labels: LabelSet, deprecated: boolean, events: EventSeries | undefined, earnest?: RequestSeries) {
    this.labels = labels
    this.deprecated = deprecated
    this.events = events
    this.earnest = earnest ?? this
    const { verb = '' } = labels
    this.mutating = isMutating(verb)
    this.sizes = reading.has(verb) ? new Histogram(sizeBounds) : undefined
  }

  /** Without the time that others took: webhooks, and those who were served first. */
  get sli(): Histogram {
    return this.#sli ?? this.duration
  }

  /** @param others milliseconds of those that others took */
  finish(code: number, milliseconds: number, others: number): void {
    this.counted(code)
    // Nearly no request waits for others: until the first does, both are the same.
    if (others > 0) this.#sli ??= this.duration.copy()
    this.duration.observe(milliseconds / 1000)
    this.#sli?.observe((milliseconds - others) / 1000)
  }

  counted(code: number): void {
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1)
  }

  terminate(code: number): void {
    this.terminated.set(code, (this.terminated.get(code) ?? 0) + 1)
  }
}

export interface RequestFacts {
  /** The resource, and the subresource if one is asked for, are there. */
  readonly known: boolean
  readonly deprecated: boolean
  /** Empty in earnest. */
  readonly dryRun: string
}

/** What is counted of requests, cheaply: one look into a map, and two sums. */
export class RequestMetrics implements FamilySource {
  readonly #series = new Map<string, RequestSeries>()
  readonly #events = new Map<string, EventSeries>()
  /** Short requests under way. */
  readonly inFlight: InFlight
  /** Those that wait for a seat. */
  readonly inQueue: InFlight
  /** Connections that came to no request. */
  readonly handshakeErrors: NumberFamily = new NumberFamily(
    'counter',
    'apiserver_tls_handshake_errors_total',
    'Connections whose TLS handshake failed.',
    [],
  )

  constructor(clock: Clock) {
    const help = 'Most requests under way at a time, in the last second, of those that will end by themselves.'
    this.inFlight = new InFlight(clock, 'apiserver_current_inflight_requests', help)
    const waiting = 'Most requests that waited for a seat at a time, in the last second.'
    this.inQueue = new InFlight(clock, 'apiserver_current_inqueue_requests', waiting)
  }

  /**
   * The series of a request. Whatever clients may ask for, the number of series stays within what the API has: paths and
   * resources that do not exist share one.
   */
  series(info: RequestInfo, verb: string, { known, deprecated, dryRun }: RequestFacts): RequestSeries {
    const label = verbLabel(verb)
    const key = known
      ? `${label} ${info.group}/${info.version}/${info.resource}/${info.subresource} ${scopeLabel(info)} ${dryRun}`
      : `${label} ${pathKey(info)} ${dryRun}`
    let series = this.#series.get(key)
    if (!series) {
      const labels = known ? resourceLabels(info, label, dryRun) : otherLabels(info, label, dryRun)
      const events = label === 'WATCH' && known ? this.#eventsOf(labels) : undefined
      const earnest = dryRun === '' ? undefined : this.series(info, verb, { known, deprecated, dryRun: '' })
      series = new RequestSeries(labels, deprecated, events, earnest)
      this.#series.set(key, series)
    }
    return series
  }

  #eventsOf({ group = '', version = '', resource = '' }: LabelSet): EventSeries {
    const key = `${group}/${version}/${resource}`
    let events = this.#events.get(key)
    if (!events) this.#events.set(key, (events = new EventSeries({ group, version, resource })))
    return events
  }

  families(): readonly MetricFamily[] {
    const all = (): readonly RequestSeries[] => [...this.#series.values()]
    const each = (
      type: MetricType,
      name: string,
      help: string,
      samples: (series: RequestSeries) => readonly Sample[],
    ): MetricFamily => gathered(type, `apiserver_${name}`, help, () => all().flatMap(samples))
    /** Of dry runs and others together. */
    const both = (
      type: MetricType,
      name: string,
      help: string,
      samples: (series: RequestSeries, labels: LabelSet) => readonly Sample[],
    ): MetricFamily =>
      each(type, name, help, (series) => {
        const { dry_run: dryRun, ...labels } = series.labels
        return dryRun === '' ? samples(series, labels) : []
      })
    return [
      each('counter', 'request_total', 'Requests that were answered, by what they asked for.', ({ labels, byCode }) =>
        codesOf(labels, byCode),
      ),
      each('histogram', 'request_duration_seconds', 'How long answers took, in seconds.', ({ labels, duration }) =>
        toldOnce(labels, duration),
      ),
      both(
        'histogram',
        'request_sli_duration_seconds',
        'How long answers took, in seconds, without the time of webhooks and of waiting for a seat.',
        // How long a watch lasts is its client's to say.
        ({ sli, events }, labels) => (sli.count > 0 && !events ? [{ labels, value: sli.from(leastSliBound) }] : []),
      ),
      both('histogram', 'response_sizes', 'Sizes of answers, in bytes.', ({ sizes }, labels) =>
        sizes ? toldOnce(labels, sizes) : [],
      ),
      both('gauge', 'longrunning_requests', 'Watches and streams under way.', ({ longRunning }, labels) =>
        longRunning > 0 ? [{ labels, value: longRunning }] : [],
      ),
      both(
        'counter',
        'request_terminations_total',
        'Requests that the server ended early to protect itself.',
        ({ terminated }, labels) => codesOf(labels, terminated),
      ),
      this.#own(),
      this.#deprecated(),
      gathered('counter', 'apiserver_watch_events_total', 'Events that watches were sent.', () =>
        this.#sent().map(({ labels, count }) => ({ labels, value: count })),
      ),
      gathered('histogram', 'apiserver_watch_events_sizes', 'Bytes of the events that watches were sent.', () =>
        this.#sent().flatMap(({ labels, sizes }) => toldOnce(labels, sizes)),
      ),
      ...this.inFlight.families(),
      ...this.inQueue.families(),
      this.handshakeErrors,
    ]
  }

  /** Requests of the server to itself, whatever their version and scope. */
  #own(): MetricFamily {
    return gathered('counter', 'apiserver_selfrequest_total', 'Requests of the server to itself.', () => {
      const sums = new Map<string, { readonly labels: LabelSet; value: number }>()
      for (const { labels: of, own } of this.#series.values()) {
        if (own === 0) continue
        const { verb = '', group = '', resource = '', subresource = '' } = of
        const labels = { verb, group, resource, subresource }
        const key = Object.values(labels).join('\0')
        const sum = sums.get(key)
        if (sum) sum.value += own
        else sums.set(key, { labels, value: own })
      }
      return sums.values()
    })
  }

  #sent(): readonly EventSeries[] {
    return [...this.#events.values()].filter(({ count }) => count > 0)
  }

  /** What was asked for although it is deprecated. In which release it goes is not known of any. */
  #deprecated(): MetricFamily {
    const help = 'Deprecated resources that were asked for.'
    return gathered('gauge', 'apiserver_requested_deprecated_apis', help, () => {
      const asked = new Map<string, Sample>()
      for (const { deprecated, byCode, labels } of this.#series.values()) {
        if (!deprecated || byCode.size === 0) continue
        const { group = '', version = '', resource = '', subresource = '' } = labels
        const told = { group, removed_release: '', resource, subresource, version }
        asked.set(Object.values(told).join('\0'), { labels: told, value: 1 })
      }
      return asked.values()
    })
  }
}

const toldOnce = (labels: LabelSet, histogram: Histogram): readonly Sample[] =>
  histogram.count > 0 ? [{ labels, value: histogram }] : []

const codesOf = (labels: LabelSet, byCode: ReadonlyMap<number, number>): readonly Sample[] =>
  [...byCode].map(([code, value]) => ({ labels: { ...labels, code: String(code) }, value }))

function resourceLabels(info: RequestInfo, verb: string, dryRun: string): LabelSet {
  const { group, version, resource, subresource } = info
  return {
    component: 'apiserver',
    dry_run: dryRun,
    group,
    version,
    resource,
    subresource,
    scope: scopeLabel(info),
    verb,
  }
}

function pathKey(info: RequestInfo): string {
  const { resource, subresource } = ofPath(info)
  return resource + subresource
}

const ofPath = ({ isResource, path }: RequestInfo): PathLabels => (isResource ? undefined : pathLabels(path)) ?? unknown

function otherLabels(info: RequestInfo, verb: string, dryRun: string): LabelSet {
  return { ...ofPath(info), dry_run: dryRun, group: '', version: '', scope: '', verb }
}

/** Told where requests are turned away before anybody looks for what they ask for. */
const unknown: PathLabels = { component: 'apiserver', resource: '', subresource: '' }
