import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { TransportError } from '#client'
import type { HttpConfig } from '../config.ts'
import { basic } from '../auth/credentials.ts'
import type { TlsIdentities } from './identity.ts'

/** Longest time until a connection stands, with and without its TLS handshake. */
const dialTimeoutMs = 30_000
/** The host's network tells of dead peers after this much silence. */
const keepAliveMs = 30_000

export interface Dialled {
  readonly socket: Socket
  /** What the TLS handshake settled on. */
  readonly protocol: 'h2' | 'http/1.1'
}

/** A TCP connection to an address. It ends with the signal. */
export type Connect = (host: string, port: number, signal: AbortSignal) => Promise<Socket>

/** Makes connections to the server of a configuration. */
export class Dialer {
  readonly url: URL
  readonly #config: HttpConfig
  readonly #identities: TlsIdentities
  readonly #connect: Connect | undefined

  constructor(config: HttpConfig, identities: TlsIdentities, connect?: Connect) {
    this.#config = config
    this.#identities = identities
    this.#connect = connect
    this.url = new URL(config.server)
    if (this.url.protocol !== 'https:' && this.url.protocol !== 'http:') {
      throw new Error(`server must be an http or https URL, got ${JSON.stringify(config.server)}`)
    }
  }

  get host(): string {
    return this.url.hostname.replace(/^\[|\]$/g, '')
  }

  get port(): number {
    if (this.url.port !== '') return Number(this.url.port)
    return this.url.protocol === 'https:' ? 443 : 80
  }

  /** @param offered protocols in order of preference. @throws TransportError, or the socket's own error. */
  async dial(offered: readonly string[]): Promise<Dialled> {
    const identity = await this.#identities.current()
    const { proxyUrl, serverName, insecureSkipVerify } = this.#config
    const raw = proxyUrl ? await tunnel(proxyUrl, `${this.url.hostname}:${this.port}`) : await this.#reach()
    if (this.url.protocol === 'http:') {
      if (raw.connecting) await established(raw, 'connect')
      return { socket: raw, protocol: 'http/1.1' }
    }
    const name = serverName ?? this.host
    const socket: TLSSocket = connectTls({
      socket: raw,
      host: this.host,
      ...(isIP(name) ? {} : { servername: name }),
      ...(identity.ca === undefined ? {} : { ca: identity.ca }),
      ...(identity.keyPair ? { cert: identity.keyPair.certificate, key: identity.keyPair.key } : {}),
      rejectUnauthorized: insecureSkipVerify !== true,
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
      ALPNProtocols: [...offered],
    })
    await established(socket, 'secureConnect', raw)
    return { socket, protocol: socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' }
  }

  async #reach(): Promise<Socket> {
    const { host, port } = this
    if (this.#connect) return this.#connect(host, port, AbortSignal.timeout(dialTimeoutMs))
    return connectTcp({ host, port, keepAlive: true, keepAliveInitialDelay: keepAliveMs, noDelay: true })
  }
}

/** Waits for a socket's event; the socket is destroyed when that does not come in time. */
function established(socket: Socket, event: 'connect' | 'secureConnect', raw: Socket = socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      socket.setTimeout(0)
      socket.off('error', onError)
      socket.off('timeout', onTimeout)
      socket.off('close', onClose)
      raw.off('error', onError)
    }
    // Whoever uses the socket listens as well; until then, and after, an error must not end the process.
    socket.on('error', () => {})
    const onError = (error: Error): void => {
      settle()
      socket.destroy()
      raw.destroy()
      reject(error)
    }
    const onTimeout = (): void => onError(new TransportError('Unreachable', `no connection within ${dialTimeoutMs} ms`))
    const onClose = (): void => onError(new TransportError('Unreachable', 'connection closed during the handshake'))
    socket.setTimeout(dialTimeoutMs)
    socket.once('error', onError)
    socket.once('timeout', onTimeout)
    socket.once('close', onClose)
    if (raw !== socket) raw.once('error', onError)
    socket.once(event, () => {
      settle()
      resolve()
    })
  })
}

/** Has a proxy connect to `target` (`host:port`). */
function tunnel(proxyUrl: string, target: string): Promise<Socket> {
  const proxy = new URL(proxyUrl)
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw new Error(`unsupported scheme ${JSON.stringify(proxy.protocol.slice(0, -1))}, must be http or https`)
  }
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest
  const login =
    proxy.username === '' ? {} : basic(decodeURIComponent(proxy.username), decodeURIComponent(proxy.password))
  const authorization = login['authorization']
  return new Promise((resolve, reject) => {
    const connect = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      method: 'CONNECT',
      path: target,
      agent: false,
      timeout: dialTimeoutMs,
      headers: { host: target, ...(typeof authorization === 'string' ? { 'proxy-authorization': authorization } : {}) },
    })
    connect.once('connect', (response, socket: Socket) => {
      if (response.statusCode === 200) return resolve(socket)
      socket.destroy()
      const { statusCode = 0, statusMessage = '' } = response
      reject(new TransportError('Unreachable', `proxy refused to connect to ${target}: ${statusCode} ${statusMessage}`))
    })
    connect.once('timeout', () =>
      connect.destroy(new TransportError('Unreachable', 'the proxy did not answer in time')),
    )
    connect.once('error', reject)
    connect.end()
  })
}
