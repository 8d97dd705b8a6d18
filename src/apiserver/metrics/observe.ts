import type { Clock } from '#base'
import type { ApiRequest, ApiResponse, OutgoingEvent, WatchSink } from '#client'
import type { Histogram } from '#machinery'
import { override } from '../audit/response.ts'
import type { Exchange } from '../chain/exchange.ts'
import type { Services } from '../services.ts'
import { dryRunLabel, isConnecting, pathLabels } from './labels.ts'
import type { RequestMetrics, RequestSeries } from './requests.ts'

/** What is looked at of a request. */
export type Observed = Pick<Exchange, 'request' | 'info' | 'query' | 'notes' | 'fate'>

/** Counts a request from its beginning to its end, which for a watch is when nobody watches any more. */
export class Observation {
  readonly #metrics: RequestMetrics
  readonly #clock: Clock
  readonly #exchange: Observed
  readonly #series: RequestSeries
  /** What it asks for is there, and counted. */
  readonly #known: boolean
  /** When it came, by the monotonic clock. */
  readonly begun: number

  constructor(metrics: RequestMetrics, { clock, resources }: Services, exchange: Observed) {
    const { request, info, query } = exchange
    const { subresource } = info
    const endpoint = info.isResource ? resources.get(info.group, info.version, info.resource) : undefined
    const isThere = endpoint !== undefined && (subresource === '' || endpoint.subresources.has(subresource))
    const verb = isConnecting(subresource) ? 'connect' : info.verb === 'patch' && isApply(request) ? 'apply' : info.verb
    this.#metrics = metrics
    this.#clock = clock
    this.#exchange = exchange
    this.#known = isThere || (!info.isResource && pathLabels(info.path) !== undefined)
    const deprecated = isThere && endpoint.deprecation !== undefined
    this.#series = metrics.series(info, verb, { known: isThere, deprecated, dryRun: dryRunLabel(query) })
    this.begun = clock.monotonic()
    metrics.inFlight.enter(kindOf(this.#series), this.begun)
  }

  /** Takes the sizes of answers to those who read. */
  get sizes(): Histogram | undefined {
    return this.#isCounted ? this.#series.earnest.sizes : undefined
  }

  /** Requests that were turned away before anybody looked for what they ask for are not counted. */
  get #isCounted(): boolean {
    return this.#known && this.#exchange.fate !== 'refused'
  }

  /** The answer, to be sent in the place of the one given. */
  answered(response: ApiResponse): ApiResponse {
    const series = this.#series
    const now = this.#clock.monotonic()
    this.#metrics.inFlight.leave(kindOf(series), now)
    const { fate, request } = this.#exchange
    if (fate === 'dropped' || fate === 'late') {
      const code = fate === 'dropped' ? 429 : 504
      series.earnest.terminate(code)
      if (fate === 'dropped') series.counted(code)
      else if (this.#known) this.#finish(code, now)
      return response
    }
    if (!this.#isCounted) return response
    switch (response.kind) {
      case 'watch':
        return watched(response, series, request.user === undefined, () => this.#finish(response.code))
      case 'stream':
        return override(response, { body: streamed(response.body, series, () => this.#finish(response.code)) })
      case 'upgrade':
        series.earnest.longRunning++
        return override(response, {
          run: async (connection: Parameters<typeof response.run>[0]) =>
            response.run(connection).finally(() => {
              series.earnest.longRunning--
              this.#finish(101)
            }),
        })
      case 'bytes':
        series.earnest.sizes?.observe(response.bytes.length)
        this.#finish(response.code, now)
        return response
      default:
        this.#finish(response.code, now)
        return response
    }
  }

  #finish(code: number, now: number = this.#clock.monotonic()): void {
    const { request, notes } = this.#exchange
    this.#series.finish(code, now - this.begun, notes.othersMs)
    if (request.headers['user-agent']?.startsWith('kube-apiserver/')) this.#series.own++
  }
}

const kindOf = ({ mutating }: RequestSeries): 'mutating' | 'readOnly' => (mutating ? 'mutating' : 'readOnly')

function isApply({ headers }: ApiRequest): boolean {
  return headers['content-type']?.startsWith('application/apply-patch') === true
}

/** @param isSent whether its events leave as bytes */
function watched(
  response: Extract<ApiResponse, { kind: 'watch' }>,
  { earnest, events, sizes }: RequestSeries,
  isSent: boolean,
  finish: () => void,
): ApiResponse {
  return override(response, {
    start(sink: WatchSink) {
      earnest.longRunning++
      let over = false
      let bytes = 0
      const end = (): void => {
        if (over) return
        over = true
        earnest.longRunning--
        if (isSent) sizes?.observe(bytes)
        finish()
      }
      const stop = response.start({
        event(event: OutgoingEvent) {
          if (events) {
            events.count++
            // The bytes are made once, for this and for whoever sends them.
            if (isSent) {
              const { length } = event.encode()
              events.sizes.observe(length)
              bytes += length
            }
          }
          sink.event(event)
        },
        ready: () => sink.ready?.(),
        end() {
          sink.end()
          end()
        },
      })
      return () => {
        stop()
        end()
      }
    },
  })
}

async function* streamed(
  body: AsyncIterable<Uint8Array>,
  { earnest }: RequestSeries,
  finish: () => void,
): AsyncIterable<Uint8Array> {
  earnest.longRunning++
  try {
    yield* body
  } finally {
    earnest.longRunning--
    finish()
  }
}
