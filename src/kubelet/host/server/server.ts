import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from '#base'
import type { Client, RequestMetrics } from '#client'
import { isOn } from '#kubelet'
import type { Kubelet, KubeletConfiguration } from '#kubelet'
import type { Profiler } from '#machinery'
import { refuse } from '../streaming/proxy.ts'
import { ServerAuth } from './auth.ts'
import { Refused, sendText, type Exchange } from './exchange.ts'
import { debuggingFolders, routes, upgrades, type Route } from './routes.ts'

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
  readonly debugging: boolean
  readonly auth?: ServerAuth
}

/** The agent's own API over TLS: logs, commands, port-forwarding, statistics. */
export async function startKubeletServer(options: KubeletServerOptions, tls: ServerTls): Promise<KubeletServer> {
  const { config } = options
  const surface = { debugging: config.enableDebuggingHandlers, auth: new ServerAuth(options) }
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
    void serveUpgrade(options, surface, request, socket, head)
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

interface Found {
  readonly route: Route
  readonly parameters: readonly string[]
}

function find(table: readonly Route[], method: string, path: string): Found | undefined {
  for (const route of table) {
    if (!route.methods.includes(method)) continue
    if (path === route.path) return { route, parameters: [] }
    if (route.depth === undefined || !path.startsWith(`${route.path}/`)) continue
    const parameters = path
      .slice(route.path.length + 1)
      .split('/')
      .map(decodeURIComponent)
    if (route.depth === 'any' || route.depth.includes(parameters.length)) return { route, parameters }
  }
  return undefined
}

const split = (url = '/'): { readonly path: string; readonly query: URLSearchParams } => {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  return { path: plain, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)) }
}

/** Whether a server shows a route. @throws Refused for what is behind debugging handlers that are off. */
function shows(
  { config }: KubeletServerOptions,
  { debugging, auth }: Surface,
  path: string,
  route: Route | undefined,
): boolean {
  const isOff = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
  if (!debugging && debuggingFolders.some(isOff)) throw new Refused(405, 'Debug endpoints are disabled.\n')
  if (route === undefined || (route.gate !== undefined && !isOn(config.featureGates, route.gate))) return false
  return route.kind === 'open' || (route.kind === 'debugging' ? debugging : auth !== undefined)
}

/** @returns is called when the request has ended. */
function beginCounting(
  { kubelet }: KubeletServerOptions,
  { auth }: Surface,
  { method = '' }: IncomingMessage,
  path: string,
): () => void {
  return kubelet.parts.metrics.server.begun(method, path, auth ? 'readwrite' : 'readonly')
}

async function serve(
  options: KubeletServerOptions,
  surface: Surface,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { path, query } = split(request.url)
  response.once('close', beginCounting(options, surface, request, path))
  try {
    const verdict = await surface.auth?.check(request, path)
    if (verdict && 'status' in verdict) throw new Refused(verdict.status, verdict.message)
    const found = find(routes, request.method ?? 'GET', path)
    if (!shows(options, surface, path, found?.route) || !found) {
      const isStream = find(upgrades, request.method ?? 'GET', path) !== undefined
      throw isStream ? new Refused(400, 'Upgrade request required') : new Refused(404, '404: Page Not Found')
    }
    const exchange: Exchange = { request, response, query, parameters: found.parameters }
    await found.route.serve?.(options.kubelet, exchange, options)
  } catch (error) {
    const status = error instanceof Refused ? error.status : 500
    if (!(error instanceof Refused)) options.log.warn('A request to the kubelet failed', { path, error })
    if (response.headersSent) response.destroy()
    else sendText(response, status, (error as Error).message)
  }
}

async function serveUpgrade(
  options: KubeletServerOptions,
  surface: Surface,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { path, query } = split(request.url)
  socket.on('error', () => socket.destroy())
  socket.once('close', beginCounting(options, surface, request, path))
  try {
    const verdict = await surface.auth?.check(request, path)
    if (verdict && 'status' in verdict) throw new Refused(verdict.status, verdict.message)
    const found = find(upgrades, request.method ?? 'GET', path)
    if (!shows(options, surface, path, found?.route) || !found) throw new Refused(404, '404: Page Not Found')
    await found.route.upgrade?.(options.kubelet, { request, socket, head, query, parameters: found.parameters })
  } catch (error) {
    refuse(socket, error instanceof Refused ? error.status : 500, (error as Error).message)
  }
}

/** Plain HTTP for everybody, which tells of pods and measures and changes nothing (`readOnlyPort`). */
export async function startReadOnlyServer(options: KubeletServerOptions): Promise<() => Promise<void>> {
  const { address, readOnlyPort } = options.config
  const server = createPlainServer({ maxHeaderSize: longestHeader }, (request, response) => {
    void serve(options, { debugging: false }, request, response)
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
  const server = createPlainServer((request, response) => {
    const { path, query } = split(request.url)
    const found = path === '/healthz' || path.startsWith('/healthz/') ? find(routes, 'GET', path) : undefined
    const notFound = (): void => sendText(response, 404, '404 page not found\n')
    if (!found) notFound()
    else found.route.serve?.(kubelet, { request, response, query, parameters: found.parameters }).catch(notFound)
  })
  await listen(server, port, address)
  return () => new Promise((resolve) => server.close(() => resolve()))
}
