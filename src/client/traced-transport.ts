import type { Attributes, Span, Tracer } from '#base'
import type { ApiResponse, Transport } from './transport.ts'

/** The instrumentation that speaks of requests, by the name upstream's has. */
const scope = 'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp'

/**
 * Sends a request as a span of its own, whose other half the receiver may tell: by OpenTelemetry's conventions for clients
 * of HTTP (1.39). The span ends when the answer begins.
 * @param send gets headers that tell the receiver what the request is for
 */
export async function tracedRequest<T extends object>(
  tracer: Tracer,
  method: string,
  url: string,
  send: (headers: { readonly [name: string]: string }) => Promise<T>,
): Promise<T> {
  const span = tracer.start({
    name: `HTTP ${method}`,
    scope,
    kind: 'Client',
    attributes: requestAttributes(method, url),
  })
  try {
    const answer = await tracer.within(span, () => send(tracer.inject()))
    tellAnswer(span, 'code' in answer && typeof answer.code === 'number' ? answer.code : 101)
    return answer
  } catch (error) {
    span.set({ 'error.type': error instanceof Error ? error.name : 'Error' })
    span.fail(error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    span.end()
  }
}

/** The same transport, whose requests are told of. @param server what their paths are below of: `https://host:port` */
export function tracedTransport(send: Transport, server: string, tracer: Tracer): Transport {
  const { protocol, host } = new URL(server)
  return (request) => {
    const { method, path, query, headers } = request
    const url = `${protocol}//${host}${path}${query === '' ? '' : `?${query}`}`
    return tracedRequest<ApiResponse>(tracer, method, url, (more) =>
      send({ ...request, signal: request.signal, headers: { ...headers, ...more } }),
    )
  }
}

function requestAttributes(method: string, url: string): Attributes {
  const { hostname, port } = new URL(url)
  return {
    'http.request.method': method,
    'url.full': url,
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { 'server.port': Number(port) }),
    'network.protocol.version': '1.1',
  }
}

function tellAnswer(span: Span, code: number): void {
  span.set({ 'http.response.status_code': code, ...(code >= 400 ? { 'error.type': String(code) } : {}) })
  if (code >= 400) span.fail('')
}
