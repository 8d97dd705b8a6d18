import { messageOf } from '#base'
import type { Endpoints, Pod, Service } from '#api/core/v1'
import type { ApiResponse } from '#client'
import { badRequest, decodeText, encodeText, hostPort, notFound, serviceUnavailable } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import type { ConnectFunction } from '../resource/resource.ts'
import { isProxyable, parseProxyName } from './address.ts'
import type { Backend, BackendAnswer } from './backend.ts'
import { connectOptions } from './connect.ts'
import { passedAnswer, upgrade } from './forward.ts'
import { passedHeaders, wantsUpgrade } from './headers.ts'
import { kubeletOf, podNamed } from './kubelet.ts'
import { rewriteLink, rewritePage } from './rewrite.ts'
import type { Source } from './rewrite.ts'
import { whole } from './whole.ts'

/** Answers `pods/proxy`: requests to a port of a pod, by default the first it declares. */
export const podProxy: ConnectFunction = proxy('PodProxyOptions', (id, context) => {
  const { scheme, name, port } = parseProxyName(id, 'pod')
  const pod = podNamed(name, context)
  const declared = (pod.spec?.containers ?? []).flatMap(({ ports = [] }) => ports)[0]?.containerPort
  const host = pod.status?.podIPs?.[0]?.ip ?? ''
  if (!isProxyable(host)) throw badRequest('address not allowed')
  return { kind: 'endpoint', scheme, host, port: portNumber(port) ?? declared ?? standardPort(scheme) }
})

/** Answers `nodes/proxy`: requests to the kubelet, or to another port of the node. */
export const nodeProxy: ConnectFunction = proxy('NodeProxyOptions', (id, context) => {
  const { scheme, name, port } = parseProxyName(id, 'node')
  const kubelet = kubeletOf(name, context.services, 'nodes')
  const asked = portNumber(port)
  if (asked === undefined || asked === kubelet.port) return kubelet
  if (!isProxyable(kubelet.host)) throw badRequest('address not allowed')
  return { kind: 'endpoint', scheme, host: kubelet.host, port: asked }
})

/** Answers `services/proxy`: requests to one of the pods behind a service. */
export const serviceProxy: ConnectFunction = proxy('ServiceProxyOptions', (id, context) => {
  const { scheme, name, port } = parseProxyName(id, 'service')
  return { kind: 'endpoint', scheme, ...endpointOf(id, name, portName(name, port, context), context) }
})

const standardPort = (scheme: string): number => (scheme === 'https' ? 443 : 80)

function portNumber(text: string): number | undefined {
  if (text === '') return undefined
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw badRequest(`invalid port ${JSON.stringify(text)}`)
  return port
}

/** Ports of services are found by name; a number is that of the service's own port. */
function portName(name: string, port: string, { services, info }: RequestContext): string {
  if (!/^[+-]?\d+$/.test(port)) return port
  const service = services.peek<Service>('', 'services', info.namespace, name)
  if (!service) throw notFound({ group: '', resource: 'services' }, name)
  const found = (service.spec?.ports ?? []).find((one) => one.port === Number(port))
  if (!found) throw serviceUnavailable(`no service port ${Number(port)} found for service "${name}"`)
  return found.name ?? ''
}

/** One of the pods that serve a port, any. */
function endpointOf(
  id: string,
  name: string,
  port: string,
  context: RequestContext,
): { readonly host: string; readonly port: number } {
  const { services, info, clock } = context
  const endpoints = services.peek<Endpoints>('', 'endpoints', info.namespace, name)
  if (!endpoints) throw notFound({ group: '', resource: 'services' }, name)
  const subsets = endpoints.subsets ?? []
  if (subsets.length === 0) throw serviceUnavailable(`no endpoints available for service "${name}"`)
  const found = subsets.flatMap(({ addresses = [], ports = [] }) => {
    const served = ports.find((one) => (one.name ?? '') === port)
    if (!served) return []
    return addresses.filter(isPod).map(({ ip }) => ({ host: ip, port: served.port }))
  })
  const [low = 0, high = 0] = clock.randomBytes(2)
  const chosen = found[(low + 256 * high) % Math.max(found.length, 1)]
  if (!chosen) throw serviceUnavailable(`no endpoints available for service "${id}"`)
  return chosen

  /** Proxies lead to pods alone: endpoints can be written by whoever may write them. */
  function isPod({
    ip,
    targetRef,
  }: NonNullable<NonNullable<Endpoints['subsets']>[number]['addresses']>[number]): boolean {
    if (targetRef?.namespace !== info.namespace) return false
    const pod = services.peek<Pod>('', 'pods', info.namespace, targetRef.name ?? '')
    return (pod?.status?.podIPs ?? []).some((one) => one.ip === ip) && isProxyable(ip)
  }
}

/** A proxy subresource. `find` says where the name in the path leads. */
function proxy(kind: string, find: (id: string, context: RequestContext) => Backend): ConnectFunction {
  return async (id, _path, request, context) => {
    await connectOptions(kind, context)
    const backend = find(id, context)
    const { prefix, path } = splitPath(request.path)
    const query = request.query === '' ? '' : `?${request.query}`
    if (wantsUpgrade(request)) return upgrade({ backend, target: `${path === '' ? '/' : path}${query}` }, context)
    if (path === '' && (request.method === 'GET' || request.method === 'HEAD'))
      return movedTo(`${request.path}/${query}`)
    return pass(backend, `${path === '' ? '/' : path}${query}`, prefix, context)
  }
}

/** Divides a path behind `/proxy`: `/api/v1/namespaces/n/pods/p/proxy` and `/rest`, as they were sent. */
function splitPath(whole: string): { readonly prefix: string; readonly path: string } {
  const match = /^(\/api\/v1\/(?:namespaces\/[^/]+\/)?[^/]+\/[^/]+\/proxy)(\/[^]*)?$/.exec(whole)
  return { prefix: match?.[1] ?? whole, path: match?.[2] ?? '' }
}

function movedTo(location: string): ApiResponse {
  return { kind: 'bytes', code: 301, headers: { location }, contentType: 'text/plain', bytes: new Uint8Array() }
}

async function pass(backend: Backend, target: string, prefix: string, context: RequestContext): Promise<ApiResponse> {
  const { request, services } = context
  const headers = passedHeaders(request)
  const [path = ''] = target.split('?')
  headers['x-forwarded-uri'] = prefix + path
  // A page is read to lead its links through the proxy, so it has to come as text.
  if ((headers['accept'] ?? '').includes('text/html')) delete headers['accept-encoding']
  const hasBody = request.body?.kind === 'bytes' && !['GET', 'HEAD'].includes(request.method)
  const answer = await services
    .backends({
      backend,
      method: request.method,
      target,
      headers,
      ...(hasBody ? { body: request.body.stream() } : {}),
      signal: request.signal,
    })
    .catch((error: unknown) => {
      throw serviceUnavailable(`error trying to reach service: ${messageOf(error)}`)
    })
  const source: Source = { prefix, backend: hostPort(backend.host, backend.port), host: headers['host'] ?? '' }
  return rewritten({ ...answer, headers: withoutCors(answer.headers) }, source)
}

/** What other origins may do is for the API server to say. */
function withoutCors(headers: BackendAnswer['headers']): BackendAnswer['headers'] {
  const names = Object.keys(headers).filter((name) => !name.startsWith('access-control-allow-'))
  return Object.fromEntries(names.map((name) => [name, headers[name]]))
}

async function rewritten(answer: BackendAnswer, source: Source): Promise<ApiResponse> {
  const { location, 'content-type': type = '', 'content-encoding': encoding = '' } = answer.headers
  if (location !== undefined)
    return passedAnswer({ ...answer, headers: { ...answer.headers, location: rewriteLink(location, source) } })
  if (type.split(';', 1)[0]?.trim() !== 'text/html' || encoding !== '') return passedAnswer(answer)
  const page = encodeText(rewritePage(decodeText(await whole(answer.body)), source))
  const headers = { ...answer.headers, 'content-length': String(page.length) }
  return passedAnswer({ ...answer, headers, body: once(page) })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
