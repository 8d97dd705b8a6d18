import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { createMemoryStore } from '#store'
import { startClusterServer } from '../server.ts'
import { scrape } from './scrape.ts'

test('/metrics tells what became of requests on their way', async () => {
  await using server = await startClusterServer()
  const configMaps = '/api/v1/namespaces/default/configmaps'
  expect((await server.request('POST', configMaps, { metadata: { name: 'a' } })).code).toBe(201)
  expect((await server.request('POST', configMaps, { metadata: { name: 'a' } })).code).toBe(409)
  expect((await server.request('GET', `${configMaps}/a`)).code).toBe(200)
  const text = String((await server.request('GET', '/metrics')).body)
  const value = (series: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `))
    return line === undefined ? NaN : Number(line.slice(series.length + 1))
  }
  const admitted = '{operation="CREATE",rejected="false",type="admit"}'
  expect(value(`apiserver_admission_step_admission_duration_seconds_count${admitted}`)).toBeGreaterThanOrEqual(2)
  const plugin = '{name="NamespaceLifecycle",operation="CREATE",rejected="false",type="admit"}'
  expect(value(`apiserver_admission_controller_admission_duration_seconds_count${plugin}`)).toBeGreaterThanOrEqual(2)
  expect(value('authorization_attempts_total{result="allowed"}')).toBeGreaterThanOrEqual(3)
  const exempt = '{flow_schema="exempt",priority_level="exempt"}'
  expect(value(`apiserver_flowcontrol_dispatched_requests_total${exempt}`)).toBeGreaterThanOrEqual(3)
  expect(value(`apiserver_flowcontrol_current_executing_requests${exempt}`)).toBe(1)
  expect(value('apiserver_flowcontrol_nominal_limit_seats{priority_level="workload-low"}')).toBe(245)
  const get =
    '{component="apiserver",group="",resource="configmaps",scope="resource",subresource="",verb="GET",version="v1"}'
  expect(value(`apiserver_response_sizes_count${get}`)).toBe(1)
  expect(value(`apiserver_request_sli_duration_seconds_count${get}`)).toBe(1)
})

test('DELETE has counts begin anew, and leaves what is as it is', async () => {
  await using server = await startClusterServer()
  const configMaps = '/api/v1/namespaces/default/configmaps'
  const of = (verb: string): string =>
    `apiserver_request_duration_seconds_count{component="apiserver",dry_run="",group="",resource="configmaps",scope="${verb === 'LIST' ? 'namespace' : 'resource'}",subresource="",verb="${verb}",version="v1"}`
  await server.request('POST', configMaps, { metadata: { name: 'a' } })
  await server.request('GET', `${configMaps}/a`)
  expect((await scrape(server)).value(of('POST'))).toBeGreaterThan(0)
  const { code, body } = await server.request('DELETE', '/metrics')
  expect([code, body]).toEqual([200, 'metrics reset\n'])
  await server.request('GET', `${configMaps}/a`)
  const { value } = await scrape(server)
  expect([value(of('POST')), value(of('GET'))]).toEqual([NaN, 1])
  expect(value('apiserver_flowcontrol_nominal_limit_seats{priority_level="workload-low"}')).toBe(245)
})

test('/metrics tells how long reads waited for the revision they must not be older than', async () => {
  await using server = await startClusterServer()
  const path = '/api/v1/namespaces/default'
  const waits = async (): Promise<number> =>
    (await scrape(server)).value('apiserver_watch_cache_read_wait_seconds_count{group="",resource="namespaces"}')
  await server.request('GET', path)
  await server.request('GET', `${path}?resourceVersion=0`)
  expect(await waits()).toBeNaN()
  await server.request('GET', `${path}?resourceVersion=1`)
  expect(await waits()).toBe(1)
})

test('/metrics tells for how long which part of a priority level was made use of', async () => {
  await using server = await startClusterServer()
  const name = 'apiserver_flowcontrol_priority_level_seat_utilization'
  const idle = '{phase="executing",priority_level="workload-high"}'
  const before = (await scrape(server)).value(`${name}_count${idle}`)
  await server.clock.advance(3000)
  const { value, series } = await scrape(server)
  expect(value(`${name}_count${idle}`) - before).toBe(3e9)
  expect(value(`${name}_sum${idle}`)).toBe(0)
  expect(series('apiserver_flowcontrol_demand_seats_count')).toHaveLength(8)
  expect(series('apiserver_flowcontrol_priority_level_request_utilization_count')).toHaveLength(16)
})

test('/metrics tells which APIServices nobody answers for', async () => {
  await using server = await startClusterServer()
  const spec = {
    group: 'a.example',
    version: 'v1',
    groupPriorityMinimum: 1,
    versionPriority: 1,
    insecureSkipTLSVerify: true,
  }
  const service = { name: 'none', namespace: 'default' }
  const object = { metadata: { name: 'v1.a.example' }, spec: { ...spec, service } }
  const { code } = await server.request('POST', '/apis/apiregistration.k8s.io/v1/apiservices', object)
  expect(code).toBe(201)
  const text = String((await server.request('GET', '/metrics')).body)
  const known = [...text.matchAll(/^aggregator_unavailable_apiservice\{name="(v1\.a\.example|v1\.apps)"\} (.*)$/gm)]
  expect(known.map(([, name, value]) => `${name} ${value}`).toSorted()).toEqual(['v1.a.example 1', 'v1.apps 0'])
})

test('/metrics tells how much of the disk the store takes, if it takes any', async () => {
  const size = async (bytes?: number): Promise<string | undefined> => {
    const store = createMemoryStore({ clock: new VirtualClock() })
    const onDisk = bytes === undefined ? store : Object.assign(store, { bytesOnDisk: () => bytes })
    await using server = await startClusterServer({}, { store: onDisk })
    const { body } = await server.request('GET', '/metrics')
    return /^apiserver_storage_size_bytes.*$/m.exec(String(body))?.[0]
  }
  expect(await size(4096)).toBe('apiserver_storage_size_bytes{storage_cluster_id="etcd-0"} 4096')
  expect(await size()).toBeUndefined()
})
