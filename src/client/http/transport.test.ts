import { beforeAll, describe, expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps, pods } from '#api/core/v1'
import { RequestMetrics, transportErrorCode } from '#client'
import { expositionText, isTooManyRequests } from '#machinery'
import type { HttpConfig } from './config.ts'
import { createBench, key, line, raw, until } from './testing/rig.ts'
import type { Bench, Handle, Rig } from './testing/rig.ts'
import { answerJson, bodyText } from './testing/tls-server.ts'
import { createHttpTransport } from './transport.ts'
import type { HttpTransportOptions } from './transport.ts'

let bench: Bench
beforeAll(async () => {
  bench = await createBench()
})

describe.each([true, false])('with HTTP/2 offered: %s', (http2) => {
  const open = (handle: Handle, config: Partial<HttpConfig> = {}, options: HttpTransportOptions = {}): Promise<Rig> =>
    bench.rig(handle, config, options, { http2 })

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

  test('each attempt of a request is counted, with what became of it', async () => {
    const clock = new VirtualClock()
    const metrics = new RequestMetrics(clock)
    let requests = 0
    await using r = await open(
      (_request, response) => {
        if (++requests > 1) return answerJson(response, 200, { metadata: { name: 'x' } })
        answerJson(response, 503, { kind: 'Status', status: 'Failure' }, { 'retry-after': '7' })
      },
      {},
      { clock, metrics },
    )
    const pending = r.client.get(pods, key)
    await until(() => clock.nextDue === clock.now() + 7000)
    await clock.advance(7000)
    await pending
    const { host } = new URL(r.server.url)
    const told = expositionText(metrics.families()).split('\n')
    expect(told).toContain(`rest_client_requests_total{code="503",host="${host}",method="GET"} 1`)
    expect(told).toContain(`rest_client_requests_total{code="200",host="${host}",method="GET"} 1`)
    expect(told).toContain(`rest_client_request_duration_seconds_count{host="${host}",verb="GET"} 2`)
    await r.server.close()
    await r.client.create(configmaps, { metadata: key }).catch(() => {})
    expect(expositionText(metrics.families())).toContain(
      `rest_client_requests_total{code="<error>",host="${host}",method="POST"} 1`,
    )
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
    const below = createHttpTransport({ server: `${r.server.url}/clusters/one/`, ca: { pem: bench.authority.ca } })
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
