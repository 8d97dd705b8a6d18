import { expect, test } from 'vitest'
import type { KubeObject } from '#machinery'
import { good } from './groups/objects.ts'
import { startTestServer } from './server.ts'
import type { TestServer } from './server.ts'

const apply = { 'content-type': 'application/apply-patch+yaml' }
const scalers = (version: string): string => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }
const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 6 } } }
const others = {
  type: 'Pods',
  pods: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '1' } },
}

interface Scaler extends KubeObject {
  readonly spec: { readonly metrics?: readonly unknown[] }
}

const scaler = (version: string, spec?: object): object => ({
  apiVersion: `autoscaling/${version}`,
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'h' },
  ...(spec ? { spec } : {}),
})

async function applied(server: TestServer, manager: string, version: string, spec?: object): Promise<KubeObject> {
  const url = `${scalers(version)}/h?fieldManager=${manager}`
  return good(await server.request('PATCH', url, scaler(version, spec), apply))
}

test('who gives up in one version what it applied in another leaves what an object can not be without', async () => {
  await using server = await startTestServer()
  await applied(server, 'one', 'v1', { minReplicas: 2, maxReplicas: 6, scaleTargetRef })
  const left = await applied(server, 'one', 'v2')
  expect(left).toMatchObject({ spec: { minReplicas: 1, maxReplicas: 6, scaleTargetRef, metrics: [expect.anything()] } })
  expect(left.metadata.managedFields).toBeUndefined()
})

test('who applies in two versions owns what it applied last', async () => {
  await using server = await startTestServer()
  const spec = { maxReplicas: 6, scaleTargetRef, metrics: [cpu], behavior: { scaleDown: { selectPolicy: 'Min' } } }
  await applied(server, 'one', 'v2', spec)
  await applied(server, 'two', 'v1', { maxReplicas: 6, targetCPUUtilizationPercentage: 6 })
  const kept = await applied(server, 'one', 'v2', { maxReplicas: 6, scaleTargetRef, metrics: [cpu] })
  expect(kept.metadata.managedFields).toMatchObject([
    { manager: 'two', apiVersion: 'autoscaling/v1' },
    { manager: 'one', apiVersion: 'autoscaling/v2', fieldsV1: { 'f:spec': { 'f:maxReplicas': {}, 'f:metrics': {} } } },
  ])
})

test('an apply that changes nothing leaves what its version would have in another order', async () => {
  await using server = await startTestServer()
  const spec = { maxReplicas: 6, scaleTargetRef, metrics: [cpu, others] }
  good(await server.request('POST', scalers('v2'), scaler('v2', spec)))
  await applied(server, 'one', 'v1', { maxReplicas: 6, scaleTargetRef })
  const { spec: left } = good<Scaler>(await server.request('GET', `${scalers('v2')}/h`))
  expect(left.metrics).toEqual([cpu, others])
})

test('a Table shows metrics in their own order, in whatever version it is asked for', async () => {
  await using server = await startTestServer()
  const spec = { maxReplicas: 6, scaleTargetRef, metrics: [cpu, others] }
  good(await server.request('POST', scalers('v2'), scaler('v2', spec)))
  const current = { type: 'Pods', pods: { metric: { name: 'm' }, current: { averageUtilization: 7 } } }
  const cpuNow = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 5 } } }
  const status = { currentReplicas: 1, desiredReplicas: 1, currentMetrics: [cpuNow, current] }
  good(await server.request('PUT', `${scalers('v2')}/h/status`, { ...scaler('v2', spec), status }))
  for (const version of ['v1', 'v2']) {
    const accept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    const { body } = await server.request('GET', `${scalers(version)}/h`, undefined, accept)
    const { rows } = body as { readonly rows: readonly { readonly cells: readonly unknown[] }[] }
    expect(rows[0]?.cells[2]).toBe('cpu: 5%/6%, <nil>/1')
  }
})

test('a version that is written leaves the status to those who wrote it in another', async () => {
  await using server = await startTestServer()
  good(await server.request('POST', scalers('v2'), scaler('v2', { maxReplicas: 6, scaleTargetRef })))
  const status = { ...scaler('v2'), status: { currentReplicas: 1, desiredReplicas: 2 } }
  good(await server.request('PATCH', `${scalers('v2')}/h/status?fieldManager=two`, status, apply))
  const put = good(await server.request('PUT', `${scalers('v1')}/h`, scaler('v1', { maxReplicas: 7, scaleTargetRef })))
  expect(put.metadata.managedFields).toContainEqual(
    expect.objectContaining({ manager: 'two', subresource: 'status', operation: 'Apply' }),
  )
})

test.for([
  ['/api/v1/namespaces/default/pods', 'v1', 'Pod', 'status'],
  ['/api/v1/namespaces/default/pods', 'v1', 'Pod', 'ephemeralcontainers'],
  ['/apis/apps/v1/namespaces/default/deployments', 'apps/v1', 'Deployment', 'status'],
  ['/api/v1/nodes', 'v1', 'Node', 'status'],
] as const)('an apply to a part of %s makes no object', async ([url, apiVersion, kind, part]) => {
  await using server = await startTestServer()
  const body = { apiVersion, kind, metadata: { name: 'none' }, status: {} }
  const { code } = await server.request('PATCH', `${url}/none/${part}?fieldManager=one`, body, apply)
  expect(code).toBe(404)
})

test('who applied nothing but metadata gives it up in another version', async () => {
  await using server = await startTestServer()
  good(
    await server.request(
      'POST',
      scalers('v2'),
      scaler('v2', { maxReplicas: 6, scaleTargetRef, metrics: [cpu, others] }),
    ),
  )
  const object = { ...scaler('v2'), metadata: { name: 'h', labels: { a: 'b' } } }
  good(await server.request('PATCH', `${scalers('v2')}/h?fieldManager=one`, object, apply))
  const left = await applied(server, 'one', 'v1', { maxReplicas: 6 })
  expect(left.metadata.labels).toBeUndefined()
})

test('what is applied may lack what its type always has, or be null, whoever else owns fields in another version', async () => {
  await using server = await startTestServer()
  const spec = { maxReplicas: 6, scaleTargetRef }
  good(await server.request('POST', scalers('v1'), scaler('v1', { ...spec, targetCPUUtilizationPercentage: 80 })))
  const told = async (metadata: object, metrics: unknown): Promise<readonly unknown[]> => {
    const url = `${scalers('v2')}/h?fieldManager=one&force=true&dryRun=All`
    const body = { ...scaler('v2', { ...spec, metrics }), metadata: { name: 'h', ...metadata } }
    const answer = await server.request('PATCH', url, body, apply)
    return [answer.code, (answer.body as { readonly message?: string }).message]
  }
  expect(await told({}, null)).toEqual([200, undefined])
  const lacks = 'HorizontalPodAutoscaler.autoscaling "h" is invalid: ['
  expect(await told({}, [{ type: 'Resource', resource: {} }])).toEqual([
    422,
    expect.stringContaining(`${lacks}spec.metrics[0].resource.name: Required value: must specify a resource name, `),
  ])
  expect(await told({}, [null])).toEqual([
    422,
    expect.stringContaining(`${lacks}spec.metrics[0].type: Required value: must specify a metric source type, `),
  ])
  expect(await told({ deletionTimestamp: 'x' }, [cpu])).toEqual([
    500,
    'failed to convert new object: unable to convert unstructured object to autoscaling/v2, Kind=HorizontalPodAutoscaler: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
  ])
})
