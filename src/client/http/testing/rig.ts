import { createClient } from '#client'
import type { ApiRequest, Client } from '#client'
import type { HttpConfig } from '../config.ts'
import { createHttpTransport } from '../transport.ts'
import type { HttpTransport, HttpTransportOptions } from '../transport.ts'
import { createAuthority } from './certificates.ts'
import type { IssuedCertificate, TestAuthority } from './certificates.ts'
import { startServer } from './tls-server.ts'
import type { TestRequest, TestResponse, TestServer, TestServerOptions } from './tls-server.ts'

export type Handle = (request: TestRequest, response: TestResponse) => void | Promise<void>

/** A server, a transport to it, and a client on that. */
export interface Rig extends AsyncDisposable {
  readonly server: TestServer
  readonly transport: HttpTransport
  readonly client: Client
}

export interface Bench {
  readonly authority: TestAuthority
  readonly certificate: IssuedCertificate
  rig(
    handle: Handle,
    config?: Partial<HttpConfig>,
    options?: HttpTransportOptions,
    serverOptions?: Partial<TestServerOptions>,
  ): Promise<Rig>
}

/** An authority, and servers that it has certified. */
export async function createBench(): Promise<Bench> {
  const authority = await createAuthority()
  const certificate = await authority.server('127.0.0.1', 'api.test')
  return {
    authority,
    certificate,
    async rig(handle, config = {}, options = {}, serverOptions = {}) {
      const server = await startServer({ authority, certificate, handle, ...serverOptions })
      const transport = createHttpTransport({ server: server.url, ca: { pem: authority.ca }, ...config }, options)
      return {
        server,
        transport,
        client: createClient(transport.send, { userAgent: 'tester/1' }),
        async [Symbol.asyncDispose]() {
          await transport.close()
          await server.close()
        },
      }
    },
  }
}

export const key = { namespace: 'ns', name: 'x' }

/** A GET without anything. */
export const raw = (path: string, query = '', signal: AbortSignal = new AbortController().signal): ApiRequest => ({
  method: 'GET',
  path,
  query,
  headers: {},
  signal,
})

/** A watch event as it goes over the wire. */
export const line = (type: string, revision: number): string =>
  `${JSON.stringify({ type, object: { metadata: { name: 'é', resourceVersion: String(revision) } } })}\n`

/** Waits a while of real time for what comes over the network. @throws Error when it does not come. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 800; i++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('what the test waited for did not come')
}
