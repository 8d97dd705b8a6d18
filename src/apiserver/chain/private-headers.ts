import type { ApiRequest, Headers } from '#client'
import { withoutTokenProtocol } from '../authn/request/bearer.ts'
import { isProxyHeader } from '../authn/request/front-proxy.ts'
import type { FrontProxyOptions } from '../authn/request/front-proxy.ts'
import { isImpersonationHeader } from './impersonation/index.ts'

const protocols = 'sec-websocket-protocol'

/** Header names are a small set, whatever requests come. */
const keptNames = 1000

/**
 * Takes out of headers what is for the eyes of the chain alone: credentials, and in whose name a request acts. What
 * passes requests on, to kubelets and to other servers, must not pass on these.
 */
export function privateHeaders(frontProxy: FrontProxyOptions | undefined): (headers: Headers) => Headers {
  const known = new Map<string, boolean>()
  const isPrivate = (name: string): boolean => {
    let found = known.get(name)
    if (found === undefined) {
      found = name === 'authorization' || isProxyHeader(name, frontProxy) || isImpersonationHeader(name)
      if (known.size < keptNames) known.set(name, found)
    }
    return found
  }
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
 * The request with fewer headers. Parts of a request on the wire are made when they are asked for, by accessors that a
 * spread would lose.
 */
export function withHeaders(request: ApiRequest, headers: Headers): ApiRequest {
  const { method, path, query, body, user, connection } = request
  return {
    method,
    path,
    query,
    headers,
    headerValues(name) {
      const value = headers[name]
      return value === undefined ? [] : (request.headerValues?.(name) ?? [value])
    },
    ...(body ? { body } : {}),
    ...(user ? { user } : {}),
    ...(connection ? { connection } : {}),
    get signal() {
      return request.signal
    },
  }
}
