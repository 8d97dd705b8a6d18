import { connect } from 'node:http2'
import { request } from 'node:https'
import { describe, expect, test } from 'vitest'
import type { Transport } from '#client'
import { startServer } from './server.ts'

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
    await using server = await startServer(handler)
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
    await using server = await startServer(handler)
    const session = connect(server.url, { ca: server.authority })
    const raw = await new Promise<readonly string[]>((resolve, reject) => {
      const stream = session.on('error', reject).request({ ':path': '/' })
      stream.on('response', (_headers: unknown, _flags: number, pairs: string[]) => resolve(pairs)).resume()
    })
    session.destroy()
    expect(raw.filter((_, index) => raw[index - 1] === 'warning')).toEqual(warnings)
  })
})
