import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { silentLogger } from '#base'
import type { ApiRequest, ApiResponse } from '#client'
import { createHttpServer } from '#http'
import { CertificateAuthority } from '#pki'

export interface TestServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** The certificate that clients trust. */
  readonly authority: string
  /** A connection that speaks HTTP/1.1, as bytes. */
  connect(): Promise<RawClient>
}

/** A client that says exactly what it is told to. */
export interface RawClient extends AsyncDisposable {
  readonly socket: TLSSocket
  /** All that was received so far. */
  readonly received: string
  write(text: string | Uint8Array): void
  /** Waits until what was received has this in it, or the connection ended. */
  until(text: string | RegExp): Promise<string>
  /** Waits until the server ended the connection; everything that was received. */
  ended(): Promise<string>
}

/** A server whose certificate is of its own authority. */
export async function startServer(
  handler: (request: ApiRequest) => ApiResponse | Promise<ApiResponse>,
): Promise<TestServer> {
  const now = Date.now()
  const hour = 3_600_000
  const authority = new CertificateAuthority(CertificateAuthority.create('test', now, hour))
  const { certificate, key } = authority.issue({
    subject: { commonName: 'server' },
    names: { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] },
    usages: ['server auth', 'digital signature'],
    now,
    lifetimeMs: hour,
  })
  const certificates = { certificate, key, clientAuthorities: [authority.certificate] }
  const server = createHttpServer({ handler, certificates, logger: silentLogger })
  const port = await server.listen(0, '127.0.0.1')
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    authority: authority.certificate,
    connect: () => rawClient(port, authority.certificate),
    [Symbol.asyncDispose]: () => server.close(0),
  }
}

async function rawClient(port: number, ca: string): Promise<RawClient> {
  const socket = connect({ host: '127.0.0.1', port, ca, ALPNProtocols: ['http/1.1'] })
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  const pieces: string[] = []
  let over = false
  let wake = (): void => undefined
  socket.on('data', (bytes: Buffer) => {
    pieces.push(bytes.toString('latin1'))
    wake()
  })
  const received = (): string => pieces.join('')
  socket.on('error', () => undefined)
  socket.on('close', () => {
    over = true
    wake()
  })
  const wait = async (done: () => boolean): Promise<string> => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve))
    return received()
  }
  /** Looks for a text in what came since it was looked last, which may be much. */
  const search = (text: string): (() => boolean) => {
    let [tail, seen] = ['', 0]
    return () => {
      const latest = tail + pieces.slice(seen).join('')
      seen = pieces.length
      tail = latest.slice(-text.length)
      return latest.includes(text)
    }
  }
  return {
    socket,
    get received() {
      return received()
    },
    write: (text) => void socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text),
    until(text) {
      const found = typeof text === 'string' ? search(text) : () => text.test(received())
      return wait(() => found() || over)
    },
    ended: () => wait(() => over),
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await wait(() => over)
    },
  }
}

/** Says in words what was asked, with the body. */
export async function echo(request: ApiRequest): Promise<ApiResponse> {
  const body = request.body?.kind === 'bytes' ? await request.body.read(1 << 22) : new Uint8Array()
  return text(`${request.method} ${request.path}?${request.query} [${Buffer.from(body).toString('latin1')}]\n`)
}

export const text = (content: string, code = 200): ApiResponse => ({
  kind: 'bytes',
  code,
  contentType: 'text/plain',
  bytes: new TextEncoder().encode(content),
})
