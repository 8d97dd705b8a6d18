import type { Tracer } from '#base'
import { tracedRequest } from '#client'
import type { ApiResponse } from '#client'
import { hostPort } from '#machinery'
import type { BackendTransport } from '../proxy/backend.ts'
import type { WebhookDialer } from '../webhook/dialer.ts'

/** The same dialer, whose transports tell of what goes over them, and the webhook what it is for. */
export function tracedDialer(dial: WebhookDialer, tracer: Tracer): WebhookDialer {
  return (target) => {
    const transport = dial(target)
    return (request) =>
      tracedRequest<ApiResponse>(tracer, request.method, target.url, (more) =>
        transport({ ...request, signal: request.signal, headers: { ...request.headers, ...more } }),
      )
  }
}

/** The same transport, which tells of what goes to servers of further APIs. To others requests are passed on as they are. */
export function tracedBackends(send: BackendTransport, tracer: Tracer): BackendTransport {
  return (request) => {
    const { backend, method, target, headers } = request
    if (backend.kind !== 'apiServer') return send(request)
    const url = `${backend.scheme}://${hostPort(backend.host, backend.port)}${target}`
    return tracedRequest(tracer, method, url, (more) => send({ ...request, headers: { ...headers, ...more } }))
  }
}
