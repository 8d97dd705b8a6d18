import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import type { Socket } from 'node:net'
import type { ApiRequest, Connection, Headers, RequestBody } from '#client'
import { requestEntityTooLarge } from '#machinery'
import { connectionOf } from './connection.ts'

export type Incoming = IncomingMessage | Http2ServerRequest

/** A request of the wire as the API server's record. Parts that few handlers look at are made when they are asked for. */
export class IncomingRequest implements ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly #incoming: Incoming
  #headers: Headers | undefined
  #abort: AbortController | undefined

  constructor(incoming: Incoming) {
    const url = incoming.url ?? '/'
    const mark = url.indexOf('?')
    this.method = incoming.method ?? 'GET'
    this.path = mark < 0 ? url : url.slice(0, mark)
    this.query = mark < 0 ? '' : url.slice(mark + 1)
    this.#incoming = incoming
  }

  get headers(): Headers {
    this.#headers ??= flatten(this.#incoming.headers)
    return this.#headers
  }

  headerValues(name: string): readonly string[] {
    const { rawHeaders } = this.#incoming
    return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
  }

  get body(): RequestBody {
    return new IncomingBody(this.#incoming)
  }

  get connection(): Connection {
    const { socket } = this.#incoming as { readonly socket: Socket }
    return connectionOf(rawSocket(this.#incoming) ?? socket)
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      const controller = new AbortController()
      this.#abort = controller
      this.#incoming.once('close', () => {
        if (!this.#incoming.complete || this.#incoming.destroyed) controller.abort(new Error('the client is gone'))
      })
      this.#incoming.once('aborted', () => controller.abort(new Error('the client is gone')))
    }
    return this.#abort.signal
  }
}

/** HTTP/2 requests have a proxy for a socket; the TLS session is on the real one. */
function rawSocket(incoming: Incoming): Socket | undefined {
  return 'stream' in incoming ? incoming.stream.session?.socket : undefined
}

function flatten(headers: Incoming['headers']): Headers {
  const flat: { [name: string]: string | undefined } = {}
  for (const name in headers) {
    const value = headers[name]
    flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

class IncomingBody {
  readonly kind = 'bytes'
  readonly #incoming: Incoming

  constructor(incoming: Incoming) {
    this.#incoming = incoming
  }

  async read(limit: number): Promise<Uint8Array> {
    const declared = Number(this.#incoming.headers['content-length'] ?? 0)
    if (declared > limit) throw tooLarge(limit)
    const chunks: Buffer[] = []
    let length = 0
    return new Promise((resolve, reject) => {
      this.#incoming.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > limit) {
          this.#incoming.pause()
          this.#incoming.removeAllListeners('data')
          reject(tooLarge(limit))
        } else chunks.push(chunk)
      })
      this.#incoming.once('end', () =>
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)),
      )
      this.#incoming.once('error', reject)
      this.#incoming.once('close', () => reject(new Error('the client is gone before its body was')))
    })
  }

  stream(): AsyncIterable<Uint8Array> {
    return this.#incoming
  }
}

function tooLarge(limit: number): Error {
  return requestEntityTooLarge(`limit is ${limit}`)
}
