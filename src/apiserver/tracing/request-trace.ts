import type { Span, Tracer } from '#base'
import type { ApiResponse, UserInfo } from '#client'
import type { Exchange } from '../chain/exchange.ts'
import type { FilterName } from '../metrics/filters.ts'
import type { RequestContext } from '../request/context.ts'
import { tracedResponse } from './response.ts'
import { auditIdAttribute, filterScope } from './scopes.ts'
import { requestSpanName, serverAttributes } from './server-span.ts'
import { verbAttributes, verbSpanName } from './verb-span.ts'

/** Members of these may say what their requests are a part of: others begin traces of their own, whatever they send. */
const believed: ReadonlySet<string> = new Set(['system:masters', 'system:monitoring'])

/**
 * What is told of one request (KEP-647): a span of the server, within it one for each step on its way, and in the last of
 * these one of the verb. All are open until the answer is out. Authentication comes first, and has a span of its own
 * before it is known whose word counts.
 */
export class RequestTrace {
  readonly tracer: Tracer
  readonly #exchange: Exchange
  readonly #open: Span[] = []
  #server: Span | undefined
  #verb: Span | undefined
  #isStoring = false

  constructor(tracer: Tracer, exchange: Exchange) {
    this.tracer = tracer
    this.#exchange = exchange
  }

  /** Does the rest of a request as the work of a step. */
  step<T>(filter: FilterName, work: () => T): T {
    return this.#within(this.tracer.start({ name: filter, scope: filterScope }), work)
  }

  /** Does the rest of a request whose sender is known. */
  identified<T>(user: UserInfo, work: () => T): T {
    const { request, info } = this.#exchange
    const { headers } = request
    const sent = this.tracer.extract(headers)
    const isBelieved = user.groups.some((group) => believed.has(group))
    const span = this.tracer.start({
      name: requestSpanName(request.method, info),
      ...serverAttributes(this.#exchange),
      ...(isBelieved ? sent && { parent: sent } : { parent: 'none', ...(sent && { links: [sent] }) }),
    })
    this.#server = span
    return this.tracer.carrying(headers, () => this.#within(span, work))
  }

  /** Does what a request asks for. */
  verb<T>(context: RequestContext, work: () => T): T {
    const name = verbSpanName(context.info.verb)
    if (name === undefined || this.#verb) return work()
    const attributes = verbAttributes(context, this.auditId)
    this.#verb = this.tracer.start({ name, attributes })
    return this.#within(this.#verb, work)
  }

  get auditId(): string {
    return auditIdAttribute(this.#exchange.auditId)
  }

  /** Something happened to what the request asks for. */
  event(name: string, attributes?: Parameters<Span['event']>[1]): void {
    this.#verb?.event(name, attributes)
  }

  /** The object is about to be written. */
  storing(): void {
    this.#isStoring = true
    this.event('About to store object in database')
  }

  /** It has been. */
  stored(): void {
    this.#isStoring = false
    this.event('Write to database call succeeded')
  }

  /** The answer to be sent in the place of the one given: it tells when it is out. */
  answered(response: ApiResponse): ApiResponse {
    const isDone = 'code' in response && response.code < 300 && this.#exchange.info.verb !== 'list'
    if (isDone) this.event('About to write a response')
    else if (this.#isStoring) this.event('Write to database call failed')
    return tracedResponse(response, this.#exchange, {
      serializing: (attributes, work) => {
        const last = this.#open.at(-1)
        if (!last) return work(undefined)
        const span = this.tracer.start({ name: 'SerializeObject', attributes, parent: last.context })
        try {
          return work(span)
        } finally {
          span.end()
        }
      },
      over: (code, bytes) => this.#over(code, bytes),
    })
  }

  #within<T>(span: Span, work: () => T): T {
    this.#open.push(span)
    return this.tracer.within(span, work)
  }

  #over(code: number, bytes: number): void {
    const server = this.#server
    if (server?.isRecording) {
      server.set({
        ...requestSize(this.#exchange),
        ...(bytes > 0 ? { 'http.response.body.size': bytes } : {}),
        'http.response.status_code': code,
      })
      if (code >= 500) server.fail('')
    }
    if (code < 300 && this.#exchange.info.verb !== 'list') this.event('Writing http response done')
    while (this.#open.length > 0) this.#open.pop()?.end()
  }
}

function requestSize({ request }: Exchange): { 'http.request.body.size'?: number } {
  const length = request.body === undefined ? 0 : Number(request.headers['content-length'] ?? 0)
  return length > 0 ? { 'http.request.body.size': length } : {}
}
