import type { ApiRequest, ApiResponse, OutgoingEvent, WatchSink } from '#client'
import { override } from '../audit/response.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { Services } from '../services.ts'
import type { RequestMetrics, RequestSeries } from './requests.ts'

/** A request that is counted. */
export interface Observation {
  /** The answer, to be sent in the place of the one given. */
  answered(response: ApiResponse): ApiResponse
}

/** Counts a request from its beginning to its end, which for a watch is when nobody watches any more. */
export function observe(
  metrics: RequestMetrics,
  services: Services,
  request: ApiRequest,
  info: RequestInfo,
  query: URLSearchParams,
): Observation {
  const { clock, resources } = services
  const endpoint = info.isResource ? resources.get(info.group, info.version, info.resource) : undefined
  const subresource = info.subresource === '' ? undefined : endpoint?.subresources.get(info.subresource)
  const known = endpoint !== undefined && (info.subresource === '' || subresource !== undefined)
  const connect = subresource?.backing === 'connect' && info.subresource !== 'log'
  const verb = connect ? 'connect' : info.verb === 'patch' && isApply(request) ? 'apply' : info.verb
  const series = metrics.series(info, verb, known, query.has('dryRun'))
  const begun = clock.monotonic()
  const kind = series.mutating ? 'mutating' : 'readOnly'
  metrics.inFlight[kind]++
  return {
    answered(response) {
      metrics.inFlight[kind]--
      const code = response.kind === 'upgrade' ? 101 : response.code
      const finish = (): void => series.finish(code, clock.monotonic() - begun)
      switch (response.kind) {
        case 'watch':
          return watched(response, series, finish)
        case 'upgrade':
          series.longRunning++
          return override(response, {
            run: async (connection: Parameters<typeof response.run>[0]) =>
              response.run(connection).finally(() => {
                series.longRunning--
                finish()
              }),
          })
        default:
          finish()
          return response
      }
    },
  }
}

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
