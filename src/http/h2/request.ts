import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { ApiRequest, Connection, Headers, RequestBody } from '#client'
import type { Slices } from '../slices.ts'

/** What a request over HTTP/2 is made of. */
export interface Http2Parts {
  readonly stream: ServerHttp2Stream
  /** As Node read them, with method and path. */
  readonly head: IncomingHttpHeaders
  /** As handlers see them. */
  readonly headers: Headers
  /** Names and values in turn, as they came. */
  readonly lines: readonly string[]
  readonly body: RequestBody | undefined
  readonly connection: Connection
  /** In which it is told that clients are gone. */
  readonly slices: Slices
}

/** A request over HTTP/2 as the API server's record. */
export class Http2Request implements ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly body?: RequestBody
  readonly connection: Connection
  readonly #stream: ServerHttp2Stream
  readonly #lines: readonly string[]
  readonly #slices: Slices
  #abort: AbortController | undefined

  constructor({ stream, head, headers, lines, body, connection, slices }: Http2Parts) {
    const { ':method': method = 'GET', ':path': target = '/' } = head
    const mark = target.indexOf('?')
    this.method = method
    this.path = mark < 0 ? target : target.slice(0, mark)
    this.query = mark < 0 ? '' : target.slice(mark + 1)
    this.headers = headers
    if (body) this.body = body
    this.connection = connection
    this.#stream = stream
    this.#lines = lines
    this.#slices = slices
  }

  headerValues(name: string): readonly string[] {
    return this.#lines.filter((_, index) => index % 2 === 1 && this.#lines[index - 1] === name)
  }

  /** Made when it is asked for, since few handlers do. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      const controller = new AbortController()
      this.#abort = controller
      const { complete } = this
      this.#stream.once('close', () => {
        if (!complete()) this.#slices.do(() => controller.abort(new Error('the client is gone')))
      })
      if (this.#stream.destroyed) controller.abort(new Error('the client is gone'))
    }
    return this.#abort.signal
  }

  /** Whether the whole answer went out. */
  complete = (): boolean => this.#stream.writableFinished && !this.#stream.aborted
}
