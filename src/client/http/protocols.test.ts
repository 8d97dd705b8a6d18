import { constants } from 'node:http2'
import { beforeAll, describe, expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps, pods } from '#api/core/v1'
import { createClient, transportErrorCode } from '#client'
import { startProxy, startRelay } from './testing/relay.ts'
import { createBench, key, line, until } from './testing/rig.ts'
import type { Bench, Handle } from './testing/rig.ts'
import { answerJson, startServer } from './testing/tls-server.ts'
import { createHttpTransport } from './transport.ts'

let bench: Bench
beforeAll(async () => {
  bench = await createBench()
})

describe('HTTP/2', () => {
  test('watches and requests share a connection until the server takes no more, then a second is made', async () => {
    await using r = await bench.rig(
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
    await using server = await startServer({ ...bench, handle })
    await using relay = await startRelay(server.port)
    const url = `https://127.0.0.1:${relay.port}`
    await using transport = createHttpTransport({ server: url, ca: { pem: bench.authority.ca } }, { clock })
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
    await using r = await bench.rig((request, response) => {
      if (++requests === 1 && 'stream' in request) request.stream.close(constants.NGHTTP2_REFUSED_STREAM)
      else answerJson(response, 201, { metadata: { name: 'x' } })
    })
    expect((await r.client.create(configmaps, { metadata: key })).metadata.name).toBe('x')
    expect([requests, r.server.connections.made]).toEqual([2, 2])
  })

  test('a server that says goodbye gets no new requests on that connection', async () => {
    await using r = await bench.rig((request, response) => {
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
    await using r = await bench.rig(
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
    await using r = await bench.rig(
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
    await using through = createHttpTransport({ server: r.server.url, ca: { pem: bench.authority.ca }, proxyUrl })
    const client = createClient(through.send, { userAgent: 'test' })
    await Promise.all([1, 2, 3].map(() => client.get(pods, key)))
    const { host } = new URL(r.server.url)
    expect(new Set(proxy.tunnels)).toEqual(new Set([`${host} Basic ${Buffer.from('user:p@ss').toString('base64')}`]))
  })
})
