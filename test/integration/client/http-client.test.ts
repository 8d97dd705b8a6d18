import { beforeAll } from 'vitest'
import type { ApiRequest, ApiResponse, Transport } from '#client'
import { createClient } from '#client'
import { createHttpTransport } from '#client/http'
import { createAuthority } from '../../../src/client/http/testing/certificates.ts'
import type { IssuedCertificate, TestAuthority } from '../../../src/client/http/testing/certificates.ts'
import { bodyText, startServer } from '../../../src/client/http/testing/tls-server.ts'
import type { TestRequest, TestResponse } from '../../../src/client/http/testing/tls-server.ts'
import { describeClient } from '../../../src/client/testing/client-suite.ts'
import { MemoryApi } from '../../../src/client/testing/memory-api.ts'

let authority: TestAuthority
let certificate: IssuedCertificate

beforeAll(async () => {
  authority = await createAuthority()
  certificate = await authority.server('127.0.0.1')
})

for (const http2 of [true, false]) {
  describeClient(http2 ? 'HTTP/2' : 'HTTP/1.1', async () => {
    const api = new MemoryApi()
    const handle = (request: TestRequest, response: TestResponse): void => {
      void serve(api.transport, request, response)
    }
    const server = await startServer({ authority, certificate, handle, http2 })
    const transport = createHttpTransport({ server: server.url, ca: { pem: authority.ca } })
    return {
      client: createClient(transport.send, { userAgent: 'test' }),
      namespace: 'default',
      close: async () => {
        await transport.close()
        await server.close()
      },
    }
  })
}

/** Puts a transport behind a server. */
async function serve(transport: Transport, request: TestRequest, response: TestResponse): Promise<void> {
  const url = new URL(request.url ?? '', 'https://x')
  const text = await bodyText(request)
  const controller = new AbortController()
  response.on('close', () => controller.abort())
  const type = request.headers['content-type']
  const forwarded: ApiRequest = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.search.slice(1),
    headers: type === undefined ? {} : { 'content-type': type },
    signal: controller.signal,
    ...(text === '' ? {} : { body: { kind: 'object', object: JSON.parse(text) as unknown } }),
  }
  answer(await transport(forwarded), response)
}

function answer(from: ApiResponse, response: TestResponse): void {
  // The two kinds of response have these in common, but not in one type.
  const out = response as object as { write(chunk: Uint8Array): unknown; end(chunk?: Uint8Array): unknown }
  if (from.kind === 'object') {
    const { contentType, bytes } = from.encode()
    response.writeHead(from.code, { 'content-type': contentType })
    out.end(bytes)
  } else if (from.kind === 'watch') {
    response.writeHead(from.code, { 'content-type': from.contentType })
    const stop = from.start({ event: (event) => void out.write(event.encode()), end: () => void out.end() })
    response.on('close', stop)
  }
}
