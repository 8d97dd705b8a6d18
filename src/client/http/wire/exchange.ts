import { IncomingMessage } from 'node:http'
import { constants } from 'node:http2'
import type { Readable } from 'node:stream'
import { messageOf } from '#base'
import { TransportError } from '#client'
import type { Headers, TransportErrorCode } from '#client'
import type { RequestHeaders } from '../auth/credentials.ts'
import type { WholeAnswer } from './answer-reader.ts'

/** One request on the wire. */
export interface Exchange {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: RequestHeaders
  readonly body: Uint8Array | undefined
  readonly signal: AbortSignal
}

/** Head of an answer; the body waits until someone reads it, and is let go of by `destroy`. */
export interface Answer {
  readonly code: number
  readonly headers: Headers
  readonly body: Readable
}

/** A way of speaking to the server, with its connections. */
export interface Protocol {
  /** @throws TransportError, and the reason of the exchange's signal. */
  send(exchange: Exchange): Promise<Answer>
  /** The same for who wants the whole answer at once. */
  call(exchange: Exchange): Promise<WholeAnswer>
  /** No new exchange uses the connections that are open; those under way may end. */
  retire(): void
  /** Ends all connections. */
  close(): void
}

const refused = new Set(['ECONNREFUSED'])
const lost = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE'])
const lostPrefix = 'ERR_HTTP2_'

/** Names an error of Node's sockets by what it means for a request. */
export function transportError(error: unknown, exchange: Pick<Exchange, 'method' | 'target'>): TransportError {
  if (error instanceof TransportError) return error
  const code = errorCode(error)
  const message = messageOf(error)
  const meaning: TransportErrorCode = refused.has(code)
    ? 'Refused'
    : lost.has(code) || code.startsWith(lostPrefix)
      ? 'Lost'
      : 'Unreachable'
  return new TransportError(meaning, `${exchange.method} ${exchange.target}: ${message}`, { cause: error })
}

export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/** Sends, and reads the answer to its end. @throws TransportError, and the reason of the exchange's signal. */
export async function callOver(protocol: Pick<Protocol, 'send'>, exchange: Exchange): Promise<WholeAnswer> {
  const { code, headers, body } = await protocol.send(exchange)
  return { code, headers, bytes: await readBody(body, exchange) }
}

/** The whole body. @throws TransportError `Lost` when it breaks off. */
export function readBody(body: Readable, exchange: Pick<Exchange, 'method' | 'target' | 'signal'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let over = false
    body.on('data', (chunk: Buffer) => chunks.push(chunk))
    body.once('end', () => {
      if (!isWhole(body)) return broken()
      over = true
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    const broken = (error?: unknown): void => {
      if (over) return
      over = true
      if (exchange.signal.aborted) reject(exchange.signal.reason as Error)
      else {
        const { method, target } = exchange
        const message = `${method} ${target}: connection lost before the answer was complete`
        reject(new TransportError('Lost', message, { cause: error }))
      }
    }
    body.once('error', broken)
    body.once('close', () => broken())
  })
}

/** A body ends as well when its connection does; the message or stream behind it knows the difference. */
function isWhole(body: Readable): boolean {
  if (body instanceof IncomingMessage) return body.complete
  return !('rstCode' in body) || body.rstCode === constants.NGHTTP2_NO_ERROR
}
