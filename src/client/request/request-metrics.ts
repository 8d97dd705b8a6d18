import type { Clock } from '#base'
import { HistogramFamily, NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { ApiResponse, Transport } from '../transport.ts'

/** Seconds. */
const durationBounds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60] as const

/** What a program asks of API servers, under the names that all clients of Kubernetes count it by. */
export class RequestMetrics {
  readonly #clock: Clock
  readonly #requests = new NumberFamily(
    'counter',
    'rest_client_requests_total',
    '[ALPHA] Number of HTTP requests, partitioned by status code, method, and host.',
    ['code', 'method', 'host'],
  )
  readonly #durations = new HistogramFamily(
    'rest_client_request_duration_seconds',
    '[ALPHA] Request latency in seconds. Broken down by verb, and host.',
    durationBounds,
    ['verb', 'host'],
  )

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The same transport, counted: each request when its answer begins. @param host of the server, with its port. */
  of(transport: Transport, host: string): Transport {
    return async (request) => {
      const { method } = request
      const began = this.#clock.monotonic()
      let code = '<error>'
      try {
        const response = await transport(request)
        code = String(codeOf(response))
        return response
      } finally {
        this.#requests.add(1, code, method, host)
        this.#durations.observe((this.#clock.monotonic() - began) / 1000, method, host)
      }
    }
  }

  families(): readonly MetricFamily[] {
    return [this.#durations, this.#requests]
  }
}

const switchingProtocols = 101

const codeOf = (response: ApiResponse): number => (response.kind === 'upgrade' ? switchingProtocols : response.code)
