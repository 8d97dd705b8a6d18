import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Server as TlsServer, TLSSocket } from 'node:tls'
import type { Logger } from '#base'
import { createHttp1Service } from './h1/serve.ts'
import type { Http1Service } from './h1/serve.ts'
import { createHttp2Service } from './h2/serve.ts'
import type { Http2Service } from './h2/serve.ts'
import { Handshakes, spoke } from './handshakes.ts'
import { createResponder } from './respond.ts'
import type { RequestHandler } from './respond.ts'

/** Certificates in PEM. */
export interface ServingCertificates {
  readonly certificate: string
  readonly key: string
  /** Authorities whose client certificates are trusted. */
  readonly clientAuthorities: readonly string[]
}

export interface HttpServerOptions {
  readonly handler: RequestHandler
  readonly certificates: ServingCertificates
  readonly logger: Logger
  /** Requests at a time on one connection (HTTP/2); 1000 when absent. */
  readonly maxStreams?: number
  /** Hears of connections that came to nothing because their TLS handshake failed. */
  readonly handshakeFailed?: () => void
}

export interface HttpServer {
  /** Listens; port 0 takes a free one. Resolves with the port, rejects when it can't be had. */
  listen(port: number, host?: string): Promise<number>
  /** Serves new connections with other certificates; those that stand go on. */
  renew(certificates: ServingCertificates): void
  /** Stops listening, ends connections with what is under way on them, and all that is left after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** Milliseconds that a client may take for the handshake, and between keep-alive probes of silent connections. */
const handshakeMs = 32_000
const probeMs = 15_000

/** The API server on the wire: TLS, HTTP/2 and HTTP/1.1 on one port. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new WireServer(options)
}

class WireServer implements HttpServer {
  /** Takes connections; they get to the TLS server when it is their turn. */
  readonly #listener: Server
  readonly #tls: TlsServer
  readonly #handshakes = new Handshakes()
  readonly #handshakeFailed: () => void
  readonly #http1: Http1Service
  readonly #http2: Http2Service
  readonly #sockets = new Set<Socket>()
  readonly #eachSecond: NodeJS.Timeout

  constructor({ handler, certificates, logger, maxStreams = 1000, handshakeFailed }: HttpServerOptions) {
    const responder = createResponder(handler, logger)
    this.#http1 = createHttp1Service(responder)
    this.#http2 = createHttp2Service(responder.serve, maxStreams)
    this.#eachSecond = setInterval(() => {
      this.#http1.tick()
      this.#http2.tick()
    }, 1000).unref()
    this.#tls = createTlsServer({
      ...contextOf(certificates),
      ALPNProtocols: ['h2', 'http/1.1'],
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: handshakeMs,
    })
    this.#tls.on('secureConnection', (socket) => this.#secured(socket))
    this.#handshakeFailed = () => handshakeFailed?.()
    this.#tls.on('tlsClientError', this.#handshakeFailed)
    this.#listener = createServer({ pauseOnConnect: true }, (socket) => void this.#accept(socket))
  }

  listen(port: number, host?: string): Promise<number> {
    const listener = this.#listener
    return new Promise((resolve, reject) => {
      listener.once('error', reject)
      // As for Go: all addresses of one family are all there are.
      listener.listen(port, host === '0.0.0.0' ? undefined : host, () => {
        listener.removeListener('error', reject)
        resolve((listener.address() as AddressInfo).port)
      })
    })
  }

  renew(certificates: ServingCertificates): void {
    this.#tls.setSecureContext(contextOf(certificates))
  }

  close(graceMs: number): Promise<void> {
    this.#http1.close()
    this.#http2.close()
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy()
    }, graceMs)
    return new Promise((resolve) => {
      this.#listener.close(() => {
        clearTimeout(timer)
        clearInterval(this.#eachSecond)
        resolve()
      })
    })
  }

  /** A connection that may begin its handshake when it is its turn. */
  async #accept(socket: Socket): Promise<void> {
    socket.setNoDelay(true)
    socket.setKeepAlive(true, probeMs)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.on('error', () => undefined)
    await spoke(socket, handshakeMs)
    if (speaksPlainly(socket)) {
      this.#handshakeFailed()
      return refuse(socket)
    }
    await this.#handshakes.begin(socket)
    if (!socket.destroyed) this.#tls.emit('connection', socket)
  }

  #secured(socket: TLSSocket): void {
    this.#handshakes.done(socket)
    const service = socket.alpnProtocol === 'h2' ? this.#http2 : this.#http1
    service.accept(socket)
  }
}

/** What Go's server tells those who speak HTTP where TLS is spoken: clients show it, or say that they were refused. */
const plainRefusal = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'
const plainBeginnings = new Set(['GET /', 'HEAD ', 'POST ', 'PUT /', 'OPTIO'])

/** Whether a client began with a request rather than with a handshake. What it said can still be read. */
function speaksPlainly(socket: Socket): boolean {
  const said = socket.read() as Buffer | null
  if (said === null) return false
  socket.unshift(said)
  return plainBeginnings.has(said.toString('latin1', 0, 5))
}

function refuse(socket: Socket): void {
  socket.end(plainRefusal)
  // What else it says is read, so that the answer reaches it before the connection is gone.
  socket.resume()
  socket.setTimeout(1000, () => socket.destroy())
}

function contextOf({ certificate, key, clientAuthorities }: ServingCertificates): {
  readonly cert: string
  readonly key: string
  readonly ca: string[]
} {
  return { cert: certificate, key, ca: [...clientAuthorities] }
}
