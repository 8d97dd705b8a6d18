import { connect } from 'node:http2'
import { request } from 'node:https'
import { describe, expect, test } from 'vitest'
import { silentLogger } from '#base'
import type { Transport } from '#client'
import { createHttpServer } from '#http'
import { CertificateAuthority } from '#pki'

const warnings = ['299 - "spec.a: is old, use spec.b"', '299 - "says \\"299 - \\" itself"', '299 - "third"']

const handler: Transport = () =>
  Promise.resolve({
    kind: 'bytes',
    code: 200,
    headers: { warning: warnings.join(', ') },
    contentType: 'text/plain',
    bytes: new TextEncoder().encode('ok'),
  })

describe('Warnings', () => {
  test('go out in a line each with HTTP/1.1', async () => {
    await using server = await startServer()
    const lines = await new Promise<string[]>((resolve, reject) => {
      request(server.url, { ca: server.authority, agent: false }, (response) => {
        resolve(response.resume().headersDistinct['warning'] ?? [])
      })
        .on('error', reject)
        .end()
    })
    expect(lines).toEqual(warnings)
  })

  test('go out in a line each with HTTP/2', async () => {
    await using server = await startServer()
    const session = connect(server.url, { ca: server.authority })
    const raw = await new Promise<readonly string[]>((resolve, reject) => {
      const stream = session.on('error', reject).request({ ':path': '/' })
      stream.on('response', (_headers: unknown, _flags: number, pairs: string[]) => resolve(pairs)).resume()
    })
    session.destroy()
    expect(raw.filter((_, index) => raw[index - 1] === 'warning')).toEqual(warnings)
  })
})

interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly authority: string
}

async function startServer(): Promise<TestServer> {
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
    url: `https://127.0.0.1:${port}`,
    authority: authority.certificate,
    [Symbol.asyncDispose]: () => server.close(0),
  }
}
