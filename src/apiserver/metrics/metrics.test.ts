import { expositionText, familyText, HistogramFamily, labelText, numberText } from '#machinery'
import type { ApiRequest, ApiResponse, WatchSink } from '#client'
import { VirtualClock } from '#base'
import { beforeAll, expect, test } from 'vitest'
import type { Fate } from '../chain/exchange.ts'
import { RequestNotes } from '../request/notes.ts'
import { parseRequestInfo } from '../request/request-info.ts'
import { buildEndpoints } from '../resource/build.ts'
import { ResourceTable } from '../resource/table.ts'
import { registrations } from '../resources/registry.ts'
import type { Services } from '../services.ts'
import { Observation } from './observe.ts'
import { RequestMetrics } from './requests.ts'

const clock = new VirtualClock()
const resources = new ResourceTable()
const services = { clock, resources } as unknown as Services

beforeAll(() => {
  for (const endpoint of buildEndpoints(registrations).endpoints) resources.add(endpoint)
})

interface Sending {
  readonly headers?: { readonly [name: string]: string }
  readonly fate?: Fate
  readonly othersMs?: number
}

function observed(
  metrics: RequestMetrics,
  method: string,
  url: string,
  { headers = {}, fate, othersMs }: Sending = {},
) {
  const [path = '', text = ''] = url.split('?')
  const query = new URLSearchParams(text)
  const request = { method, path, query: text, headers } as unknown as ApiRequest
  const notes = new RequestNotes()
  notes.othersMs = othersMs ?? 0
  return new Observation(metrics, services, {
    request,
    info: parseRequestInfo(method, path, query),
    query,
    notes,
    fate,
  })
}

async function send(
  metrics: RequestMetrics,
  method: string,
  url: string,
  response: ApiResponse,
  sending: Sending = {},
): Promise<ApiResponse> {
  const observation = observed(metrics, method, url, sending)
  await clock.advance(100)
  return observation.answered(response)
}

const bytes = (code: number): ApiResponse => ({ kind: 'bytes', code, contentType: '', bytes: new Uint8Array() })
const lines = (metrics: RequestMetrics, pattern: RegExp): string[] =>
  expositionText(metrics.families())
    .split('\n')
    .filter((line) => pattern.test(line))

test('requests are counted by verb, resource, scope and code', async () => {
  const metrics = new RequestMetrics(clock)
  await send(metrics, 'GET', '/api/v1/namespaces/a/pods', bytes(200))
  await send(metrics, 'GET', '/api/v1/namespaces/b/pods', bytes(200))
  await send(metrics, 'PATCH', '/apis/apps/v1/namespaces/a/deployments/x?dryRun=All', bytes(200), {
    headers: { 'content-type': 'application/apply-patch+yaml' },
  })
  await send(metrics, 'POST', '/api/v1/nodes', bytes(409))
  expect(lines(metrics, /^apiserver_request_total/)).toEqual([
    'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="namespace",subresource="",verb="LIST",version="v1"} 2',
    'apiserver_request_total{code="200",component="apiserver",dry_run="All",group="apps",resource="deployments",scope="resource",subresource="",verb="APPLY",version="v1"} 1',
    'apiserver_request_total{code="409",component="apiserver",dry_run="",group="",resource="nodes",scope="resource",subresource="",verb="POST",version="v1"} 1',
  ])
  expect(lines(metrics, /verb="POST",version="v1",?.*/).filter((line) => line.includes('le="0.1"'))).toEqual([
    'apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",group="",resource="nodes",scope="resource",subresource="",verb="POST",version="v1",le="0.1"} 1',
    'apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="",resource="nodes",scope="resource",subresource="",verb="POST",version="v1",le="0.1"} 1',
  ])
})

test('what does not exist is not counted, nor who is refused on the way', async () => {
  const metrics = new RequestMetrics(clock)
  await send(metrics, 'GET', '/apis/no/v1/things/x', bytes(404))
  await send(metrics, 'GET', '/nothing', bytes(404))
  await send(metrics, 'GET', '/api/v1/nodes', bytes(403), { fate: 'refused' })
  expect(lines(metrics, /^apiserver_request_(total|duration)/)).toEqual([])
  await send(metrics, 'GET', '/readyz', bytes(200))
  await send(metrics, 'HEAD', '/openapi/v3/apis/apps/v1', bytes(200))
  await send(metrics, 'GET', '/statusz', bytes(200))
  expect(lines(metrics, /^apiserver_request_total/)).toEqual([
    'apiserver_request_total{code="200",component="",dry_run="",group="",resource="",scope="",subresource="/readyz",verb="GET",version=""} 1',
    'apiserver_request_total{code="200",component="",dry_run="",group="",resource="",scope="",subresource="openapi/v3/",verb="GET",version=""} 1',
    'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="statusz",scope="",subresource="",verb="GET",version=""} 1',
  ])
})

test('what is turned away, or late, to protect the server is told as that; whatever was asked for, what is unknown shares one series', async () => {
  const metrics = new RequestMetrics(clock)
  await send(metrics, 'GET', '/api/v1/nodes', bytes(429), { fate: 'dropped' })
  await send(metrics, 'GET', '/api/v1/nodes', bytes(504), { fate: 'late' })
  for (let i = 0; i < 20; i++)
    await send(metrics, 'GET', `/apis/no${i}/v1/things${i}/x`, bytes(429), { fate: 'dropped' })
  const labels = 'group="",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1"'
  expect(lines(metrics, /^apiserver_request_terminations_total/)).toEqual([
    `apiserver_request_terminations_total{code="429",component="apiserver",${labels}} 1`,
    `apiserver_request_terminations_total{code="504",component="apiserver",${labels}} 1`,
    'apiserver_request_terminations_total{code="429",component="apiserver",group="",resource="",scope="",subresource="",verb="GET",version=""} 20',
  ])
  expect(lines(metrics, /^apiserver_request_total.*code="429"/)).toHaveLength(2)
  expect(lines(metrics, /^apiserver_request_duration_seconds_count/)).toEqual([
    `apiserver_request_duration_seconds_count{component="apiserver",dry_run="",${labels}} 1`,
  ])
})

test('dry runs are counted apart, and no series is told twice', async () => {
  const metrics = new RequestMetrics(clock)
  for (const query of ['', '?dryRun=All', '?dryRun=All&dryRun=All', '?dryRun=Some'])
    await send(metrics, 'GET', `/api/v1/nodes/a${query}`, bytes(200))
  expect(lines(metrics, /^apiserver_request_total/).map((line) => line.replace(/.*dry_run="(\w*)".* /, '$1 '))).toEqual(
    [' 1', 'All 2', 'invalid 1'],
  )
  expect(lines(metrics, /^apiserver_request_sli_duration_seconds_count/).map((line) => line.at(-1))).toEqual(['1'])
  expect(lines(metrics, /^apiserver_response_sizes_count/).map((line) => line.at(-1))).toEqual(['4'])
})

test('who deletes many is told apart by scope from who deletes one', async () => {
  const metrics = new RequestMetrics(clock)
  await send(metrics, 'DELETE', '/api/v1/namespaces/a/pods', bytes(200))
  await send(metrics, 'DELETE', '/api/v1/namespaces/a/pods/x', bytes(200))
  const told = lines(metrics, /^apiserver_request_total/).map((line) =>
    /scope="(\w+)".*verb="(\w+)"/.exec(line)?.slice(1),
  )
  expect(told).toEqual([
    ['namespace', 'DELETE'],
    ['resource', 'DELETE'],
  ])
})

test('the time of webhooks and of waiting for a seat counts, but not for the service level', async () => {
  const metrics = new RequestMetrics(clock)
  await send(metrics, 'POST', '/api/v1/nodes', bytes(201))
  await send(metrics, 'POST', '/api/v1/nodes', bytes(201), { othersMs: 70 })
  const sums = lines(metrics, /^apiserver_request_(sli_)?duration_seconds_sum/).map((line) => line.split(' ').at(-1))
  expect(sums.map(Number)).toEqual([0.2, 0.13])
  expect(lines(metrics, /^apiserver_request_sli.*le="0.05"/).map((line) => line.at(-1))).toEqual(['1'])
})

test('a watch is under way until it ends, and its events are counted', async () => {
  const metrics = new RequestMetrics(clock)
  let upstream: WatchSink | undefined
  const response = await send(metrics, 'GET', '/api/v1/pods?watch=1', {
    kind: 'watch',
    code: 200,
    contentType: '',
    start(sink) {
      upstream = sink
      return () => undefined
    },
  })
  expect(lines(metrics, /^apiserver_(request_total|longrunning)/)).toEqual([])
  const seen: string[] = []
  if (response.kind !== 'watch') throw new Error('a watch was expected')
  const stop = response.start({ event: ({ type }) => seen.push(type), end: () => seen.push('end') })
  upstream?.event({ type: 'ADDED', object: { metadata: {} }, encode: () => new Uint8Array(70) })
  expect(lines(metrics, /^apiserver_longrunning_requests/)).toEqual([
    'apiserver_longrunning_requests{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 1',
  ])
  upstream?.end()
  stop()
  expect(seen).toEqual(['ADDED', 'end'])
  expect(lines(metrics, /^apiserver_response_sizes_sum/).map((line) => line.split(' ').at(-1))).toEqual(['70'])
  expect(lines(metrics, /^apiserver_request_sli/)).toEqual([])
  expect(lines(metrics, /^apiserver_(watch_events_(total|sizes_count|sizes_sum)|request_total|longrunning)/)).toEqual([
    'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 1',
    'apiserver_watch_events_sizes_sum{group="",resource="pods",version="v1"} 70',
    'apiserver_watch_events_sizes_count{group="",resource="pods",version="v1"} 1',
    'apiserver_watch_events_total{group="",resource="pods",version="v1"} 1',
  ])
})

test('short requests under way are told apart by whether they write: the most in the last second', async () => {
  const metrics = new RequestMetrics(clock)
  const gauge = (): (string | undefined)[] =>
    lines(metrics, /^apiserver_current_inflight_requests\{request_kind="mutating"/).map((line) => line.at(-1))
  await clock.advance(1000 - (clock.monotonic() % 1000))
  const under = [1, 2].map(() => observed(metrics, 'DELETE', '/api/v1/namespaces/a/pods/x'))
  under[0]?.answered(bytes(200))
  await clock.advance(1000)
  expect(gauge()).toEqual(['2'])
  await clock.advance(1000)
  expect(gauge()).toEqual(['1'])
  under[1]?.answered(bytes(200))
  await clock.advance(2000)
  expect(gauge()).toEqual(['0'])
})

test('Histogram counts a value at a bound as below it', () => {
  const family = new HistogramFamily('h', 'Help.', [1, 2], [])
  for (const value of [1, 1.5, 9]) family.observe(value)
  expect(familyText(family)).toBe(
    '# HELP h Help.\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="2"} 2\nh_bucket{le="+Inf"} 3\nh_sum 11.5\nh_count 3\n',
  )
})

test('labels and numbers are written as Prometheus reads them', () => {
  expect(labelText({ b: 'x"\\\n', a: '' })).toBe('{a="",b="x\\"\\\\\\n"}')
  expect([1, 0.5, 999_999, 1e6, 1_757_184, 1e21, 0.0001, 0.00001234, NaN, -Infinity].map(numberText)).toEqual(
    '1 0.5 999999 1e+06 1.757184e+06 1e+21 0.0001 1.234e-05 NaN -Inf'.split(' '),
  )
})

test('what is deprecated is told when somebody asks for it', async () => {
  const metrics = new RequestMetrics(clock)
  await send(metrics, 'GET', '/api/v1/namespaces/a/pods', bytes(200))
  expect(lines(metrics, /^apiserver_requested_deprecated_apis/)).toEqual([])
  await send(metrics, 'GET', '/api/v1/namespaces/a/endpoints', bytes(200))
  await send(metrics, 'GET', '/api/v1/endpoints', bytes(200))
  expect(lines(metrics, /^apiserver_requested_deprecated_apis/)).toEqual([
    'apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1',
  ])
})
