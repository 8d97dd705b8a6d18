import type { Attributes, Span } from '#base'
import type { ApiResponse, Chunks, Encoded, Headers, ObjectResponse, OutgoingEvent, WatchSink } from '#client'
import { override } from '../audit/response.ts'
import type { Exchange } from '../chain/exchange.ts'
import { auditIdAttribute } from './scopes.ts'

/** Hears how an answer goes out. */
interface Outgoing {
  /** Does the work of making bytes of an object. */
  serializing<T>(attributes: Attributes, work: (span: Span | undefined) => T): T
  /** Nothing follows. */
  readonly over: (code: number, bytes: number) => void
}

/** The answer to be sent in the place of the one given. */
export function tracedResponse(response: ApiResponse, exchange: Exchange, outgoing: Outgoing): ApiResponse {
  switch (response.kind) {
    case 'object':
      // In-process clients take it as it is.
      if (exchange.request.connection) return new TracedObject(response, exchange, outgoing)
      outgoing.over(response.code, 0)
      return response
    case 'bytes':
      outgoing.over(response.code, response.bytes.length)
      return response
    case 'watch':
      return tracedWatch(response, exchange.request.connection !== undefined, outgoing)
    case 'stream':
      return override(response, { body: tracedBody(response.body, response.code, outgoing) })
    case 'upgrade':
      return override(response, {
        run: async (connection: Parameters<typeof response.run>[0]) =>
          response.run(connection).finally(() => outgoing.over(101, 0)),
      })
  }
}

class TracedObject implements ObjectResponse {
  readonly kind = 'object'
  readonly code: number
  readonly headers?: Headers
  readonly chunks?: Chunks
  readonly #response: ObjectResponse
  readonly #exchange: Exchange
  readonly #outgoing: Outgoing

  constructor(response: ObjectResponse, exchange: Exchange, outgoing: Outgoing) {
    const { code, headers, chunks } = response
    this.code = code
    if (headers) this.headers = headers
    this.#response = response
    this.#exchange = exchange
    this.#outgoing = outgoing
    if (chunks) {
      this.chunks = {
        contentType: chunks.contentType,
        get length() {
          return chunks.length
        },
        pieces: () => this.#pieces(chunks),
      }
    }
  }

  get object(): unknown {
    return this.#response.object
  }

  encode(): Encoded {
    const encoded = this.#outgoing.serializing(this.#attributes(), (span) => {
      const made = this.#response.encode()
      span?.set({ mediaType: made.contentType })
      const size = made.bytes.length
      span?.event('About to start writing response', { size })
      span?.event('Write call succeeded', { size })
      return made
    })
    this.#outgoing.over(this.code, encoded.bytes.length)
    return encoded
  }

  *#pieces(chunks: Chunks): Generator<Uint8Array, void, Uint8Array | undefined> {
    let bytes = 0
    const pieces = chunks.pieces()
    try {
      for (let step = pieces.next(); !step.done;) {
        bytes += step.value.length
        step = pieces.next(yield step.value)
      }
    } finally {
      this.#outgoing.serializing({ ...this.#attributes(), mediaType: chunks.contentType }, (span) => {
        span?.event('About to start writing response', { size: bytes })
        span?.event('Write call succeeded', { size: bytes })
      })
      this.#outgoing.over(this.code, bytes)
    }
  }

  #attributes(): Attributes {
    const { auditId, request } = this.#exchange
    return {
      'audit-id': auditIdAttribute(auditId),
      method: request.method,
      url: request.path,
      protocol: request.connection?.protocol ?? '',
    }
  }
}

function tracedWatch(
  response: Extract<ApiResponse, { kind: 'watch' }>,
  isSent: boolean,
  { over }: Outgoing,
): ApiResponse {
  return override(response, {
    start(sink: WatchSink) {
      let bytes = 0
      const stop = response.start({
        event(event: OutgoingEvent) {
          // The bytes are made once, for this and for whoever sends them.
          if (isSent) bytes += event.encode().length
          sink.event(event)
        },
        ready: () => sink.ready?.(),
        end() {
          sink.end()
          over(response.code, bytes)
        },
      })
      return () => {
        stop()
        over(response.code, bytes)
      }
    },
  })
}

async function* tracedBody(
  body: AsyncIterable<Uint8Array>,
  code: number,
  { over }: Outgoing,
): AsyncIterable<Uint8Array> {
  let bytes = 0
  try {
    for await (const piece of body) {
      bytes += piece.length
      yield piece
    }
  } finally {
    over(code, bytes)
  }
}
