import { Remembered } from '#base'
import type { ApiRequest, Connection, Headers, RequestBody } from '#client'
import { withoutTokenProtocol } from '../authn/request/bearer.ts'
import { isProxyHeader } from '../authn/request/front-proxy.ts'
import type { FrontProxyOptions } from '../authn/request/front-proxy.ts'
import { isImpersonationHeader } from './impersonation/index.ts'

const protocols = 'sec-websocket-protocol'

/** Header names are a small set. */
const keptNames = 1000

/**
 * Takes out of headers what is for the eyes of the chain alone: credentials, and in whose name a request acts. What
 * passes requests on, to kubelets and to other servers, must not pass on these.
 */
function privateHeaders(frontProxy: FrontProxyOptions | undefined): (headers: Headers) => Headers {
  const privacy = new Remembered(
    keptNames,
    (name) => name === 'authorization' || isProxyHeader(name, frontProxy) || isImpersonationHeader(name),
  )
  const isPrivate = (name: string): boolean => privacy.of(name)
  return (headers) => {
    const asked = headers[protocols]
    const others = asked === undefined ? undefined : withoutTokenProtocol(asked)
    const names = Object.keys(headers)
    if (others === asked && !names.some(isPrivate)) return headers
    const kept: { [name: string]: string | undefined } = {}
    for (const name of names) if (!isPrivate(name)) kept[name] = name === protocols ? others : headers[name]
    return kept
  }
}

/**
 * The request as those behind the chain see it: with fewer headers, where some are private. Clients send the same headers
 * again and again, and transports give the same record for them; so what was found for it is kept.
 */
export function visibleRequests(frontProxy: FrontProxyOptions | undefined): (request: ApiRequest) => ApiRequest {
  const publicOf = privateHeaders(frontProxy)
  const known = new WeakMap<Headers, Headers>()
  return (request) => {
    const { headers } = request
    // Requests of the process itself carry no credentials.
    if (request.user) return request
    let visible = known.get(headers)
    if (!visible) {
      visible = publicOf(headers)
      known.set(headers, visible)
    }
    return visible === headers ? request : new VisibleRequest(request, visible)
  }
}

/** A request with fewer headers. Some parts of a request on the wire are made when they are asked for. */
class VisibleRequest implements ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly body?: RequestBody
  readonly connection?: Connection
  readonly #request: ApiRequest

  constructor(request: ApiRequest, headers: Headers) {
    this.method = request.method
    this.path = request.path
    this.query = request.query
    this.headers = headers
    if (request.body) this.body = request.body
    if (request.connection) this.connection = request.connection
    this.#request = request
  }

  headerValues(name: string): readonly string[] {
    const value = this.headers[name]
    return value === undefined ? [] : (this.#request.headerValues?.(name) ?? [value])
  }

  get signal(): AbortSignal {
    return this.#request.signal
  }
}
