import { sleep } from '#base'
import type { Clock } from '#base'
import { Backoff, objectOf, transportErrorCode } from '#client'
import type { ApiResponse, RequestBody, Transport } from '#client'
import { quote, statusOf } from '#machinery'
import { failureOf } from './failure.ts'

/** Somebody who is asked over HTTP: a webhook that reviews tokens, or access. */
export interface ReviewEndpoint {
  readonly clock: Clock
  /** Leads to the very path that is asked. */
  readonly transport: Transport
  /** Where that is, for people who read why it did not answer. */
  readonly url?: string
  /** Milliseconds for one attempt; 30,000 when absent. */
  readonly timeoutMs?: number
  /** Milliseconds before the second attempt, growing by half with every further one; 500 when absent. */
  readonly retryDelayMs?: number
  /** Tries again whatever went wrong. */
  readonly retryAll?: boolean
  /** How often it is tried at most; 5 times when absent. */
  readonly attempts?: number
  /** Hears of every attempt: milliseconds that it took, and what went wrong. */
  readonly attempted?: (milliseconds: number, error?: unknown) => void
}

const mostAttempts = 5

/**
 * Sends a review, or its JSON, and gives back what it became. Failures that may pass are met with up to four further attempts.
 *
 * @throws StatusError what the webhook refuses with, TransportError when no answer came
 */
export async function postReview<T>(
  endpoint: ReviewEndpoint,
  review: object | Uint8Array,
  signal?: AbortSignal,
): Promise<T> {
  const { clock, retryDelayMs: initialMs = 500, retryAll = false, attempts = mostAttempts, attempted } = endpoint
  const backoff = new Backoff(clock, { initialMs, maxMs: Infinity, factor: 1.5, jitter: 0.2 })
  for (let attempt = 1; ; attempt++) {
    const begun = clock.monotonic()
    try {
      const answer = (await postOnce(endpoint, review, signal)) as T
      attempted?.(clock.monotonic() - begun)
      return answer
    } catch (error) {
      attempted?.(clock.monotonic() - begun, error)
      if (attempt === attempts || signal?.aborted || !(retryAll || mayPass(error))) throw located(error, endpoint.url)
    }
    await sleep(clock, backoff.next(), signal)
  }
}

async function postOnce(
  { clock, transport, timeoutMs = 30_000 }: ReviewEndpoint,
  review: object | Uint8Array,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const controller = new AbortController()
  const cancel = clock.timer(timeoutMs, () => controller.abort(new Error('context deadline exceeded')))
  try {
    const response = await transport({
      method: 'POST',
      path: '',
      query: '',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'kube-apiserver/v1.36.2',
      },
      body: review instanceof Uint8Array ? bodyOf(review) : { kind: 'object', object: review },
      signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    })
    return objectOf(asJson(response), { method: 'POST' })
  } finally {
    cancel()
  }
}

function bodyOf(bytes: Uint8Array): RequestBody {
  return {
    kind: 'bytes',
    read: () => bytes,
    async *stream() {
      yield bytes
    },
  }
}

/** A failure on the way to the webhook, with where that is; what the webhook says itself stays as it is. */
function located(error: unknown, url: string | undefined): unknown {
  if (url === undefined || statusOf(error)) return error
  return new Error(`Post ${quote(url)}: ${failureOf(error)}`, { cause: error })
}

/** Many a webhook does not say what it answers with. */
function asJson(response: ApiResponse): ApiResponse {
  const isAnswer = response.kind === 'bytes' && response.code >= 200 && response.code <= 206
  return isAnswer ? { ...response, contentType: 'application/json' } : response
}

const passing = new Set(['InternalError', 'Timeout', 'TooManyRequests'])

function mayPass(error: unknown): boolean {
  if (transportErrorCode(error) === 'Lost') return true
  const status = statusOf(error)
  return passing.has(status?.reason ?? '') || status?.details?.retryAfterSeconds !== undefined
}
