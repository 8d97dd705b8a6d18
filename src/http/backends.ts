import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import type { BackendAnswer, BackendRequest, BackendTransport } from '#apiserver'
import { addAbortListener, removeAbortListener } from '#base'
import type { Headers } from '#client'
import { hostPort } from '#machinery'
import { duplexOf } from './upgrade.ts'

/** What the API server shows to kubelets and asks of them, in PEM. */
export interface KubeletCredentials {
  readonly certificate: string
  readonly key: string
  /** Authorities of kubelets' serving certificates; whatever they show is taken when absent. */
  readonly authorities?: readonly string[]
}

/** A TCP connection to an address of the pod network or of a node. */
export type Dial = (host: string, port: number, signal: AbortSignal) => Promise<Socket>

/** A client certificate, in PEM. */
export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

export interface BackendOptions {
  /** As they are at the moment. */
  readonly kubelet: () => KubeletCredentials
  /** What servers of further APIs are shown; without it, nothing. */
  readonly frontProxy?: () => ClientCertificate
  /** How addresses are reached; by default from this machine, as it is. */
  readonly dial?: Dial
}

/** The API server's way to kubelets, pods and other ports of nodes: HTTP/1.1, a connection for each request. */
export function createBackends(options: BackendOptions): BackendTransport {
  const { dial = dialTcp } = options
  return async (request) => {
    request.signal.throwIfAborted()
    const { scheme, host, port } = request.backend
    const tcp = await dial(host, port, request.signal)
    const onAbort = (): void => void tcp.destroy()
    addAbortListener(request.signal, onAbort)
    tcp.once('close', () => removeAbortListener(request.signal, onAbort))
    const socket = scheme === 'https' ? await secure(tcp, request, tlsOptions(request, options)) : tcp
    return exchange(socket, request)
  }
}

/** Longest time until a connection stands. */
const dialTimeoutMs = 30_000

/** Opens a connection from this machine, or says why it can't be in the words Kubernetes' users know. */
export const dialTcp: Dial = (host, port, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 })
    socket.setTimeout(dialTimeoutMs, () =>
      socket.destroy(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' })),
    )
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => reject(dialError(host, port, error)))
  })

/** Why there is no connection, in the words Kubernetes' users know: `dial tcp 10.0.0.1:80: connect: connection refused`. */
export function dialError(
  host: string,
  port: number,
  cause: { readonly code?: string | undefined; readonly message: string },
): Error {
  const why = reasons[cause.code ?? ''] ?? cause.message
  const error = new Error(`dial tcp ${hostPort(host, port)}: ${why}`, { cause })
  return cause.code === undefined ? error : Object.assign(error, { code: cause.code })
}

const reasons: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
  ENOTFOUND: 'lookup: no such host',
}

/** Endpoints may show any certificate: nothing is known of theirs. */
function tlsOptions({ backend }: BackendRequest, { kubelet, frontProxy }: BackendOptions): ConnectionOptions {
  const { kind, host, verify } = backend
  const name = isIP(host) === 0 ? { servername: host } : {}
  if (kind === 'endpoint') return { rejectUnauthorized: false, ...name }
  if (kind === 'apiServer') {
    const shown = frontProxy?.()
    return {
      rejectUnauthorized: verify !== undefined,
      ...(verify ? { servername: verify.serverName } : name),
      ...(verify?.authorities === undefined ? {} : { ca: verify.authorities }),
      ...(shown ? { cert: shown.certificate, key: shown.key } : {}),
    }
  }
  const { certificate, key, authorities } = kubelet()
  const verified = authorities === undefined ? {} : { ca: [...authorities] }
  const rejectUnauthorized = kind === 'kubelet' && authorities !== undefined
  return { rejectUnauthorized, ...name, cert: certificate, key, ...verified }
}

function secure(tcp: Socket, { backend }: BackendRequest, options: ConnectionOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const host = backend.verify?.serverName ?? backend.host
    const socket = connectTls({ socket: tcp, host, ALPNProtocols: ['http/1.1'], ...options })
    socket.once('secureConnect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', (error: Error) => {
      tcp.destroy()
      reject(new Error(`tls: failed to verify certificate: ${error.message}`, { cause: error }))
    })
  })
}

function exchange(socket: Socket, request: BackendRequest): Promise<BackendAnswer> {
  const { backend, method, target, headers, repeated, body } = request
  const send = backend.scheme === 'https' ? httpsRequest : httpRequest
  const sent = send({
    createConnection: () => socket,
    method,
    path: target,
    headers: { ...defined(headers), ...mutable(repeated) },
    setHost: headers['host'] === undefined,
    host: backend.host,
    port: backend.port,
  })
  const answer = new Promise<BackendAnswer>((resolve, reject) => {
    sent.once('upgrade', (response, upgraded, head) => {
      resolve({
        code: response.statusCode ?? 101,
        headers: flat(response),
        body: Readable.from([]),
        connection: duplexOf(upgraded, head),
      })
    })
    sent.once('response', (response) => {
      resolve({ code: response.statusCode ?? 502, headers: flat(response), body: response })
    })
    sent.once('error', (error) => {
      socket.destroy()
      reject(error)
    })
  })
  // What breaks later ends the answer's body; nobody else needs to hear of it.
  socket.on('error', () => undefined)
  if (body) Readable.from(body).pipe(sent)
  else sent.end()
  return answer
}

function defined(headers: Headers): { [name: string]: string } {
  const all: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all[name] = value
  return all
}

function mutable(repeated: BackendRequest['repeated'] = {}): { [name: string]: string[] } {
  return Object.fromEntries(Object.entries(repeated).map(([name, values]) => [name, [...values]]))
}

function flat({ headers }: IncomingMessage): Headers {
  const all: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return all
}
