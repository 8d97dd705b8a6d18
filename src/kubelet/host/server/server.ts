import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { messageOf } from '#base'
import type { Logger } from '#base'
import type { Client, RequestMetrics } from '#client'
import { isOn } from '#kubelet'
import type { Kubelet, KubeletConfiguration } from '#kubelet'
import type { Profiler } from '#machinery'
import type { UpgradeRequest } from '../streaming/handshake.ts'
import { refuse } from '../streaming/proxy.ts'
import { ServerAuth } from './auth.ts'
import { httpRefusal, Refused, sendText } from './exchange.ts'
import { find } from './find.ts'
import { debuggingFolders, routes, type Route } from './routes.ts'

/** What the server shows, and whose client certificates it trusts; in PEM. */
export interface ServerTls {
  readonly certificate: string
  readonly key: string
  /** Authorities of client certificates; none are asked for when absent. */
  readonly clientCa?: string
}

export interface KubeletServerOptions {
  readonly kubelet: Kubelet
  readonly client: Client
  /** What the client asks. */
  readonly requests?: RequestMetrics
  readonly config: KubeletConfiguration
  readonly nodeName: string
  /** Folder for archives of containers' states. */
  readonly checkpointFolder: string
  readonly log: Logger
  /** Looks into the agent, for those who debug it; nobody can when absent. */
  readonly profiler?: Profiler
  /** The command line, for `/flagz`. */
  readonly flags?: { readonly [name: string]: string }
}

export interface KubeletServer {
  readonly port: number
  /** Shows another certificate from now on. */
  setTls(tls: ServerTls): void
  close(): Promise<void>
}

/** Bytes, as Go has it: commands with their arguments stand in the first line. */
const longestHeader = 1024 * 1024

/** Which kinds of routes a server has, and who may use them: everybody where nobody is asked. */
interface Surface {
  readonly routes: readonly Route[]
  readonly debugging: boolean
  readonly auth?: ServerAuth
}

/** The agent's own API over TLS: logs, commands, port-forwarding, statistics. */
export async function startKubeletServer(options: KubeletServerOptions, tls: ServerTls): Promise<KubeletServer> {
  const { config } = options
  const surface = surfaceOf(options, { debugging: config.enableDebuggingHandlers, auth: new ServerAuth(options) })
  const server = createTlsServer({
    maxHeaderSize: longestHeader,
    ...contextOf(tls),
    requestCert: tls.clientCa !== undefined,
    rejectUnauthorized: false,
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void serve(options, surface, request, response)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void serveUpgrade(options, surface, { request, socket, head })
  })
  server.keepAliveTimeout = 120_000
  const connections = new Set<Duplex>()
  server.on('secureConnection', (socket: Duplex) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  await listen(server, config.port, config.address)
  return {
    port: (server.address() as AddressInfo).port,
    setTls: (next) => server.setSecureContext(contextOf(next)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of connections) socket.destroy()
      }),
  }
}

const contextOf = ({ certificate, key, clientCa }: ServerTls): { cert: string; key: string; ca?: string } => ({
  cert: certificate,
  key,
  ...(clientCa === undefined ? {} : { ca: clientCa }),
})

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // As for Go: all addresses of one family are all there are.
    server.listen(port, address === '0.0.0.0' ? undefined : address, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

interface Asked {
  /** Decoded, part by part. */
  readonly parts: readonly string[]
  readonly path: string
  readonly search: string
  readonly query: URLSearchParams
}

/** @throws Refused for a path that can't be decoded */
function split(url = '/'): Asked {
  const mark = url.indexOf('?')
  const raw = mark < 0 ? url : url.slice(0, mark)
  const search = mark < 0 ? '' : url.slice(mark)
  try {
    const parts = raw.slice(1).split('/').map(decodeURIComponent)
    return { parts, path: `/${parts.join('/')}`, search, query: new URLSearchParams(search) }
  } catch {
    throw new Refused(400, '400 Bad Request')
  }
}

/** The routes that a server has. */
const surfaceOf = ({ config }: KubeletServerOptions, { debugging, auth }: Omit<Surface, 'routes'>): Surface => {
  const shown = routes.filter(({ kind, gate }) => {
    if (gate !== undefined && !isOn(config.featureGates, gate)) return false
    return kind === 'open' || (kind === 'debugging' ? debugging : auth !== undefined)
  })
  return { routes: shown, debugging, ...(auth ? { auth } : {}) }
}

interface Answering {
  readonly route: Route
  readonly query: URLSearchParams
  readonly parameters: readonly string[]
}

/** What answers a request of somebody who may ask. @throws Refused */
async function answering({ routes: places, debugging, auth }: Surface, request: IncomingMessage): Promise<Answering> {
  const { parts, path, search, query } = split(request.url)
  const isOff = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
  const isDisabled = !debugging && debuggingFolders.some(isOff)
  const found = find(places, request.method ?? 'GET', parts, request.headers.accept)
  if (!isDisabled && found.kind === 'outside') throw found.refusal
  if (!isDisabled && found.kind === 'redirect')
    throw redirected(request.method, `${escapedPath(found.location)}${search}`)
  const verdict = await auth?.check(request, path)
  if (verdict && 'status' in verdict) throw new Refused(verdict.status, verdict.message)
  if (isDisabled) throw httpRefusal(405, 'Debug endpoints are disabled.')
  if (found.kind !== 'place') throw 'refusal' in found ? found.refusal : new Refused(404, '404: Page Not Found')
  return { route: found.place, query, parameters: found.parameters }
}

/** A decoded path as URLs and headers may carry it (RFC 3986, 3.3). */
const escapedPath = (path: string): string =>
  encodeURI(path).replace(/[?#!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

function redirected(method: string | undefined, location: string): Refused {
  const isRead = method === 'GET' || method === 'HEAD'
  const link = location.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
  const page = isRead ? `<a href="${link}">Temporary Redirect</a>.\n\n` : ''
  return new Refused(307, page, { location, ...(isRead ? { 'content-type': 'text/html; charset=utf-8' } : {}) })
}

/** @returns is called when the request has ended. */
function beginCounting(
  { kubelet }: KubeletServerOptions,
  { auth }: Surface,
  { method = '', url = '/' }: IncomingMessage,
): () => void {
  const [path = ''] = url.split('?')
  return kubelet.parts.metrics.server.begun(method, path, auth ? 'readwrite' : 'readonly')
}

async function serve(
  options: KubeletServerOptions,
  surface: Surface,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.once('close', beginCounting(options, surface, request))
  try {
    const { route, ...asked } = await answering(surface, request)
    await route.stream?.(options.kubelet, { request, ...asked })
    if (route.stream) throw httpRefusal(500, 'Upgrade request required')
    await route.serve?.(options.kubelet, { request, response, ...asked }, options)
  } catch (error) {
    const { status, headers } = refusalOf(options, request, error)
    if (response.headersSent) response.destroy()
    else {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      sendText(response, status, messageOf(error), headers['content-type'])
    }
  }
}

async function serveUpgrade(options: KubeletServerOptions, surface: Surface, client: UpgradeRequest): Promise<void> {
  const { request, socket } = client
  socket.on('error', () => socket.destroy())
  socket.once('close', beginCounting(options, surface, request))
  try {
    const { route, ...asked } = await answering(surface, request)
    if (!route.stream) throw httpRefusal(404, '404 page not found')
    const run = await route.stream(options.kubelet, { request, ...asked })
    await run(client)
  } catch (error) {
    const { status, headers } = refusalOf(options, request, error)
    refuse(
      socket,
      status,
      messageOf(error),
      Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    )
  }
}

function refusalOf(
  { log }: KubeletServerOptions,
  { url }: IncomingMessage,
  error: unknown,
): Pick<Refused, 'status' | 'headers'> {
  if (error instanceof Refused) return error
  log.warn('A request to the kubelet failed', { path: url?.split('?')[0], error })
  return { status: 500, headers: {} }
}

/** Plain HTTP for everybody, which tells of pods and measures and changes nothing (`readOnlyPort`). */
export async function startReadOnlyServer(options: KubeletServerOptions): Promise<() => Promise<void>> {
  const { address, readOnlyPort } = options.config
  const surface = surfaceOf(options, { debugging: false })
  const server = createPlainServer({ maxHeaderSize: longestHeader }, (request, response) => {
    void serve(options, surface, request, response)
  })
  await listen(server, readOnlyPort, address)
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}

/** Plain HTTP on loopback that only tells whether the agent works. */
export async function startHealthServer(kubelet: Kubelet, address: string, port: number): Promise<() => Promise<void>> {
  const health = routes.filter(({ path }) => path === '/healthz')
  const server = createPlainServer((request, response) => {
    const [path = '', search = ''] = (request.url ?? '/').split('?')
    const found = find(health, 'GET', path.slice(1).split('/'), undefined)
    const notFound = (): void => sendText(response, 404, '404 page not found\n')
    if (found.kind !== 'place') return notFound()
    const { place, parameters } = found
    place.serve?.(kubelet, { request, response, query: new URLSearchParams(search), parameters }).catch(notFound)
  })
  await listen(server, port, address)
  return () => new Promise((resolve) => server.close(() => resolve()))
}
