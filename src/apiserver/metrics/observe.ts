import type { Clock } from '#base'
import type { ApiRequest, ApiResponse, OutgoingEvent, WatchSink } from '#client'
import { override } from '../audit/response.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { Services } from '../services.ts'
import type { Histogram } from '#machinery'
import type { RequestMetrics, RequestSeries } from './requests.ts'

/** Counts a request from its beginning to its end, which for a watch is when nobody watches any more. */
export class Observation {
  readonly #metrics: RequestMetrics
  readonly #clock: Clock
  readonly #series: RequestSeries
  readonly #begun: number

  constructor(
    metrics: RequestMetrics,
    { clock, resources }: Services,
    {
      request,
      info,
      query,
    }: { readonly request: ApiRequest; readonly info: RequestInfo; readonly query: URLSearchParams },
  ) {
    const endpoint = info.isResource ? resources.get(info.group, info.version, info.resource) : undefined
    const subresource = info.subresource === '' ? undefined : endpoint?.subresources.get(info.subresource)
    const known = endpoint !== undefined && (info.subresource === '' || subresource !== undefined)
    const connect = subresource?.backing === 'connect' && info.subresource !== 'log'
    const verb = connect ? 'connect' : info.verb === 'patch' && isApply(request) ? 'apply' : info.verb
    this.#metrics = metrics
    this.#clock = clock
    const deprecated = known && endpoint.deprecation !== undefined
    this.#series = metrics.series(info, verb, { known, deprecated, dryRun: query.has('dryRun') })
    this.#begun = clock.monotonic()
    metrics.inFlight[kindOf(this.#series)]++
  }

  /** Takes the sizes of answers to those who read. */
  get sizes(): Histogram | undefined {
    return this.#series.sizes
  }

  /** The answer, to be sent in the place of the one given. */
  answered(response: ApiResponse): ApiResponse {
    const series = this.#series
    this.#metrics.inFlight[kindOf(series)]--
    switch (response.kind) {
      case 'watch':
        return watched(response, series, () => this.#finish(response.code))
      case 'upgrade':
        series.longRunning++
        return override(response, {
          run: async (connection: Parameters<typeof response.run>[0]) =>
            response.run(connection).finally(() => {
              series.longRunning--
              this.#finish(101)
            }),
        })
      default:
        this.#finish(response.code)
        return response
    }
  }

  #finish(code: number): void {
    this.#series.finish(code, this.#clock.monotonic() - this.#begun)
  }
}

const kindOf = ({ mutating }: RequestSeries): 'mutating' | 'readOnly' => (mutating ? 'mutating' : 'readOnly')

function isApply({ headers }: ApiRequest): boolean {
  return headers['content-type']?.startsWith('application/apply-patch') === true
}

function watched(
  response: Extract<ApiResponse, { kind: 'watch' }>,
  series: RequestSeries,
  finish: () => void,
): ApiResponse {
  return override(response, {
    start(sink: WatchSink) {
      series.longRunning++
      let over = false
      const end = (): void => {
        if (over) return
        over = true
        series.longRunning--
        finish()
      }
      const stop = response.start({
        event(event: OutgoingEvent) {
          series.events++
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
