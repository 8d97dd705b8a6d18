import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { constants } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps, pods } from '#api/core/v1'
import { createClient, TransportError, transportErrorCode } from '#client'
import type { ApiRequest, Client } from '#client'
import { isTooManyRequests, isUnauthorized } from '#machinery'
import type { HttpConfig } from './config.ts'
import { createAuthority } from './testing/certificates.ts'
import type { IssuedCertificate, TestAuthority } from './testing/certificates.ts'
import { startProxy, startRelay } from './testing/relay.ts'
import { answerJson, bodyText, freePort, startServer } from './testing/tls-server.ts'
import type { TestRequest, TestResponse, TestServer, TestServerOptions } from './testing/tls-server.ts'
import { createHttpTransport } from './transport.ts'
import type { HttpTransport, HttpTransportOptions } from './transport.ts'

let authority: TestAuthority
let certificate: IssuedCertificate

beforeAll(async () => {
  authority = await createAuthority()
  certificate = await authority.server('127.0.0.1', 'api.test')
})

type Handle = (request: TestRequest, response: TestResponse) => void | Promise<void>

interface Rig extends AsyncDisposable {
  readonly server: TestServer
  readonly transport: HttpTransport
  readonly client: Client
}

async function rig(
  handle: Handle,
  config: Partial<HttpConfig> = {},
  options: HttpTransportOptions = {},
  serverOptions: Partial<TestServerOptions> = {},
): Promise<Rig> {
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
}

const key = { namespace: 'ns', name: 'x' }
const raw = (path: string, query = '', signal = new AbortController().signal): ApiRequest => ({
  method: 'GET',
  path,
  query,
  headers: {},
  signal,
})
const line = (type: string, revision: number): string =>
  `${JSON.stringify({ type, object: { metadata: { name: 'é', resourceVersion: String(revision) } } })}\n`
const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(condition()).toBe(true)
}

describe.each([true, false])('with HTTP/2 offered: %s', (http2) => {
  const open = (handle: Handle, config: Partial<HttpConfig> = {}, options: HttpTransportOptions = {}): Promise<Rig> =>
    rig(handle, config, options, { http2 })

  test('requests carry method, path, query, headers and body, and answers come back', async () => {
    const seen: unknown[] = []
    await using r = await open(async (request, response) => {
      const { method, url, headers, httpVersion } = request
      seen.push([httpVersion, method, url, headers['user-agent'], headers['content-type'], await bodyText(request)])
      answerJson(response, 201, { kind: 'ConfigMap', metadata: { name: 'x' } })
    })
    const created = await r.client.create(configmaps, { metadata: key, data: { a: 'é' } }, { dryRun: true })
    expect(created).toEqual({ kind: 'ConfigMap', metadata: { name: 'x' } })
    const body = '{"metadata":{"namespace":"ns","name":"x"},"data":{"a":"é"}}'
    expect(seen).toEqual([
      [
        http2 ? '2.0' : '1.1',
        'POST',
        '/api/v1/namespaces/ns/configmaps?dryRun=All',
        'tester/1',
        'application/json',
        body,
      ],
    ])
  })

  test('connections are used again', async () => {
    await using r = await open((_request, response) => answerJson(response, 200, { metadata: {} }))
    for (let i = 0; i < 5; i++) await r.client.get(pods, key)
    expect(r.server.connections.made).toBe(1)
  })

  test('items of a list get the kind that the list says', async () => {
    await using r = await open((_request, response) =>
      answerJson(response, 200, {
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: {},
        items: [{ metadata: { name: 'x' } }],
      }),
    )
    expect((await r.client.list(pods)).items).toEqual([{ metadata: { name: 'x' }, kind: 'Pod', apiVersion: 'v1' }])
  })

  test('watch events come as they are sent, however the bytes are cut', async () => {
    let send: (text: string | Buffer) => void = () => {}
    await using r = await open((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      send = (text) => (response as { write(chunk: string | Buffer): void }).write(text)
      send(line('ADDED', 1))
    })
    const events = r.client.watch(configmaps, {}, { resourceVersion: '0' })[Symbol.asyncIterator]()
    expect((await events.next()).value).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'é' } } })
    const bytes = Buffer.from(line('MODIFIED', 2) + line('DELETED', 3))
    for (let i = 0; i < bytes.length; i += 7) {
      send(bytes.subarray(i, i + 7))
      if (i % 21 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect((await events.next()).value).toMatchObject({
      type: 'MODIFIED',
      object: { metadata: { resourceVersion: '2' } },
    })
    expect((await events.next()).value).toMatchObject({
      type: 'DELETED',
      object: { metadata: { resourceVersion: '3' } },
    })
    await events.return?.()
  })

  test('a watch whose connection is lost ends; the next request finds a new connection', async () => {
    await using r = await open((request, response) => {
      if (!request.url?.includes('watch')) return answerJson(response, 200, { metadata: {} })
      response.writeHead(200, { 'content-type': 'application/json' })
      ;(response as { write(chunk: string): void }).write(line('ADDED', 1))
    })
    const events = r.client.watch(configmaps)[Symbol.asyncIterator]()
    await events.next()
    r.server.cut()
    expect((await events.next()).done).toBe(true)
    await r.client.get(pods, key)
    expect(r.server.connections.made).toBe(2)
  })

  test('leaving a watch tells the server', async () => {
    let closed = false
    await using r = await open((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.on('close', () => (closed = true))
      ;(response as { write(chunk: string): void }).write(line('ADDED', 1))
    })
    for await (const _ of r.client.watch(configmaps)) break
    await until(() => closed)
  })

  test('a line that is no event ends the watch with an error', async () => {
    await using r = await open((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`${line('ADDED', 1)}nonsense\n`)
    })
    const events = r.client.watch(configmaps)[Symbol.asyncIterator]()
    await events.next()
    await expect(events.next()).rejects.toThrow('unable to decode an event from the watch stream')
  })

  test('an aborted request rejects with its reason and reaches nobody', async () => {
    let closed = 0
    await using r = await open((_request, response) => void response.on('close', () => closed++))
    const controller = new AbortController()
    const pending = r.client.get(pods, key, { signal: controller.signal })
    await until(() => r.server.connections.made === 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    controller.abort(new Error('no longer wanted'))
    await expect(pending).rejects.toThrow('no longer wanted')
    await until(() => closed === 1)
  })

  test('a request without an answer in time fails with Timeout, a watch does not', async () => {
    await using r = await open(
      (request, response) => {
        if (!request.url?.includes('watch')) return
        response.writeHead(200, { 'content-type': 'application/json' })
        setTimeout(() => response.end(line('ADDED', 1)), 120)
      },
      { timeoutMs: 60 },
    )
    const error = await r.client.get(pods, key).catch((thrown: unknown) => thrown)
    expect(transportErrorCode(error)).toBe('Timeout')
    const events = r.client.watch(configmaps)[Symbol.asyncIterator]()
    expect((await events.next()).done).toBe(false)
  })

  test('an answer that breaks off is Lost, for reads after retries', async () => {
    const clock = new VirtualClock()
    let requests = 0
    await using r = await open(
      (_request, response) => {
        requests++
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        ;(response as { write(chunk: string): void }).write('{"half":')
        setTimeout(() => r.server.cut(), 5)
      },
      {},
      { clock, retries: 1 },
    )
    const pending = r.client.get(pods, key).catch((error: unknown) => error)
    await until(() => clock.nextDue === clock.now() + 1000)
    await clock.advance(1000)
    expect(transportErrorCode(await pending)).toBe('Lost')
    expect(requests).toBe(2)
  })

  test('Retry-After is obeyed', async () => {
    const clock = new VirtualClock()
    let requests = 0
    await using r = await open(
      (_request, response) => {
        if (++requests > 2) return answerJson(response, 200, { metadata: { name: 'x' } })
        answerJson(
          response,
          429,
          { kind: 'Status', status: 'Failure', reason: 'TooManyRequests' },
          { 'retry-after': '7' },
        )
      },
      {},
      { clock },
    )
    const pending = r.client.create(configmaps, { metadata: key })
    for (let retry = 1; retry <= 2; retry++) {
      await until(() => clock.nextDue === clock.now() + 7000)
      expect(requests).toBe(retry)
      await clock.advance(7000)
    }
    expect((await pending).metadata.name).toBe('x')
  })

  test('refusals without Retry-After come at once', async () => {
    await using r = await open((_request, response) =>
      answerJson(response, 429, { kind: 'Status', status: 'Failure', reason: 'TooManyRequests', code: 429 }),
    )
    const error = await r.client.get(pods, key).catch((thrown: unknown) => thrown)
    expect(isTooManyRequests(error)).toBe(true)
  })

  test('large answers arrive whole', async () => {
    const data = { big: 'x'.repeat(20_000_000) }
    await using r = await open((_request, response) => answerJson(response, 200, { metadata: {}, data }))
    expect((await r.client.get(configmaps, key)).data).toEqual(data)
  })

  test('a server below a path is asked there, and other answers come as bytes or streams', async () => {
    await using r = await open((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.end(`at ${request.url}`)
    })
    const below = createHttpTransport({ server: `${r.server.url}/clusters/one/`, ca: { pem: authority.ca } })
    const answer = await below.send(raw('/healthz'))
    const text = answer.kind === 'bytes' ? Buffer.from(answer.bytes).toString() : answer.kind
    expect(text).toBe('at /clusters/one/healthz')
    const followed = await below.send(raw('/api/v1/namespaces/ns/pods/x/log', 'follow=true'))
    const chunks: string[] = []
    if (followed.kind === 'stream') for await (const chunk of followed.body) chunks.push(Buffer.from(chunk).toString())
    expect(chunks.join('')).toBe('at /clusters/one/api/v1/namespaces/ns/pods/x/log?follow=true')
    await below.close()
  })
})

describe('HTTP/2', () => {
  test('watches and requests share a connection until the server takes no more, then a second is made', async () => {
    await using r = await rig(
      (request, response) => {
        if (!request.url?.includes('watch')) return answerJson(response, 200, { metadata: {} })
        response.writeHead(200, { 'content-type': 'application/json' })
        ;(response as { write(chunk: string): void }).write(line('ADDED', 1))
      },
      {},
      {},
      { settings: { maxConcurrentStreams: 3 } },
    )
    await r.client.get(pods, key)
    const watches = [1, 2, 3, 4, 5].map(() => r.client.watch(configmaps)[Symbol.asyncIterator]())
    await Promise.all(watches.map((events) => events.next()))
    expect(r.server.connections.made).toBe(2)
    await r.client.get(pods, key)
    expect(r.server.connections.made).toBe(2)
    for (const events of watches) await events.return?.()
  })

  test('a peer that falls silent is asked for a sign of life, and given up without one', async () => {
    const clock = new VirtualClock()
    const handle: Handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      ;(response as { write(chunk: string): void }).write(line('ADDED', 1))
    }
    await using server = await startServer({ authority, certificate, handle })
    await using relay = await startRelay(server.port)
    const url = `https://127.0.0.1:${relay.port}`
    await using transport = createHttpTransport({ server: url, ca: { pem: authority.ca } }, { clock })
    const events = createClient(transport.send, { userAgent: 'test' }).watch(configmaps)[Symbol.asyncIterator]()
    await events.next()
    // The event itself was a sign of life.
    await clock.advance(30_000)
    expect(clock.nextDue).toBe(clock.now() + 30_000)
    await clock.advance(30_000)
    expect(clock.nextDue).toBe(clock.now() + 15_000)
    await until(() => clock.nextDue === clock.now() + 30_000)
    relay.freeze()
    const next = events.next()
    await clock.advance(30_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(clock.nextDue).toBe(clock.now() + 15_000)
    await clock.advance(15_000)
    expect((await next).done).toBe(true)
    expect(clock.pending).toBe(0)
  })

  test('a request that the server did not begin with is sent again, a write as well', async () => {
    let requests = 0
    await using r = await rig((request, response) => {
      if (++requests === 1 && 'stream' in request) request.stream.close(constants.NGHTTP2_REFUSED_STREAM)
      else answerJson(response, 201, { metadata: { name: 'x' } })
    })
    expect((await r.client.create(configmaps, { metadata: key })).metadata.name).toBe('x')
    expect([requests, r.server.connections.made]).toEqual([2, 2])
  })

  test('a server that says goodbye gets no new requests on that connection', async () => {
    await using r = await rig((request, response) => {
      if ('stream' in request) request.stream.session?.goaway()
      answerJson(response, 200, { metadata: { name: 'x' } })
    })
    for (let i = 1; i <= 3; i++) {
      await r.client.get(pods, key)
      await until(() => r.server.connections.made === i)
    }
  })
})

describe('HTTP/1.1', () => {
  test('a read that meets a connection closed while idle is sent again at once', async () => {
    let requests = 0
    await using r = await rig(
      (request, response) => {
        // The second request on a connection finds it closed, as after an idle time that was up just then.
        if (++requests === 2) request.socket.destroy()
        else answerJson(response, 200, { metadata: { name: 'x' } })
      },
      {},
      { retries: 0 },
      { http2: false },
    )
    await r.client.get(pods, key)
    await r.client.get(pods, key)
    expect([requests, r.server.connections.made]).toEqual([3, 2])
    requests = 1
    const write = await r.client.create(configmaps, { metadata: key }).catch((error: unknown) => error)
    expect(transportErrorCode(write)).toBe('Lost')
  })

  test('requests at the same time have a connection each, and a proxy may carry them', async () => {
    let waiting: (() => void)[] = []
    await using r = await rig(
      (_request, response) => {
        waiting.push(() => answerJson(response, 200, { metadata: { name: 'x' } }))
        if (waiting.length === 3) for (const answer of waiting.splice(0)) answer()
      },
      {},
      {},
      { http2: false },
    )
    await Promise.all([1, 2, 3].map(() => r.client.get(pods, key)))
    expect(r.server.connections.made).toBe(3)

    waiting = []
    await using proxy = await startProxy()
    const proxyUrl = `http://user:p%40ss@127.0.0.1:${proxy.port}`
    await using through = createHttpTransport({ server: r.server.url, ca: { pem: authority.ca }, proxyUrl })
    const client = createClient(through.send, { userAgent: 'test' })
    await Promise.all([1, 2, 3].map(() => client.get(pods, key)))
    const { host } = new URL(r.server.url)
    expect(new Set(proxy.tunnels)).toEqual(new Set([`${host} Basic ${Buffer.from('user:p@ss').toString('base64')}`]))
  })
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
      const issued = await authority.client(name)
      await writeFile(files.cert, issued.certificate)
      await writeFile(files.key, issued.key)
    }
    await renew('first')
    const clock = new VirtualClock()
    const config = { clientCertificate: { file: files.cert }, clientKey: { file: files.key } }
    await using r = await rig(ok, config, { clock })
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
      const { certificate: clientCertificateData, key: clientKeyData } = await authority.client(name)
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
    await using r = await rig(refusing, { exec })
    expect(isUnauthorized(await r.client.get(pods, key).catch((error: unknown) => error))).toBe(true)
    expect((await r.client.get(pods, key)).metadata.name).toBe('second')
    await rm(folder, { recursive: true })
  })

  test('a server of another authority, or with another name, is refused', async () => {
    const other = await createAuthority('other-ca')
    const cases: readonly Partial<HttpConfig>[] = [{ ca: { pem: other.ca } }, { serverName: 'elsewhere.test' }]
    for (const config of cases) {
      await using r = await rig(ok, config)
      const error = await r.client.get(pods, key).catch((thrown: unknown) => thrown)
      expect(transportErrorCode(error)).toBe('Unreachable')
    }
  })

  test('a server name stands in for the host, and insecure trusts everybody', async () => {
    const named = await authority.server('api.test')
    const other = await createAuthority('other-ca')
    const cases: readonly Partial<HttpConfig>[] = [
      { serverName: 'api.test' },
      { ca: { pem: other.ca }, insecureSkipVerify: true },
    ]
    for (const config of cases) {
      await using r = await rig(ok, config, {}, { certificate: named })
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
    await using r = await rig(ok)
    await r.client.get(pods, key)
    await r.transport.close()
    await expect(r.client.get(pods, key)).rejects.toThrow('the transport is closed')
  })
})

describe('upgrade()', () => {
  test('hands over the connection', async () => {
    await using r = await rig(
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
    await using r = await rig((_request, response) => answerJson(response, 403, status), {}, {}, { http2: false })
    const signal = new AbortController().signal
    await expect(r.transport.upgrade({ path: '/exec', protocol: 'echo', signal })).rejects.toThrow('no exec')
  })
})
