import type { Attributes, SpanOptions } from '#base'
import type { Exchange } from '../chain/exchange.ts'
import { sourceIPs } from '../audit/source-ips.ts'
import { uriOf } from '../chain/plain.ts'
import type { RequestInfo } from '../request/request-info.ts'
import { auditIdAttribute, httpScope } from './scopes.ts'

/** Names of requests have no names of objects in them: there are few. */
export function requestSpanName(method: string, info: RequestInfo): string {
  const { isResource, group, version, namespace, resource, name, subresource } = info
  if (!isResource) return method
  const path = [
    group === '' && info.path.startsWith('/api/') ? '/api' : `/apis/${group}`,
    version,
    ...(namespace === '' ? [] : ['namespaces', '{:namespace}']),
    resource,
    ...(name === '' ? [] : ['{:name}']),
    ...(subresource === '' ? [] : [subresource]),
  ]
  return `${method} ${path.join('/')}`
}

/** The server's half of a request, by OpenTelemetry's conventions for HTTP (1.39). */
export function serverAttributes(exchange: Exchange): Pick<SpanOptions, 'scope' | 'kind' | 'attributes'> {
  const { request, auditId } = exchange
  const { headers, connection, method, path } = request
  const peer = connection?.remoteAddress
  const [client = peer] = sourceIPs(request)
  const userAgent = headers['user-agent']
  const attributes: Attributes = {
    ...(connection ? { ...addressOf(headers['host'] ?? ''), 'url.scheme': 'https' } : {}),
    'http.request.method': method,
    ...(peer === undefined ? {} : { 'network.peer.address': peer }),
    ...(connection?.remotePort === undefined ? {} : { 'network.peer.port': connection.remotePort }),
    ...(userAgent === undefined ? {} : { 'user_agent.original': userAgent }),
    ...(client === undefined ? {} : { 'client.address': client }),
    'url.path': path,
    ...(connection?.protocol ? { 'network.protocol.version': connection.protocol.slice('HTTP/'.length) } : {}),
    'http.target': uriOf(request),
    'audit-id': auditIdAttribute(auditId),
  }
  return { scope: httpScope, kind: 'Server', attributes }
}

/** What a `Host` header says. */
function addressOf(host: string): Attributes {
  const [, name = host, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(host) ?? []
  return { 'server.address': name, ...(port === undefined || port === '443' ? {} : { 'server.port': Number(port) }) }
}
