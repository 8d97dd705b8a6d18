import { Histogram, labelText, numberText } from '#machinery'
import type { ApiRequest, ApiResponse, WatchSink } from '#client'
import { VirtualClock } from '#base'
import { beforeAll, expect, test } from 'vitest'
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

async function send(
  metrics: RequestMetrics,
  method: string,
  url: string,
  response: ApiResponse,
  headers: { readonly [name: string]: string } = {},
): Promise<ApiResponse> {
  const [path = '', text = ''] = url.split('?')
  const query = new URLSearchParams(text)
  const request = { method, path, query: text, headers } as unknown as ApiRequest
  const observation = new Observation(metrics, services, {
    request,
    info: parseRequestInfo(method, path, query),
    query,
  })
  await clock.advance(100)
  return observation.answered(response)
}

const bytes = (code: number): ApiResponse => ({ kind: 'bytes', code, contentType: '', bytes: new Uint8Array() })
const lines = (metrics: RequestMetrics, pattern: RegExp): string[] =>
  metrics
    .text()
    .split('\n')
    .filter((line) => pattern.test(line))

test('requests are counted by verb, resource, scope and code', async () => {
  const metrics = new RequestMetrics()
  await send(metrics, 'GET', '/api/v1/namespaces/a/pods', bytes(200))
  await send(metrics, 'GET', '/api/v1/namespaces/b/pods', bytes(200))
  await send(metrics, 'PATCH', '/apis/apps/v1/namespaces/a/deployments/x?dryRun=All', bytes(200), {
    'content-type': 'application/apply-patch+yaml',
  })
  await send(metrics, 'POST', '/api/v1/nodes', bytes(409))
  expect(lines(metrics, /^apiserver_request_total/)).toEqual([
    'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="namespace",subresource="",verb="LIST",version="v1"} 2',
    'apiserver_request_total{code="200",component="apiserver",dry_run="All",group="apps",resource="deployments",scope="resource",subresource="",verb="APPLY",version="v1"} 1',
    'apiserver_request_total{code="409",component="apiserver",dry_run="",group="",resource="nodes",scope="resource",subresource="",verb="POST",version="v1"} 1',
  ])
  expect(lines(metrics, /verb="POST",version="v1",?.*/).filter((line) => line.includes('le="0.1"'))).toEqual([
    'apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",group="",le="0.1",resource="nodes",scope="resource",subresource="",verb="POST",version="v1"} 1',
    'apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="",le="0.1",resource="nodes",scope="resource",subresource="",verb="POST",version="v1"} 1',
  ])
})

test('whatever clients ask for, what does not exist shares one series', async () => {
  const metrics = new RequestMetrics()
  for (let i = 0; i < 20; i++) {
    await send(metrics, 'GET', `/apis/no${i}/v1/things${i}/x`, bytes(404))
    await send(metrics, 'GET', `/nothing/${i}`, bytes(404))
  }
  expect(lines(metrics, /^apiserver_request_total/)).toEqual([
    'apiserver_request_total{code="404",component="",dry_run="",group="",resource="",scope="",subresource="",verb="GET",version=""} 40',
  ])
})

test('a watch is under way until it ends, and its events are counted', async () => {
  const metrics = new RequestMetrics()
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
  upstream?.event({ type: 'ADDED', object: { metadata: {} }, encode: () => new Uint8Array() })
  expect(lines(metrics, /^apiserver_longrunning_requests/)).toEqual([
    'apiserver_longrunning_requests{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 1',
  ])
  upstream?.end()
  stop()
  expect(seen).toEqual(['ADDED', 'end'])
  expect(lines(metrics, /^apiserver_(watch_events|request_total|longrunning)/)).toEqual([
    'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 1',
    'apiserver_watch_events_total{group="",resource="pods",version="v1"} 1',
  ])
})

test('short requests under way are told apart by whether they write', async () => {
  const metrics = new RequestMetrics()
  const request = { headers: {} } as unknown as ApiRequest
  const query = new URLSearchParams()
  const info = parseRequestInfo('DELETE', '/api/v1/namespaces/a/pods/x', query)
  const observation = new Observation(metrics, services, { request, info, query })
  const gauge = (): string[] => lines(metrics, /^apiserver_current_inflight_requests\{request_kind="mutating"/)
  expect(gauge()).toEqual(['apiserver_current_inflight_requests{request_kind="mutating"} 1'])
  observation.answered(bytes(200))
  expect(gauge()).toEqual(['apiserver_current_inflight_requests{request_kind="mutating"} 0'])
})

test('Histogram counts a value at a bound as below it', () => {
  const histogram = new Histogram([1, 2])
  for (const value of [1, 1.5, 9]) histogram.observe(value)
  expect(histogram.text('h', {})).toBe(
    'h_bucket{le="1"} 1\nh_bucket{le="2"} 2\nh_bucket{le="+Inf"} 3\nh_sum 11.5\nh_count 3\n',
  )
})

test('labels and numbers are written as Prometheus reads them', () => {
  expect(labelText({ b: 'x"\\\n', a: '' })).toBe('{a="",b="x\\"\\\\\\n"}')
  expect([1, 0.5, 1e21, 1e-7].map(numberText)).toEqual(['1', '0.5', '1e+21', '1e-07'])
})

test('what is deprecated is told when somebody asks for it', async () => {
  const metrics = new RequestMetrics()
  await send(metrics, 'GET', '/api/v1/namespaces/a/pods', bytes(200))
  expect(lines(metrics, /^apiserver_requested_deprecated_apis/)).toEqual([])
  await send(metrics, 'GET', '/api/v1/namespaces/a/endpoints', bytes(200))
  await send(metrics, 'GET', '/api/v1/endpoints', bytes(200))
  expect(lines(metrics, /^apiserver_requested_deprecated_apis/)).toEqual([
    'apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1',
  ])
})
