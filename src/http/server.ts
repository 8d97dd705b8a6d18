import { createServer as createListener } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import type { Logger } from '#base'
import type { ApiRequest, ApiResponse } from '#client'
import type { Answer } from './answer.ts'
import { connectionOf } from './connection.ts'
import { Http1Connection } from './h1/connection.ts'
import type { Http1Service } from './h1/connection.ts'
import { Handshakes, spoke } from './handshakes.ts'
import { createHttp2Service } from './h2/serve.ts'
import { send } from './response.ts'
import { Slices } from './slices.ts'
import { answerUpgrade } from './upgrade.ts'

/** Certificates in PEM. */
export interface ServingCertificates {
  readonly certificate: string
  readonly key: string
  /** Authorities whose client certificates are trusted. */
  readonly clientAuthorities: readonly string[]
}

export interface HttpServerOptions {
  /** Answers a request; at once, if it can. */
  readonly handler: (request: ApiRequest) => ApiResponse | Promise<ApiResponse>
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

type Mutable<T> = { -readonly [name in keyof T]: T[name] }

/** Milliseconds that a client may take for the handshake, and between keep-alive probes of silent connections. */
const handshakeMs = 32_000
const probeMs = 15_000

/** The API server on the wire: TLS, HTTP/2 and HTTP/1.1 on one port. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { handler, certificates, logger, maxStreams = 1000 } = options
  const server = createServer({
    ...contextOf(certificates),
    ALPNProtocols: ['h2', 'http/1.1'],
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeMs,
  })
  const sockets = new Set<Socket>()
  const connections = new Set<Http1Connection>()

  const failed = (request: ApiRequest, answer: Answer, error: unknown): void => {
    logger.error('Response failed', { method: request.method, path: request.path, error })
    answer.destroy()
  }
  const serve = (request: ApiRequest, answer: Answer): void => {
    try {
      const response = handler(request)
      const sent =
        response instanceof Promise ? response.then((settled) => send(settled, answer)) : send(response, answer)
      if (sent instanceof Promise) sent.catch((error: unknown) => failed(request, answer, error))
    } catch (error) {
      failed(request, answer, error)
    }
  }
  const http1: Mutable<Http1Service> = {
    date: new Date().toUTCString(),
    seconds: 0,
    closing: false,
    slices: new Slices(),
    serve,
    upgrade(request, socket, rest) {
      void (async () => answerUpgrade(await handler(request), request, socket, rest))().catch((error: unknown) => {
        logger.error('Upgraded connection failed', { path: request.path, error })
        socket.destroy()
      })
    },
  }
  const http2 = createHttp2Service(serve, maxStreams)

  const eachSecond = setInterval(() => {
    http1.date = new Date().toUTCString()
    http1.seconds++
    for (const connection of connections) connection.check()
    http2.tick()
  }, 1000).unref()

  const handshakes = new Handshakes()
  const listener = createListener({ pauseOnConnect: true }, (socket) => {
    socket.setNoDelay(true)
    socket.setKeepAlive(true, probeMs)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    void spoke(socket, handshakeMs)
      .then(() => handshakes.begin(socket))
      .then(() => socket.destroyed || server.emit('connection', socket))
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    handshakes.done(socket)
    if (socket.alpnProtocol === 'h2') {
      http2.accept(socket)
      return
    }
    const connection = new Http1Connection(socket, connectionOf(socket), http1)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  })
  server.on('tlsClientError', () => options.handshakeFailed?.())

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        listener.once('error', reject)
        // As for Go: all addresses of one family are all there are.
        listener.listen(port, host === '0.0.0.0' ? undefined : host, () => {
          listener.removeListener('error', reject)
          resolve((listener.address() as AddressInfo).port)
        })
      }),
    renew: (next) => server.setSecureContext(contextOf(next)),
    close: (graceMs) =>
      new Promise((resolve) => {
        http1.closing = true
        for (const connection of connections) connection.leaveIfIdle()
        http2.close()
        const timer = setTimeout(() => {
          for (const socket of sockets) socket.destroy()
        }, graceMs)
        listener.close(() => {
          clearTimeout(timer)
          clearInterval(eachSecond)
          resolve()
        })
      }),
  }
}

function contextOf({ certificate, key, clientAuthorities }: ServingCertificates): {
  readonly cert: string
  readonly key: string
  readonly ca: string[]
} {
  return { cert: certificate, key, ca: [...clientAuthorities] }
}
