import type { Attributes } from '#base'
import { connect as connectSocket, Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { socketPath } from './socket-path.ts'

/** Certificates for `https:` endpoints, as PEM; the platform's authorities when there is none. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername'>

export interface Endpoint {
  /** `:scheme` of requests. */
  readonly scheme: 'http' | 'https'
  /** `:authority` of requests. */
  readonly authority: string
  /** The peer, as OpenTelemetry's conventions tell of it. */
  readonly peer: Attributes
  connect(): Socket
}

/**
 * @param endpoint `unix:///path`, `/path`, `unix-abstract:name`, `tcp://host:port`, `http://host:port` or `https://host:port`.
 * @throws TypeError when it is none of these.
 */
export function parseEndpoint(endpoint: string, tls: TlsOptions = {}): Endpoint {
  if (endpoint.startsWith('/')) return onSocket(endpoint)
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  switch (url?.protocol) {
    case 'unix:':
      return onSocket(url.pathname)
    case 'unix-abstract:':
      return onAbstractSocket(url.pathname)
    case 'tcp:':
    case 'http:': {
      const target = { host: hostOf(url), port: Number(url.port || 80) }
      return { scheme: 'http', authority: url.host, peer: peerOf(target), connect: () => connectSocket(target) }
    }
    case 'https:': {
      const host = hostOf(url)
      const target = { host, port: Number(url.port || 443) }
      const options: ConnectionOptions = { ...tls, ...target, ALPNProtocols: ['h2'] }
      return { scheme: 'https', authority: url.host, peer: peerOf(target), connect: () => connectTls(options) }
    }
    default:
      throw new TypeError(
        `parse endpoint: ${JSON.stringify(endpoint)} is neither unix://, tcp://, http:// nor https://`,
      )
  }
}

function onSocket(path: string): Endpoint {
  return {
    scheme: 'http',
    authority: 'localhost',
    peer: { 'server.address': path },
    connect: () => connectTo(path),
  }
}

/** A socket that has a name and no file (unix(7)). */
function onAbstractSocket(name: string): Endpoint {
  return {
    scheme: 'http',
    authority: 'localhost',
    peer: { 'server.address': `@${name}` },
    connect: () => connectSocket({ path: `\0${name}` }),
  }
}

const peerOf = ({ host, port }: { readonly host: string; readonly port: number }): Attributes => ({
  'server.address': host,
  'server.port': port,
})

function connectTo(path: string): Socket {
  try {
    const way = socketPath(path)
    const socket = connectSocket({ path: way.path })
    socket.once('ready', way.release).once('close', way.release)
    return socket
  } catch (error) {
    return new Socket().destroy(error as Error)
  }
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}
