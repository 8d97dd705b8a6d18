import type { Clock } from '#base'
import type { ApiRequest, ApiResponse, Chunks, Encoded, Headers, ObjectResponse } from '#client'
import { isLongRunning, override } from '../audit/response.ts'
import { newUid } from '../registry/metadata.ts'
import { RequestNotes } from '../request/notes.ts'
import { parseQuery } from '../request/query-options.ts'
import { parseRequestInfo } from '../request/request-info.ts'
import type { RequestInfo } from '../request/request-info.ts'
import type { RequestTrace } from '../tracing/request-trace.ts'
import { warningHeader } from './warnings.ts'

/**
 * What became of a request that nobody served: refused to who asked, dropped because the server has too much to do, or
 * late.
 */
export type Fate = 'refused' | 'dropped' | 'late'

/** One request while it is on its way. */
export class Exchange {
  readonly request: ApiRequest
  readonly query: URLSearchParams
  readonly info: RequestInfo
  readonly notes: RequestNotes = new RequestNotes()
  readonly auditId: string
  /** When it came, in milliseconds since 1970. */
  readonly received: number
  readonly longRunning: boolean
  /** For how long it may take, in milliseconds. */
  limit: number
  /** What flow control says of it. */
  headers: Headers | undefined
  /** Absent while it may still be served. */
  fate: Fate | undefined
  /** When it came, by the monotonic clock. */
  begun = 0
  /** Tells how long what takes, where anybody listens. */
  trace: RequestTrace | undefined
  /** When it came to the step of its way that it is at, by the monotonic clock. */
  stepBegan = 0

  /** @param longest milliseconds that it may take, unless it says less itself */
  constructor(request: ApiRequest, clock: Clock, longest: number) {
    this.request = request
    this.limit = longest
    this.query = parseQuery(request.query)
    this.info = parseRequestInfo(request.method, request.path, this.query)
    this.auditId = request.headers['audit-id'] || newUid(clock)
    this.received = clock.now()
    this.longRunning = isLongRunning(this.info.verb, this.info.subresource)
  }

  /** The answer with the headers that all answers have. */
  complete(response: ApiResponse, sizes?: Sizes): ApiResponse {
    const { warnings } = this.notes
    const headers: { [name: string]: string | undefined } = {
      'cache-control': 'no-cache, private',
      ...response.headers,
      ...this.headers,
      'audit-id': this.auditId,
    }
    if (warnings.size > 0) headers['warning'] = warningHeader(warnings)
    if (response.kind === 'object') return new CompletedObject(response, headers, sizes)
    return override(response, { headers })
  }
}

/** Is told how many bytes answers have. */
interface Sizes {
  observe(bytes: number): void
}

/** An answer with other headers. */
class CompletedObject implements ObjectResponse {
  readonly kind = 'object'
  readonly code: number
  readonly headers: Headers
  readonly chunks?: Chunks
  readonly #response: ObjectResponse
  readonly #sizes: Sizes | undefined

  constructor(response: ObjectResponse, headers: Headers, sizes: Sizes | undefined) {
    this.code = response.code
    this.headers = headers
    this.#response = response
    this.#sizes = sizes
    if (response.chunks) this.chunks = response.chunks
  }

  get object(): unknown {
    return this.#response.object
  }

  encode(): Encoded {
    const encoded = this.#response.encode()
    this.#sizes?.observe(encoded.bytes.length)
    return encoded
  }
}
