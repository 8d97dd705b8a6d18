import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { createMemoryStore, StoreUnavailableError } from '#store'
import { startClusterServer } from '../server.ts'
import { scrape } from './scrape.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const secrets = '/api/v1/namespaces/default/secrets'
const labels = 'group="",resource="configmaps"'

test('requests to the store are counted and timed by what they do to which resource, failures apart', async () => {
  const clock = new VirtualClock()
  const store = createMemoryStore({ clock })
  let fails = false
  const put = store.put.bind(store)
  const failing = Object.assign(store, {
    put: async (...request: Parameters<typeof store.put>) => {
      if (fails) throw new StoreUnavailableError('disk full')
      await clock.advance(30)
      return put(...request)
    },
  })
  await using server = await startClusterServer({}, { store: failing, clock })
  await server.request('POST', secrets, { metadata: { name: 'a' } })
  await server.request('PUT', `${secrets}/a`, { metadata: { name: 'a' }, data: { b: 'Yw==' } })
  fails = true
  expect((await server.request('POST', secrets, { metadata: { name: 'b' } })).code).toBe(500)
  await server.request('DELETE', `${secrets}/a`)
  const { value } = await scrape(server)
  const of = (operation: string): string => `{group="",operation="${operation}",resource="secrets"`
  expect(['create', 'update', 'delete'].map((one) => value(`etcd_requests_total${of(one)}}`))).toEqual([2, 1, 1])
  expect(value(`etcd_request_errors_total${of('create')}}`)).toBe(1)
  expect(value(`etcd_request_errors_total${of('update')}}`)).toBeNaN()
  expect(value(`etcd_request_duration_seconds_bucket${of('update')},le="0.025"}`)).toBe(0)
  expect(value(`etcd_request_duration_seconds_bucket${of('update')},le="0.05"}`)).toBe(1)
})

test('lists of what is newest are read in memory, those of the past from the store', async () => {
  await using server = await startClusterServer()
  const before = (await server.request('POST', configMaps, { metadata: { name: 'a', labels: { x: 'y' } } })).body
  const { resourceVersion } = (before as { metadata: { resourceVersion: string } }).metadata
  await server.request('POST', configMaps, { metadata: { name: 'b' } })
  const cached = async (): Promise<number[]> => {
    const { value } = await scrape(server)
    const all = `{group="",index="",resource="configmaps"}`
    return [
      value(`apiserver_cache_list_total${all}`),
      value(`apiserver_cache_list_fetched_objects_total${all}`),
      value(`apiserver_cache_list_returned_objects_total{${labels}}`),
    ].map((count) => count || 0)
  }
  const had = await cached()
  await server.request('GET', configMaps)
  await server.request('GET', `${configMaps}?labelSelector=x%3Dy`)
  await server.request('GET', `${configMaps}?limit=1`)
  const now = await cached()
  expect(now.map((count, index) => count - (had[index] ?? 0))).toEqual([3, 5, 4])
  await server.request(
    'GET',
    `${configMaps}?labelSelector=x%3Dy&resourceVersionMatch=Exact&resourceVersion=${resourceVersion}`,
  )
  const { value } = await scrape(server)
  const counts = ['total', 'fetched_objects_total', 'evaluated_objects_total', 'returned_objects_total']
  expect(counts.map((name) => value(`apiserver_storage_list_${name}{${labels}}`))).toEqual([1, 1, 1, 1])
  expect(value(`etcd_requests_total{group="",operation="list",resource="configmaps"}`)).toBe(1)
})

test('watches are told from one reading of the store: what came, what was handed out, with what they began', async () => {
  await using server = await startClusterServer()
  await server.request('POST', configMaps, { metadata: { name: 'a' } })
  const stops: (() => void)[] = []
  for (const query of [
    'watch=1',
    'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan',
  ]) {
    const response = await server.server.handle({
      method: 'GET',
      path: configMaps,
      query,
      headers: {},
      user: { name: 'admin', groups: ['system:masters'] },
      signal: new AbortController().signal,
    })
    if (response.kind !== 'watch') throw new Error('a watch was expected')
    stops.push(response.start({ event: () => undefined, end: () => undefined }))
    if (stops.length === 2) response.lagged?.()
  }
  const first = await scrape(server)
  const count = first.value(`apiserver_init_events_total{${labels}}`)
  const written = await server.request('POST', configMaps, { metadata: { name: 'b' } })
  await server.clock.advance(1)
  const { value } = await scrape(server)
  const { resourceVersion } = (written.body as { metadata: { resourceVersion: string } }).metadata
  expect(count).toBe(2)
  expect(value(`apiserver_storage_events_received_total{${labels}}`)).toBe(1)
  expect(value(`apiserver_watch_cache_events_received_total{${labels}}`)).toBe(1)
  expect(value(`apiserver_watch_cache_events_dispatched_total{${labels}}`)).toBe(1)
  expect(value(`apiserver_watch_cache_initializations_total{${labels}}`)).toBe(1)
  expect(value(`apiserver_watch_cache_resource_version{${labels}}`)).toBe(Number(resourceVersion))
  expect(value(`apiserver_terminated_watchers_total{${labels}}`)).toBe(1)
  const list = `{group="",resource="configmaps",scope="namespace",version="v1"}`
  expect(value(`apiserver_watch_list_duration_seconds_count${list}`)).toBe(1)
  for (const stop of stops) stop()
})
