import type { Clock } from '#base'
import type { ApiRequest, ApiResponse, Transport } from '#client'
import { HistogramFamily, NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { WebhookDialer } from '../webhook/dialer.ts'
import type { FamilySource } from './source.ts'

/** Seconds, as upstream has them. */
const durationBounds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]
/** Bytes, as upstream has them. */
const sizeBounds = [64, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216]
const byHost = ['host', 'verb']

/** What the server itself asks of others over the wire. */
export class RestClientMetrics implements FamilySource {
  readonly #requests = new NumberFamily(
    'counter',
    'rest_client_requests_total',
    'Requests to others, by what they answered.',
    ['code', 'host', 'method'],
  )
  readonly #durations = new HistogramFamily(
    'rest_client_request_duration_seconds',
    'How long others took to answer, in seconds.',
    durationBounds,
    byHost,
  )
  readonly #sizes = new HistogramFamily(
    'rest_client_response_size_bytes',
    'Sizes of what others answered, in bytes.',
    sizeBounds,
    byHost,
  )

  asked(host: string, method: string, milliseconds: number, response: ApiResponse | undefined): void {
    const code = response && 'code' in response ? String(response.code) : '<error>'
    this.#requests.add(1, code, host, method)
    this.#durations.observe(milliseconds / 1000, host, method)
    if (response?.kind === 'bytes') this.#sizes.observe(response.bytes.length, host, method)
  }

  families(): readonly MetricFamily[] {
    return [this.#requests, this.#durations, this.#sizes]
  }
}

/** The same dialer, whose transports count what goes over them. */
export function countedDialer(dial: WebhookDialer, metrics: RestClientMetrics, clock: Clock): WebhookDialer {
  const counted = new WeakMap<Transport, Transport>()
  return (target) => {
    const transport = dial(target)
    let known = counted.get(transport)
    if (!known) {
      const host = /^[^:]+:\/\/([^/?]*)/.exec(target.url)?.[1] ?? ''
      known = countedTransport(transport, host, metrics, clock)
      counted.set(transport, known)
    }
    return known
  }
}

function countedTransport(transport: Transport, host: string, metrics: RestClientMetrics, clock: Clock): Transport {
  return async (request: ApiRequest) => {
    const began = clock.monotonic()
    let response: ApiResponse | undefined
    try {
      response = await transport(request)
      return response
    } finally {
      metrics.asked(host, request.method, clock.monotonic() - began, response)
    }
  }
}
