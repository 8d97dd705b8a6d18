import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { IssuedCertificate, TestAuthority } from './certificates.ts'

export type TestRequest = IncomingMessage | Http2ServerRequest
export type TestResponse = ServerResponse | Http2ServerResponse

export interface TestServerOptions {
  readonly authority: TestAuthority
  readonly certificate: IssuedCertificate
  readonly handle: (request: TestRequest, response: TestResponse) => void | Promise<void>
  readonly http2?: boolean
  readonly http1?: boolean
  readonly port?: number
  readonly settings?: { readonly maxConcurrentStreams?: number }
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex) => void
}

/** A server on this machine that speaks HTTP/2 and HTTP/1.1, or the latter alone. Asks for client certificates. */
export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Connections made so far, and those open. */
  readonly connections: { made: number; readonly open: Set<Socket> }
  /** Cuts all connections. */
  cut(): void
  close(): Promise<void>
}

export function startServer(options: TestServerOptions): Promise<TestServer> {
  const { authority, certificate, handle, http2 = true, http1 = true, settings, onUpgrade, port = 0 } = options
  const tls = {
    key: certificate.key,
    cert: certificate.certificate,
    ca: authority.ca,
    requestCert: true,
    rejectUnauthorized: false,
  }
  const server = http2
    ? createSecureServer({ ...tls, allowHTTP1: http1, ...(settings ? { settings } : {}) })
    : createHttpsServer(tls)
  server.on('request', (request: TestRequest, response: TestResponse) => void handle(request, response))
  if (onUpgrade) server.on('upgrade', onUpgrade)
  // Sessions that the test cuts fail, as they should.
  server.on('sessionError', () => {})
  const connections = { made: 0, open: new Set<Socket>() }
  server.on('connection', (socket: Socket) => {
    connections.made++
    connections.open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => connections.open.delete(socket))
  })
  const cut = (): void => {
    for (const socket of connections.open) socket.destroy()
  }
  const close = async (): Promise<void> => {
    cut()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const bound = (server.address() as AddressInfo).port
      resolve({
        url: `https://127.0.0.1:${bound}`,
        port: bound,
        connections,
        cut,
        close,
        [Symbol.asyncDispose]: close,
      })
    })
  })
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export function answerJson(
  response: TestResponse,
  code: number,
  value: unknown,
  headers: { readonly [name: string]: string } = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

export async function bodyText(request: TestRequest): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
