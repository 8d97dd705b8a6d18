import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ApiRequest, ApiResponse } from '#client'
import { silentLogger, systemClock } from '#base'
import { assembleApiServer, registrations } from '#apiserver'
import type { ApiServer } from '#apiserver'
import { createMemoryStore } from '#store'
import { admin } from '../apiserver/server.ts'
import { startServer } from './server.ts'
import type { TestServer } from './server.ts'

const collection = '/api/v1/namespaces/default/configmaps'
const get = (query: string): string => `GET ${collection}?${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`

describe('A watch', () => {
  test('tells of much that is there already, at the pace of the client, then of what changes', async () => {
    await using api = await startApi()
    const count = 300
    for (let index = 0; index < count; index++) await api.create(`m-${index}`, 50_000)
    await using client = await api.wire.connect()
    client.write(get('watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'))
    const { socket } = client
    await client.until('ADDED')
    socket.pause()
    await api.create('meanwhile', 10)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(client.received).not.toContain('initial-events-end')
    socket.resume()
    const all = await client.until('"name":"meanwhile"')
    expect(all.split('"type":"ADDED"')).toHaveLength(count + 2)
    expect(all.indexOf('initial-events-end')).toBeLessThan(all.indexOf('"name":"meanwhile"'))
    await api.create('later', 10)
    expect(await client.until('"name":"later"')).toContain('"name":"later"')
  })

  test('over a WebSocket does so too', async () => {
    await using api = await startApi()
    for (let index = 0; index < 300; index++) await api.create(`m-${index}`, 50_000)
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const url = `${api.wire.url.replace('https', 'wss')}${collection}?${query}`
    const websocket = new WebSocket(url, { ca: api.wire.authority, origin: 'https://console.example' })
    let added = 0
    await new Promise<void>((resolve, reject) => {
      websocket.on('message', (message: Buffer) => {
        const text = message.toString()
        if (text.includes('"type":"ADDED"') && ++added === 1) {
          websocket.pause()
          setTimeout(() => websocket.resume(), 200)
        }
        if (text.includes('initial-events-end')) resolve()
      })
      websocket.on('close', () => reject(new Error('the watch was dropped')))
    })
    expect(added).toBe(300)
    websocket.removeAllListeners('close').terminate()
  })

  test('from the past is told what it missed, however much that is', async () => {
    await using api = await startApi()
    for (let index = 0; index < 200; index++) await api.create(`m-${index}`, 60_000)
    await using client = await api.wire.connect()
    client.write(get('watch=1&resourceVersion=1'))
    const all = await client.until('"name":"m-199"')
    expect(all.split('"type":"ADDED"')).toHaveLength(201)
  })

  test('that nobody reads is dropped, and holds up no other', async () => {
    await using api = await startApi()
    await using deaf = await api.wire.connect()
    await using other = await api.wire.connect()
    deaf.write(get('watch=1'))
    other.write(get('watch=1'))
    await Promise.all([deaf.until('200 OK'), other.until('200 OK')])
    deaf.socket.pause()
    expect(api.watches()).toBe(2)
    for (let index = 0; index < 80 && api.watches() === 2; index++) {
      await api.create(`m-${index}`, 500_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(api.watches()).toBe(1)
    await api.create('last', 10)
    expect(await other.until('"name":"last"')).toContain('"name":"last"')
  })
})

interface TestApi extends AsyncDisposable {
  readonly wire: TestServer
  create(name: string, size: number): Promise<void>
  /** Number of watches of ConfigMaps under way. */
  watches(): number
}

async function startApi(): Promise<TestApi> {
  const store = createMemoryStore({ clock: systemClock })
  const api: ApiServer = assembleApiServer({
    store,
    clock: systemClock,
    logger: silentLogger,
    registrations,
    authentication: () => ({ authenticator: { authenticate: () => ({ user: admin }) }, audiences: [] }),
    authorizer: () => ({
      authorize: () => ({ verdict: 'allow', reason: '' }),
      rulesFor: () => ({ resourceRules: [], nonResourceRules: [], incomplete: false }),
    }),
    admission: () => [],
    nonResource: () => () => undefined,
    freeze: false,
  })
  const serve = (request: ApiRequest): ApiResponse | Promise<ApiResponse> => api.serve(request)
  const wire = await startServer(serve)
  return {
    wire,
    async create(name, size) {
      const response = await api.serve({
        method: 'POST',
        path: collection,
        query: '',
        headers: {},
        user: admin,
        signal: new AbortController().signal,
        body: { kind: 'object', object: { metadata: { name }, data: { text: 'x'.repeat(size) } } },
      })
      expect('code' in response && response.code).toBe(201)
    },
    watches() {
      const backing = api.services.resources.get('', 'v1', 'configmaps')?.backing
      return backing?.kind === 'stored' ? api.services.registryOf(backing.resource).hub.size : 0
    },
    async [Symbol.asyncDispose]() {
      await wire[Symbol.asyncDispose]()
      await api.close()
      await store.close()
    },
  }
}
