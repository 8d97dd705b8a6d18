import { describe, expect, test } from 'vitest'
import { createLogger, VirtualClock } from '#base'
import { configmaps } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import { badRequest, failure, keyOf, resourceExpired, tooManyRequests } from '#machinery'
import type { Client } from '../client.ts'
import { createClient } from '../request/create-client.ts'
import { TransportError } from '../request/transport-error.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { createInformer } from './informer.ts'
import type { Informer, InformerOptions } from './informer.ts'

interface Rig extends AsyncDisposable {
  readonly api: MemoryApi
  readonly client: Client
  readonly clock: VirtualClock
  readonly informer: Informer<ConfigMap>
  /** What a handler that was there from the start has heard. */
  readonly heard: string[]
  start(): Promise<void>
  create(name: string, data?: ConfigMap['data']): Promise<ConfigMap>
  settle(): Promise<void>
}

function rig(options: Partial<InformerOptions<ConfigMap>> = {}): Rig {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const informer = createInformer(client, configmaps, { clock, ...options })
  const heard: string[] = []
  informer.addHandler({
    added: (object, initial) => heard.push(`added ${keyOf(object)}${initial ? ' initially' : ''}`),
    updated: (old, object) => heard.push(`updated ${keyOf(object)} ${turn(old)}-${turn(object)}`),
    deleted: (object, unknown) => heard.push(`deleted ${keyOf(object)}${unknown ? ' unseen' : ''}`),
  })
  const controller = new AbortController()
  let running: Promise<void> | undefined
  return {
    api,
    client,
    clock,
    informer,
    heard,
    start: async () => {
      running = informer.start(controller.signal)
      await clock.advance(0)
    },
    create: (name, data = {}) =>
      client.create(configmaps, { metadata: { namespace: 'ns', name, labels: { app: name } }, data }),
    settle: () => clock.advance(0),
    async [Symbol.asyncDispose]() {
      controller.abort(new Error('test over'))
      await running
      expect(clock.pending).toBe(0)
      expect(api.watchCount).toBe(0)
    },
  }
}

const turn = (object: ConfigMap): string => object.data?.['turn'] ?? '0'
const names = (objects: Iterable<ConfigMap>): (string | undefined)[] => [...objects].map((o) => o.metadata.name)
const revise = (client: Client, name: string, turn: string): Promise<ConfigMap> =>
  client.patch(configmaps, { namespace: 'ns', name }, { type: 'merge', patch: { data: { turn } } })

describe.each([true, false])('an informer with streamingList %s', (streamingList) => {
  test('lists what exists, then follows every change', async () => {
    await using r = rig({ streamingList })
    await r.create('a')
    expect(r.informer.hasSynced()).toBe(false)
    await r.start()
    expect(r.informer.hasSynced()).toBe(true)
    await r.create('b')
    await revise(r.client, 'a', '1')
    await r.client.delete(configmaps, { namespace: 'ns', name: 'a' })
    await r.settle()
    expect(r.heard).toEqual(['added ns/a initially', 'added ns/b', 'updated ns/a 0-1', 'deleted ns/a'])
    expect(names(r.informer.lister.list())).toEqual(['b'])
    expect(r.informer.lastRevision).toBe(String(r.api.revision))
  })

  test('resumes from the last revision when a watch ends, without a list', async () => {
    await using r = rig({ streamingList })
    await r.create('a')
    await r.start()
    await r.clock.advance(2000)
    await r.create('b')
    await r.settle()
    r.api.requests.length = 0
    r.api.dropWatches()
    await r.create('c')
    await r.settle()
    expect(r.heard.slice(1)).toEqual(['added ns/b', 'added ns/c'])
    expect(r.api.requests.map((request) => request.replace(/timeoutSeconds=.*/, ''))).toEqual([
      'POST /api/v1/namespaces/ns/configmaps',
      'GET /api/v1/configmaps?watch=true&resourceVersion=3&allowWatchBookmarks=true&',
    ])
  })

  test('reads everything anew when its revision is gone, and tells only of differences', async () => {
    await using r = rig({ streamingList })
    for (const name of ['kept', 'changed', 'deleted']) await r.create(name)
    await r.start()
    r.heard.length = 0
    r.api.failWatches(resourceExpired('too old'))
    await revise(r.client, 'changed', '1')
    await r.client.delete(configmaps, { namespace: 'ns', name: 'deleted' })
    await r.create('created')
    r.api.expireBefore(r.api.revision)
    await r.clock.advance(2000)
    expect(r.heard.toSorted()).toEqual(['added ns/created', 'deleted ns/deleted unseen', 'updated ns/changed 0-1'])
  })

  test('asks for no state older than the one it has seen', async () => {
    await using r = rig({ streamingList })
    await r.create('a')
    await r.start()
    r.api.requests.length = 0
    r.api.failWatches(resourceExpired('too old'))
    await r.clock.advance(2000)
    expect(r.api.requests[0]).toContain('resourceVersion=2')
  })
})

test('without a streaming server the informer falls back to a list', async () => {
  await using r = rig()
  r.api.streamsLists = false
  await r.create('a')
  await r.start()
  expect(r.heard).toEqual(['added ns/a initially'])
  expect(r.api.requests.slice(1).map((request) => request.replace(/&timeout.*/, ''))).toEqual([
    'GET /api/v1/configmaps?watch=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&sendInitialEvents=true',
    'GET /api/v1/configmaps?resourceVersion=0&limit=500',
    'GET /api/v1/configmaps?watch=true&resourceVersion=2&allowWatchBookmarks=true',
  ])
})

test('a list whose revision is gone is repeated at the newest', async () => {
  await using r = rig({ streamingList: false })
  await r.create('a')
  let refused = 0
  r.api.intercept(({ query }) =>
    query.includes('resourceVersion=0') && ++refused ? resourceExpired('gone') : undefined,
  )
  await r.start()
  expect([refused, r.informer.hasSynced()]).toEqual([1, true])
  expect(r.api.requests[2]).toBe('GET /api/v1/configmaps?limit=500')
})

test('a server that was set back to an older state is read at its newest', async () => {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
  const behind = failure(504, 'Timeout', 'Timeout: Too large resource version: 9, current: 2', { causes })
  const old = failure(504, 'Timeout', 'Too large resource version')
  for (const error of [behind, old]) {
    for (const streamingList of [true, false]) {
      await using r = rig({ streamingList })
      const reads = (query: string): boolean => !query.includes('watch') || query.includes('sendInitialEvents')
      r.api.intercept(({ query }) => (reads(query) && /resourceVersion=[1-9]/.test(query) ? error : undefined))
      await r.create('a')
      await r.start()
      r.api.failWatches(resourceExpired('too old'))
      await r.clock.advance(2000)
      await r.create('b')
      await r.settle()
      expect(r.heard).toEqual(['added ns/a initially', 'added ns/b'])
    }
  }
})

test('lists are asked for whole where a cache may give them, and in pages where the first came so', async () => {
  for (const objects of [1, 600]) {
    await using r = rig({ streamingList: false })
    for (let i = 0; i < objects; i++) await r.create(`c${i}`)
    await r.start()
    r.api.requests.length = 0
    r.api.failWatches(resourceExpired('too old'))
    await r.clock.advance(2000)
    expect(r.api.requests[0]).toBe(
      `GET /api/v1/configmaps?resourceVersion=${r.api.revision}${objects > 500 ? '&limit=500' : ''}`,
    )
  }
})

test('an unreachable server is asked again with growing delays, a watch from where it was', async () => {
  await using r = rig({ streamingList: false })
  await r.create('a')
  await r.start()
  await r.clock.advance(5000)
  const tries: number[] = []
  r.api.intercept(({ method }) => {
    if (method !== 'GET') return undefined
    tries.push(r.clock.now())
    return new TransportError('Refused', 'connection refused')
  })
  r.api.dropWatches()
  await r.clock.advance(60_000)
  r.api.intercept(undefined)
  await r.create('b')
  r.api.requests.length = 0
  await r.clock.advance(60_000)
  expect(r.heard).toEqual(['added ns/a initially', 'added ns/b'])
  expect(r.api.requests.filter((request) => !request.includes('watch=true'))).toEqual([])
  const gaps = tries.slice(1).map((time, i) => time - (tries[i] ?? 0))
  gaps.slice(0, 4).forEach((gap, i) => {
    expect(gap).toBeGreaterThanOrEqual(800 * 2 ** i)
    expect(gap).toBeLessThan(1600 * 2 ** i)
  })
})

test('a server that asks for patience gets it', async () => {
  await using r = rig({ streamingList: false })
  await r.start()
  await r.clock.advance(5000)
  r.api.requests.length = 0
  r.api.failWatches(tooManyRequests('later', 1))
  await r.clock.advance(700)
  expect(r.api.requests).toEqual([])
  await r.clock.advance(1000)
  expect(r.api.requests.length).toBe(1)
})

test('watches that end at once and bring nothing are no hot loop', async () => {
  await using r = rig({ streamingList: false })
  await r.start()
  r.api.requests.length = 0
  r.api.intercept(({ query }) =>
    query.includes('watch=true')
      ? {
          kind: 'watch',
          code: 200,
          contentType: '',
          start: (sink) => {
            sink.end()
            return () => {}
          },
        }
      : undefined,
  )
  r.api.dropWatches()
  await r.clock.advance(10_000)
  expect(r.api.requests.length).toBeLessThan(12)
  expect(r.api.requests.length).toBeGreaterThan(3)
})

test('bookmarks carry the revision forward', async () => {
  await using r = rig()
  await r.start()
  await r.client.create({ ...configmaps, plural: 'others' }, { metadata: { namespace: 'ns', name: 'x' } })
  r.api.bookmark()
  await r.settle()
  expect(r.informer.lastRevision).toBe('2')
})

test('where the list tells no revision, none is believed before the first change', async () => {
  await using r = rig({ streamingList: false })
  await r.create('b')
  await r.create('a')
  r.api.intercept(({ method, query }) => {
    if (method !== 'GET' || query.includes('watch')) return undefined
    const object = { metadata: {}, items: [] }
    return { kind: 'object', code: 200, object, encode: () => ({ contentType: '', bytes: new Uint8Array() }) }
  })
  await r.start()
  expect([r.heard.length, r.informer.lastRevision]).toEqual([2, ''])
  await revise(r.client, 'b', '1')
  await r.settle()
  expect(r.informer.lastRevision).toBe('4')
})

test('a handler that comes late hears of what is there', async () => {
  await using r = rig()
  await r.create('a')
  await r.start()
  const heard: string[] = []
  const remove = r.informer.addHandler({ added: (object, initial) => heard.push(`${keyOf(object)} ${initial}`) })
  await r.create('b')
  await r.settle()
  remove()
  await r.create('c')
  await r.settle()
  expect(heard).toEqual(['ns/a true', 'ns/b false'])
})

test('a handler that throws harms nobody', async () => {
  const logged: string[] = []
  await using r = rig({ log: createLogger('error', (_level, message) => logged.push(message)) })
  r.informer.addHandler({
    added: () => {
      throw new Error('bad handler')
    },
  })
  const heard: string[] = []
  r.informer.addHandler({ added: (object) => heard.push(keyOf(object)) })
  await r.start()
  await r.create('a')
  await r.settle()
  expect([heard, logged]).toEqual([['ns/a'], ['Event handler failed']])
})

test('a resync tells of every object as it is', async () => {
  await using r = rig()
  const heard: string[] = []
  const remove = r.informer.addHandler(
    { updated: (old, object) => heard.push(`${keyOf(object)} ${old === object}`) },
    { resyncMs: 1000 },
  )
  await r.create('a')
  await r.start()
  await r.clock.advance(2500)
  expect(heard).toEqual(['ns/a true', 'ns/a true'])
  remove()
})

test('indexes follow the objects, and transforms come before them', async () => {
  await using r = rig({
    indexers: { app: (object) => object.metadata.labels?.['app'] },
    transform: ({ data: _data, ...object }) => object,
  })
  await r.create('a', { secret: 'x' })
  await r.start()
  expect([...r.informer.lister.byIndex('app', 'a')].map(({ data }) => data)).toEqual([undefined])
  await r.client.patch(
    configmaps,
    { namespace: 'ns', name: 'a' },
    { type: 'merge', patch: { metadata: { labels: { app: 'b' } } } },
  )
  await r.settle()
  expect(names(r.informer.lister.byIndex('app', 'a'))).toEqual([])
  expect(names(r.informer.lister.byIndex('app', 'b'))).toEqual(['a'])
})

test('in process the lister holds the very objects of the server', async () => {
  await using r = rig({ streamingList: false })
  const created = await r.create('a')
  await r.start()
  expect(r.informer.lister.getByKey('ns/a')).toBe(created)
})

test('selectors and namespace go with every request', async () => {
  await using r = rig({
    namespace: 'ns',
    labelSelector: 'app=a',
    fieldSelector: 'metadata.name=a',
    streamingList: false,
  })
  await r.create('a')
  await r.create('b')
  await r.start()
  expect(r.heard).toEqual(['added ns/a initially'])
  for (const request of r.api.requests.slice(2)) {
    expect(request).toMatch(/\/namespaces\/ns\/configmaps\?.*labelSelector=app%3Da&fieldSelector=metadata.name%3Da/)
  }
})

test('synced() waits for the first list, and ends with its signal', async () => {
  await using r = rig()
  r.api.intercept(() => badRequest('not yet'))
  await r.start()
  const stop = new AbortController()
  const stopped = r.informer.synced(stop.signal)
  stop.abort(new Error('impatient'))
  await expect(stopped).rejects.toThrow('impatient')
  const synced = r.informer.synced()
  r.api.intercept(undefined)
  await r.clock.advance(2000)
  await synced
  expect(r.informer.hasSynced()).toBe(true)
})

test('an informer takes in very many objects bit by bit, and tells each handler of each once', async () => {
  const others: (() => void)[] = []
  /** Time passes whenever somebody looks; whoever waits lets others go first. */
  class BusyClock extends VirtualClock {
    #looks = 0
    override monotonic(): number {
      return super.monotonic() + 3 * this.#looks++
    }
    override timer(ms: number, callback: () => void): () => void {
      return super.timer(ms, () => {
        for (const other of others.splice(0)) other()
        callback()
      })
    }
  }
  const clock = new BusyClock()
  await using r = rig({ clock })
  const names = Array.from({ length: 100 }, (_, i) => `c-${i}`)
  for (const name of names) await r.create(name)
  const late: string[] = []
  const seen: unknown[] = []
  others.push(() => {
    seen.push(r.heard.length > 0 && r.heard.length < 100, r.informer.hasSynced())
    r.informer.addHandler({
      added: (object, initial) => late.push(`added ${keyOf(object)}${initial ? ' initially' : ''}`),
    })
  })
  await r.start()
  while (!r.informer.hasSynced()) await clock.advance(0)
  expect(seen).toEqual([true, false])
  const all = names.map((name) => `added ns/${name} initially`)
  expect(r.heard.toSorted()).toEqual(all.toSorted())
  expect(late.toSorted()).toEqual(all.toSorted())
})
