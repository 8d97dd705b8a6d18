import { createSecureServer } from 'node:http2'
import type { Http2SecureServer } from 'node:http2'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from '#base'
import type { ApiResponse, Transport } from '#client'
import { IncomingRequest } from './request.ts'
import type { Incoming } from './request.ts'
import { send } from './response.ts'
import type { Outgoing } from './response.ts'
import { answerUpgrade } from './upgrade.ts'

/** Certificates in PEM. */
export interface ServingCertificates {
  readonly certificate: string
  readonly key: string
  /** Authorities whose client certificates are trusted. */
  readonly clientAuthorities: readonly string[]
}

export interface HttpServerOptions {
  readonly handler: Transport
  readonly certificates: ServingCertificates
  readonly logger: Logger
}

export interface HttpServer {
  /** Listens; port 0 takes a free one. Resolves with the port, rejects when it can't be had. */
  listen(port: number, host?: string): Promise<number>
  /** Serves new connections with other certificates; those that stand go on. */
  renew(certificates: ServingCertificates): void
  /** Stops listening and ends what is open after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** The API server on the wire: TLS, HTTP/2 and HTTP/1.1 on one port. */
export function createHttpServer({ handler, certificates, logger }: HttpServerOptions): HttpServer {
  const server: Http2SecureServer = createSecureServer({
    allowHTTP1: true,
    ...contextOf(certificates),
    requestCert: true,
    rejectUnauthorized: false,
    settings: { maxConcurrentStreams: 1000 },
    maxSessionMemory: 64,
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (incoming: Incoming, outgoing: Outgoing) => {
    outgoing.on('error', () => undefined)
    void respond(incoming, outgoing)
  })
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined)
    void handler(new IncomingRequest(incoming))
      .then((response) => answerUpgrade(response, socket, head))
      .catch((error: unknown) => {
        logger.error('Upgraded connection failed', { path: incoming.url, error })
        socket.destroy()
      })
  })
  server.on('sessionError', () => undefined)
  server.on('tlsClientError', () => undefined)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'HPE_INVALID_METHOD' && socket.writable) socket.end(methodNotAllowed())
    else socket.destroy()
  })

  async function respond(incoming: Incoming, outgoing: Outgoing): Promise<void> {
    try {
      const response: ApiResponse = await handler(new IncomingRequest(incoming))
      await send(response, incoming, outgoing)
    } catch (error) {
      logger.error('Response failed', { method: incoming.method, path: incoming.url, error })
      outgoing.destroy()
    }
  }

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.removeListener('error', reject)
          resolve((server.address() as AddressInfo).port)
        })
      }),
    renew: (next) => server.setSecureContext(contextOf(next)),
    close: (graceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of sockets) socket.destroy()
        }, graceMs)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}

/** The answer to methods that HTTP/1.1 does not know, which the parser lets nobody see. */
function methodNotAllowed(): string {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'the server does not allow this method on the requested resource',
    reason: 'MethodNotAllowed',
    details: {},
    code: 405,
  }
  const body = `${JSON.stringify(status)}\n`
  const head = ['HTTP/1.1 405 Method Not Allowed', 'Content-Type: application/json', `Content-Length: ${body.length}`]
  return `${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`
}

function contextOf({ certificate, key, clientAuthorities }: ServingCertificates): {
  readonly cert: string
  readonly key: string
  readonly ca: string[]
} {
  return { cert: certificate, key, ca: [...clientAuthorities] }
}
