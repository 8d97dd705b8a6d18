import { sleep } from '#base'
import type { Clock } from '#base'
import type { ApiRequest, ApiResponse, Transport } from '../transport.ts'
import { retryAfterSeconds } from './response.ts'
import { transportErrorCode } from './transport-error.ts'

export interface RetryOptions {
  readonly clock: Clock
  /** How often a request is repeated at most; 10 when absent. */
  readonly retries?: number
}

/** Milliseconds before a GET is repeated whose connection was lost. */
const lostDelay = 1000

/**
 * A transport that repeats what the server asks to repeat: answers of 429 and 5xx with a `Retry-After` of whole seconds,
 * as often as they come, up to a limit. Reads are repeated as well when the connection was lost; writes are not, since
 * they may have been carried out. Requests whose body can be read only once are sent once.
 */
export function retryTransport(transport: Transport, { clock, retries = 10 }: RetryOptions): Transport {
  return async (request) => {
    const repeatable = request.body?.kind !== 'bytes'
    for (let attempt = 0; ; attempt++) {
      const mayRetry = repeatable && attempt < retries
      let delay: number
      try {
        const response = await transport(request)
        const wanted = mayRetry ? requestedDelay(response) : undefined
        if (wanted === undefined) return response
        delay = wanted
      } catch (error) {
        if (!mayRetry || !mayRepeat(request, error)) throw error
        delay = lostDelay
      }
      await sleep(clock, delay, request.signal)
    }
  }
}

function requestedDelay(response: ApiResponse): number | undefined {
  if (response.kind !== 'object' && response.kind !== 'bytes') return undefined
  if (response.code !== 429 && response.code < 500) return undefined
  const seconds = retryAfterSeconds(response.headers)
  return seconds === undefined ? undefined : Math.max(0, seconds) * 1000
}

function mayRepeat(request: ApiRequest, error: unknown): boolean {
  return request.method === 'GET' && !request.signal.aborted && transportErrorCode(error) === 'Lost'
}
