import type { ApiRequest, Connection, Headers, RequestBody } from '#client'
import type { IncomingBody } from '../body.ts'
import type { Http1Answer } from './answer.ts'
import type { RequestHead } from './head.ts'

/** A request over HTTP/1.1 as the API server's record. */
export class Http1Request implements ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly body?: RequestBody
  readonly connection: Connection
  readonly #head: RequestHead
  readonly #answer: Http1Answer
  #abort: AbortController | undefined

  constructor(head: RequestHead, body: IncomingBody | undefined, connection: Connection, answer: Http1Answer) {
    const { method, target, fields } = head
    const mark = target.indexOf('?')
    this.method = method
    this.path = mark < 0 ? target : target.slice(0, mark)
    this.query = mark < 0 ? '' : target.slice(mark + 1)
    this.headers = fields.headers
    if (body) this.body = body
    this.connection = connection
    this.#head = head
    this.#answer = answer
  }

  headerValues(name: string): readonly string[] {
    return this.#head.fields.lines.filter((line) => line[0] === name).map((line) => line[1])
  }

  /** Made when it is asked for, since few handlers do. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      const controller = new AbortController()
      this.#abort = controller
      this.#answer.onOver(() => {
        if (!this.#answer.complete) controller.abort(new Error('the client is gone'))
      })
    }
    return this.#abort.signal
  }
}
