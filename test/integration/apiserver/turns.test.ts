import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VirtualClock } from '#base'
import type { CancelTimer } from '#base'
import type { ApiResponse, ObjectResponse, OutgoingEvent } from '#client'
import { admin, startTestServer } from './server.ts'
import type { TestServer } from './server.ts'

const count = 600
/** Objects that may be worked on while everybody else waits, at a clock that moves on whenever it is looked at. */
const mostAtOnce = 64

/** Time passes with every look at the clock. */
class BusyClock extends VirtualClock {
  #looks = 0
  /** How often somebody let the others go first. */
  turns = 0

  override timer(ms: number, callback: () => void): CancelTimer {
    if (ms === 0) this.turns++
    return super.timer(ms, callback)
  }

  override monotonic(): number {
    return super.monotonic() + ++this.#looks
  }
}

const clock = new BusyClock()
const maps = '/api/v1/namespaces/default/configmaps'
let server: TestServer

beforeAll(async () => {
  server = await startTestServer(undefined, clock)
  for (let index = 0; index < count; index++) {
    const labels = { all: 'yes', few: String(index % 100 === 0) }
    await server.request('POST', maps, { metadata: { name: `m-${index}`, labels } })
  }
}, 60_000)

afterAll(async () => server[Symbol.asyncDispose]())

async function ask(query: string, accept = 'application/json', method = 'GET'): Promise<ApiResponse> {
  const signal = new AbortController().signal
  return server.server.handle({ method, path: maps, query, headers: { accept }, user: admin, signal })
}

/** Waits for something, and tells how often others could go first. */
async function turnsOf<T>(promise: Promise<T>): Promise<readonly [value: T, turns: number]> {
  const state = { open: true }
  const done = promise.finally(() => (state.open = false))
  const before = clock.turns
  while (state.open) {
    await clock.advance(1)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return [await done, clock.turns - before]
}

describe('While many objects are worked on, others get their turn', () => {
  test.each([
    ['JSON', '', 'application/json'],
    ['JSON for people', 'pretty=true', 'application/json'],
    ['YAML', '', 'application/yaml'],
    ['protobuf', '', 'application/vnd.kubernetes.protobuf'],
    ['a Table', '', 'application/json;as=Table;g=meta.k8s.io;v=v1'],
    ['metadata alone', '', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'],
    ['metadata as protobuf', '', 'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'],
  ])('by a list as %s', async (_, query, accept) => {
    const [response] = await turnsOf(ask(query, accept))
    if (response.kind !== 'object' || !response.chunks) throw new Error('no list in pieces')
    expect([...response.chunks.pieces()].length).toBeGreaterThan(count / mostAtOnce)
  })

  test.each([
    ['by a list of what a selector chooses', 'labelSelector=few%3Dtrue'],
    ['by a list of everything', ''],
    ['by a list of what a field chooses', 'fieldSelector=metadata.name!%3Dm-1'],
  ])('%s', async (_, query) => {
    const [, turns] = await turnsOf(ask(query))
    expect(turns).toBeGreaterThan(count / mostAtOnce)
  })

  test('by a watch that begins with what is there, also if little of it is meant', async () => {
    const [response] = await turnsOf(ask('watch=1&labelSelector=few%3Dtrue'))
    if (response.kind !== 'watch') throw new Error('no watch')
    const events: OutgoingEvent[] = []
    let wake = (): void => undefined
    const all = new Promise<void>((resolve) => (wake = resolve))
    const stop = response.start({
      event: (event) => void (events.push(event) === count / 100 && wake()),
      end: () => undefined,
    })
    const [, turns] = await turnsOf(all)
    stop()
    expect(turns).toBeGreaterThan((count * 0.9) / mostAtOnce)
  })

  test('by a watch from the past, also if little of what happened is meant', async () => {
    const [response] = await turnsOf(ask('watch=1&labelSelector=few%3Dtrue&resourceVersion=1'))
    if (response.kind !== 'watch') throw new Error('no watch')
    let seen = 0
    let wake = (): void => undefined
    const all = new Promise<void>((resolve) => (wake = resolve))
    const stop = response.start({ event: () => void (++seen === count / 100 && wake()), end: () => undefined })
    const [, turns] = await turnsOf(all)
    stop()
    expect(turns).toBeGreaterThan((count * 0.9) / mostAtOnce)
  })

  test('by a change that many watch, of which nobody misses anything', async () => {
    let seen = 0
    const watch = async (query: string, event: (event: OutgoingEvent) => void): Promise<() => void> => {
      const response = await ask(`watch=1${query}`)
      if (response.kind !== 'watch') throw new Error('no watch')
      return response.start({ event, end: () => undefined })
    }
    const stops: (() => void)[] = []
    for (let index = 0; index < count; index++)
      stops.push(await watch('&fieldSelector=metadata.name%3Dwatched', () => void seen++))
    const { body } = await server.request('GET', `${maps}?limit=1`)
    const revision = (body as { readonly metadata: { readonly resourceVersion: string } }).metadata.resourceVersion
    await server.request('POST', maps, { metadata: { name: 'watched' } })
    // Those who come in the midst of it, from before it, are told as well.
    const late: string[] = []
    const tardy = watch(`&resourceVersion=${revision}`, ({ type }) => void late.push(type))
    await server.request('DELETE', `${maps}/watched`)
    const allTold = (): boolean => seen === count * 2 && late.length === 2
    while (!allTold()) {
      await clock.advance(1)
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const stop of [...stops, await tardy]) stop()
    expect([seen, late]).toEqual([count * 2, ['ADDED', 'DELETED']])
  })

  test.each([
    ['version 2', '/openapi/v2', 'application/json'],
    ['version 2 as protobuf', '/openapi/v2', 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'],
    ['all of version 3', '/openapi/v3', '*/*'],
  ])('by a description of the API, of %s', async (_, path, accept) => {
    const signal = new AbortController().signal
    const request = { method: 'GET', path, query: '', headers: { accept }, user: admin, signal }
    const ask = async (): Promise<ApiResponse> => server.server.handle(request)
    const [responses, turns] = await turnsOf(Promise.all([ask(), ask()]))
    expect(turns).toBeGreaterThan(100)
    const bodies = responses.map((response) => (response.kind === 'bytes' ? response.bytes : undefined))
    // Who asks meanwhile gets the very same.
    if (path === '/openapi/v2') expect(bodies[0]).toBe(bodies[1])
    const [, again] = await turnsOf(ask())
    expect(again).toBe(0)
  })

  test('by the deletion of a collection', async () => {
    const [response, turns] = await turnsOf(ask('', 'application/json', 'DELETE'))
    expect([response.kind === 'object' && response.code, turns > count / mostAtOnce]).toEqual([200, true])
  })
})

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

describe('While a large object is written, others get their turn', () => {
  const data = Object.fromEntries(Array.from({ length: 3000 }, (_, key) => [`key-${key}`, 'v'.repeat(60)]))
  const encoder = new TextEncoder()
  const send = async (
    method: string,
    path: string,
    body: object,
    contentType = 'application/json',
    query = '',
  ): Promise<ObjectResponse> => {
    const bytes = encoder.encode(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...body }))
    const response = await server.server.handle({
      method,
      path,
      query,
      headers: { accept: 'application/json', 'content-type': contentType },
      body: { kind: 'bytes', read: () => bytes, stream: () => only(bytes) },
      user: admin,
      signal: new AbortController().signal,
    })
    if (response.kind !== 'object') throw new Error('no object')
    return response
  }
  const merge = 'application/merge-patch+json'
  const strategic = 'application/strategic-merge-patch+json'
  const apply = 'application/apply-patch+yaml'
  const metadata = { name: 'large' }
  const applied = { name: 'applied' }
  const large = `${maps}/large`

  test.each([
    ['a create', 201, 'POST', maps, { metadata, data }, undefined, ''],
    ['an update', 200, 'PUT', large, { metadata, data: { ...data, more: 'm' } }, undefined, 'fieldManager=b'],
    ['a merge patch that is small', 200, 'PATCH', large, { data: { more: 'n' } }, merge, ''],
    ['a strategic merge patch', 200, 'PATCH', large, { data }, strategic, ''],
    ['an apply that creates', 201, 'PATCH', `${maps}/applied`, { metadata: applied, data }, apply, 'fieldManager=c'],
    [
      'an apply that takes away',
      200,
      'PATCH',
      `${maps}/applied`,
      { metadata: applied, data: { more: 'n' } },
      apply,
      'fieldManager=c',
    ],
  ])('by %s', async (_, code, method, path, body, contentType, query) => {
    const [response, turns] = await turnsOf(send(method, path, body, contentType, query))
    expect([response.code, turns > 0]).toEqual([code, true])
  })

  test('by a GET of it as YAML', async () => {
    const signal = new AbortController().signal
    const request = {
      method: 'GET',
      path: large,
      query: '',
      headers: { accept: 'application/yaml' },
      user: admin,
      signal,
    }
    const [response] = await turnsOf(Promise.resolve(server.server.handle(request)))
    if (response.kind !== 'object' || !response.chunks) throw new Error('no object in pieces')
    const pieces = [...response.chunks.pieces()]
    expect(pieces.length).toBeGreaterThan(5)
    expect(pieces.filter(({ length }) => length > 0)).toEqual([response.encode().bytes])
  })

  test('and two who write it at the same time both get what they want', async () => {
    await turnsOf(send('PUT', large, { metadata, data }))
    const writers = ['one', 'two'].map((key) => send('PATCH', large, { data: { [key]: key } }, merge))
    const [responses] = await turnsOf(Promise.all(writers))
    expect(responses.map(({ code }) => code)).toEqual([200, 200])
    const { body } = await server.request('GET', large)
    expect((body as { readonly data: object }).data).toEqual({ ...data, one: 'one', two: 'two' })
  })
})
