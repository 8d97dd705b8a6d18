import { headText, Histogram, labelText } from '#machinery'
import type { LabelSet } from '#machinery'
import type { RequestInfo } from '../request/request-info.ts'
import { AdmissionMetrics } from './admission.ts'

/** Seconds, as upstream has them. */
const durationBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
]

/** Bytes, as upstream has them. */
const sizeBounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

const verbs: { readonly [verb: string]: string } = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  apply: 'APPLY',
  delete: 'DELETE',
  deletecollection: 'DELETECOLLECTION',
  connect: 'CONNECT',
  proxy: 'CONNECT',
  // Of paths that are no resources, in lower case.
  head: 'GET',
  post: 'POST',
  put: 'PUT',
}

const mutating = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION'])

/** Requests of one kind: of one verb on one resource in one scope. */
export class RequestSeries {
  readonly labels: LabelSet
  readonly mutating: boolean
  /** What they ask for is deprecated. */
  readonly deprecated: boolean
  readonly byCode: Map<number, number> = new Map()
  readonly duration: Histogram = new Histogram(durationBounds)
  /** Sizes of answers to those who read, in bytes. */
  readonly sizes: Histogram | undefined
  /** Events that watches were sent. */
  events = 0
  /** Requests under way that last for as long as their client wants. */
  longRunning = 0

  constructor(labels: LabelSet, deprecated: boolean) {
    this.labels = labels
    this.deprecated = deprecated
    const { verb = '', component } = labels
    this.mutating = mutating.has(verb)
    this.sizes = component !== '' && (verb === 'GET' || verb === 'LIST') ? new Histogram(sizeBounds) : undefined
  }

  finish(code: number, milliseconds: number): void {
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1)
    this.duration.observe(milliseconds / 1000)
  }
}

export interface RequestFacts {
  /** The resource, and the subresource if one is asked for, are there. */
  readonly known: boolean
  readonly deprecated: boolean
  readonly dryRun: boolean
}

/** What is counted of requests, cheaply: one look into a map, and two sums. */
export class RequestMetrics {
  readonly #series = new Map<string, RequestSeries>()
  readonly admission: AdmissionMetrics = new AdmissionMetrics()
  /** Short requests under way. */
  readonly inFlight: { readOnly: number; mutating: number } = { readOnly: 0, mutating: 0 }

  /**
   * The series of a request. Whatever clients may ask for, the number of series stays within what the API has: paths and
   * resources that do not exist share one.
   */
  series(info: RequestInfo, verb: string, { known, deprecated, dryRun }: RequestFacts): RequestSeries {
    const label = verbLabel(verb)
    const key = known
      ? `${label} ${info.group}/${info.version}/${info.resource}/${info.subresource} ${scopeOf(info)} ${dryRun}`
      : `${label} ${pathLabel(info)}`
    let series = this.#series.get(key)
    if (!series) {
      series = new RequestSeries(known ? resourceLabels(info, verb, dryRun) : otherLabels(info, verb), deprecated)
      this.#series.set(key, series)
    }
    return series
  }

  text(): string {
    const all = [...this.#series.values()]
    let total = headText('apiserver_request_total', 'counter', 'Requests that were answered, by what they asked for.')
    let duration = headText('apiserver_request_duration_seconds', 'histogram', 'How long answers took, in seconds.')
    let sli = headText('apiserver_request_sli_duration_seconds', 'histogram', 'How long answers took, in seconds.')
    let sizes = headText('apiserver_response_sizes', 'histogram', 'Sizes of answers, in bytes.')
    let running = headText('apiserver_longrunning_requests', 'gauge', 'Watches and streams under way.')
    for (const series of all) {
      const { dry_run: _, ...labels } = series.labels
      for (const [code, count] of series.byCode)
        total += `apiserver_request_total${labelText({ ...series.labels, code: String(code) })} ${count}\n`
      if (series.labels['verb'] !== 'WATCH' && series.byCode.size > 0) {
        duration += series.duration.text('apiserver_request_duration_seconds', series.labels)
        sli += series.duration.text('apiserver_request_sli_duration_seconds', labels, 0.05)
      }
      if (series.sizes && series.sizes.count > 0) sizes += series.sizes.text('apiserver_response_sizes', labels)
      if (series.longRunning > 0)
        running += `apiserver_longrunning_requests${labelText(labels)} ${series.longRunning}\n`
    }
    return [
      total,
      duration,
      sli,
      sizes,
      running,
      this.#inFlightText(),
      this.#eventsText(all),
      deprecatedText(all),
      this.admission.text(),
    ].join('')
  }

  #inFlightText(): string {
    const name = 'apiserver_current_inflight_requests'
    let text = headText(name, 'gauge', 'Requests under way that will end by themselves.')
    for (const [kind, count] of Object.entries(this.inFlight))
      text += `${name}${labelText({ request_kind: kind })} ${count}\n`
    return text
  }

  #eventsText(all: readonly RequestSeries[]): string {
    const sums = new Map<string, number>()
    for (const { labels, events } of all) {
      if (events === 0) continue
      const { group = '', version = '', resource = '' } = labels
      const suffix = labelText({ group, version, resource })
      sums.set(suffix, (sums.get(suffix) ?? 0) + events)
    }
    let text = headText('apiserver_watch_events_total', 'counter', 'Events that watches were sent.')
    for (const [suffix, sum] of sums) text += `apiserver_watch_events_total${suffix} ${sum}\n`
    return text
  }
}

/** What was asked for although it is deprecated. In which release it goes is not known of any. */
function deprecatedText(all: readonly RequestSeries[]): string {
  const name = 'apiserver_requested_deprecated_apis'
  const asked = all
    .filter(({ deprecated, byCode }) => deprecated && byCode.size > 0)
    .map(({ labels: { group = '', version = '', resource = '', subresource = '' } }) =>
      labelText({ group, removed_release: '', resource, subresource, version }),
    )
  return headText(name, 'gauge', 'Deprecated resources that were asked for.').concat(
    ...new Set(asked.map((labels) => `${name}${labels} 1\n`)),
  )
}

function resourceLabels(info: RequestInfo, verb: string, dryRun: boolean): LabelSet {
  const { group, version, resource, subresource } = info
  return {
    component: 'apiserver',
    dry_run: dryRun ? 'All' : '',
    group,
    version,
    resource,
    subresource,
    scope: scopeOf(info),
    verb: verbLabel(verb),
  }
}

function otherLabels(info: RequestInfo, verb: string): LabelSet {
  return {
    component: '',
    dry_run: '',
    group: '',
    version: '',
    resource: '',
    subresource: pathLabel(info),
    scope: '',
    verb: verbLabel(verb),
  }
}

/** Methods without a meaning are clients' to make up, and share one. */
const verbLabel = (verb: string): string => verbs[verb] ?? 'other'

/** Upstream keeps apart these paths alone. */
function pathLabel({ path, isResource }: RequestInfo): string {
  if (isResource) return ''
  return ['/healthz', '/livez', '/readyz', '/metrics'].includes(path) ? path : ''
}

function scopeOf({ name, verb, namespace }: RequestInfo): string {
  if (name !== '' || verb === 'create') return 'resource'
  return namespace !== '' ? 'namespace' : 'cluster'
}
