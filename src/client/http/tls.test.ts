import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { pods } from '#api/core/v1'
import { TransportError, transportErrorCode } from '#client'
import { isUnauthorized } from '#machinery'
import type { HttpConfig } from './config.ts'
import { createAuthority } from './testing/certificates.ts'
import { createBench, key, raw } from './testing/rig.ts'
import type { Bench, Handle } from './testing/rig.ts'
import { answerJson, freePort } from './testing/tls-server.ts'
import { createHttpTransport } from './transport.ts'

let bench: Bench
beforeAll(async () => {
  bench = await createBench()
})

describe('TLS', () => {
  const ok: Handle = (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate()
    answerJson(response, 200, { metadata: { name: peer.subject?.CN ?? 'nobody' } })
  }

  test('a client certificate is shown; one in files is read again when it was renewed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'k8ts-'))
    const files = { cert: join(folder, 'client.crt'), key: join(folder, 'client.key') }
    const renew = async (name: string): Promise<void> => {
      const issued = await bench.authority.client(name)
      await writeFile(files.cert, issued.certificate)
      await writeFile(files.key, issued.key)
    }
    await renew('first')
    const clock = new VirtualClock()
    const config = { clientCertificate: { file: files.cert }, clientKey: { file: files.key } }
    await using r = await bench.rig(ok, config, { clock })
    expect((await r.client.get(pods, key)).metadata.name).toBe('first')
    await renew('second')
    expect((await r.client.get(pods, key)).metadata.name).toBe('first')
    await clock.advance(300_000)
    expect((await r.client.get(pods, key)).metadata.name).toBe('second')
    await rm(folder, { recursive: true })
  })

  test('a certificate that a program gives is shown, and asked for again after a refusal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'k8ts-'))
    const command = join(folder, 'plugin')
    for (const name of ['first', 'second']) {
      const { certificate: clientCertificateData, key: clientKeyData } = await bench.authority.client(name)
      const status = { clientCertificateData, clientKeyData }
      const credential = { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status }
      await writeFile(join(folder, name), JSON.stringify(credential))
    }
    await writeFile(command, '#!/bin/sh\ncd "$(dirname "$0")"\ncat first\nmv -f second first 2>/dev/null || true\n', {
      mode: 0o755,
    })
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' as const }
    const refusing: Handle = (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate()
      if (peer.subject.CN === 'second') answerJson(response, 200, { metadata: { name: 'second' } })
      else answerJson(response, 401, { kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 })
    }
    await using r = await bench.rig(refusing, { exec })
    expect(isUnauthorized(await r.client.get(pods, key).catch((error: unknown) => error))).toBe(true)
    expect((await r.client.get(pods, key)).metadata.name).toBe('second')
    await rm(folder, { recursive: true })
  })

  test('a server of another authority, or with another name, is refused', async () => {
    const other = await createAuthority('other-ca')
    const cases: readonly Partial<HttpConfig>[] = [{ ca: { pem: other.ca } }, { serverName: 'elsewhere.test' }]
    for (const config of cases) {
      await using r = await bench.rig(ok, config)
      const error = await r.client.get(pods, key).catch((thrown: unknown) => thrown)
      expect(transportErrorCode(error)).toBe('Unreachable')
    }
  })

  test('a server name stands in for the host, and insecure trusts everybody', async () => {
    const named = await bench.authority.server('api.test')
    const other = await createAuthority('other-ca')
    const cases: readonly Partial<HttpConfig>[] = [
      { serverName: 'api.test' },
      { ca: { pem: other.ca }, insecureSkipVerify: true },
    ]
    for (const config of cases) {
      await using r = await bench.rig(ok, config, {}, { certificate: named })
      expect((await r.client.get(pods, key)).metadata.name).toBe('nobody')
    }
  })

  test('nobody listening is Refused', async () => {
    const transport = createHttpTransport({ server: `https://127.0.0.1:${await freePort()}` })
    const error = await transport.send(raw('/api')).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TransportError)
    expect([transportErrorCode(error), String(error)]).toEqual([
      'Refused',
      expect.stringMatching(/^TransportError: GET \/api: connect ECONNREFUSED/),
    ])
    await transport.close()
  })

  test('after close() no request is sent', async () => {
    await using r = await bench.rig(ok)
    await r.client.get(pods, key)
    await r.transport.close()
    await expect(r.client.get(pods, key)).rejects.toThrow('the transport is closed')
  })
})

describe('upgrade()', () => {
  test('hands over the connection', async () => {
    await using r = await bench.rig(
      () => {},
      { token: 'secret' },
      {},
      {
        onUpgrade: (request, socket) => {
          const { upgrade, authorization } = request.headers
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello ')
          socket.write(`${request.method} ${request.url} ${upgrade} ${authorization} `)
          socket.pipe(socket)
        },
      },
    )
    const signal = new AbortController().signal
    const { headers, connection } = await r.transport.upgrade({ path: '/exec', query: 'a=b', protocol: 'echo', signal })
    expect(headers['upgrade']).toBe('echo')
    await connection.write(Buffer.from('ping'))
    connection.end()
    const received: Buffer[] = []
    for await (const chunk of connection.incoming) received.push(Buffer.from(chunk))
    expect(Buffer.concat(received).toString()).toBe('hello POST /exec?a=b echo Bearer secret ping')
  })

  test('passes refusals on', async () => {
    const status = { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'no exec', code: 403 }
    await using r = await bench.rig((_request, response) => answerJson(response, 403, status), {}, {}, { http2: false })
    const signal = new AbortController().signal
    await expect(r.transport.upgrade({ path: '/exec', protocol: 'echo', signal })).rejects.toThrow('no exec')
  })
})
