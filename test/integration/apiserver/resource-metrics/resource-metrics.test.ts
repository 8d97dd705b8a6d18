import { readRuntimeConfig } from '#apiserver'
import { expect, test } from 'vitest'
import { startClusterServer } from '../server.ts'
import type { Answer, TestServer } from '../server.ts'
import { Kubelets } from './kubelets.ts'

const group = '/apis/metrics.k8s.io/v1beta1'
const pods = `${group}/namespaces/default/pods`

interface Cluster extends AsyncDisposable {
  readonly server: TestServer
  readonly kubelets: Kubelets
  /** An answer that takes a look or two at kubelets. */
  get(url: string, headers?: { readonly [name: string]: string }): Promise<Answer>
}

/** Two nodes, of which the second does not answer, and a pod of two containers on the first. */
async function start(): Promise<Cluster> {
  const kubelets = new Kubelets()
  const served = readRuntimeConfig({ 'metrics.k8s.io/v1beta1': 'true' })
  const server = await startClusterServer({ disable: ['ServiceAccount'] }, { backends: kubelets.backends, served })
  const { clock } = server
  const request: TestServer['request'] = (...sent) => server.request(...sent)
  kubelets.clock = clock
  await clock.advance(100_000)
  for (const [name, address] of [
    ['one', '10.0.0.1'],
    ['two', '10.0.0.2'],
  ]) {
    await request('POST', '/api/v1/nodes', { metadata: { name, labels: { zone: 'a' } } })
    await request(
      'PATCH',
      `/api/v1/nodes/${name}/status`,
      { status: { addresses: [{ type: 'InternalIP', address }] } },
      mergePatch,
    )
  }
  const startedAt = clock.now() - 60_000
  const load = { namespace: 'default', pod: 'web', startedAt }
  kubelets.loads.set('10.0.0.1', [
    { ...load, container: 'app', cores: 0.25, bytes: 64 * 2 ** 20 },
    { ...load, container: 'proxy', cores: 0.5, bytes: 1000 },
  ])
  const containers = ['app', 'proxy'].map((name) => ({ name, image: 'image' }))
  await request('POST', '/api/v1/namespaces/default/pods', {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { nodeName: 'one', containers },
  })
  await request('PATCH', '/api/v1/namespaces/default/pods/web/status', { status: { phase: 'Running' } }, mergePatch)
  return {
    server,
    kubelets,
    async get(url, headers) {
      const answer = request('GET', url, undefined, headers)
      await clock.advance(1000)
      return answer
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const mergePatch = { 'content-type': 'application/merge-patch+json' }

test('a first question takes two looks, a second apart; nodes that do not answer are left out', async () => {
  await using cluster = await start()
  const { body } = await cluster.get(`${group}/nodes`)
  expect(body).toMatchObject({
    kind: 'NodeMetricsList',
    items: [{ metadata: { name: 'one', labels: { zone: 'a' } }, window: '1s', usage: { cpu: '500m', memory: '3Gi' } }],
  })
  expect((body as { items: unknown[] }).items).toHaveLength(1)
  expect((await cluster.get(`${group}/nodes/two`)).body).toMatchObject({
    code: 404,
    message: 'nodemetrics.metrics.k8s.io "two" not found',
  })
  expect((await cluster.get(`${group}/nodes/three`)).body).toMatchObject({ message: 'nodes "three" not found' })
})

test('pods tell what each container uses, over the time since the question before', async () => {
  await using cluster = await start()
  const { clock } = cluster.server
  expect((await cluster.get(`${pods}/web`)).body).toMatchObject({ kind: 'PodMetrics', window: '1s' })
  await clock.advance(19_000)
  const { body } = await cluster.get(`${pods}?labelSelector=app%3Dweb`)
  expect(body).toMatchObject({
    kind: 'PodMetricsList',
    items: [
      {
        metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
        window: '19s',
        containers: [
          { name: 'app', usage: { cpu: '250m', memory: '64Mi' } },
          { name: 'proxy', usage: { cpu: '500m', memory: '1k' } },
        ],
      },
    ],
  })
  expect((await cluster.get(`${pods}?labelSelector=app%3Dother`)).body).toMatchObject({ items: [] })
})

test('what was told within the last 15 seconds is told again, and kubelets are left alone when nobody asks', async () => {
  await using cluster = await start()
  const { kubelets, server } = cluster
  await cluster.get(pods)
  expect(kubelets.asked).toEqual(['10.0.0.1', '10.0.0.1'])
  await server.clock.advance(10_000)
  await cluster.get(pods)
  await server.clock.advance(600_000)
  expect(kubelets.asked).toHaveLength(2)
  expect((await cluster.get(pods)).body).toMatchObject({ items: [{ window: '1s' }] })
  expect(kubelets.asked).toHaveLength(4)
})

test('a container that started anew counts from its start once it ran for ten seconds; before, its pod is left out', async () => {
  await using cluster = await start()
  const { kubelets, server } = cluster
  await cluster.get(pods)
  const anew = (ageMs: number): void => {
    const startedAt = server.clock.now() - ageMs
    const load = { namespace: 'default', pod: 'web', startedAt, bytes: 1024 }
    kubelets.loads.set('10.0.0.1', [{ ...load, container: 'app', cores: 2 }])
  }
  await server.clock.advance(20_000)
  anew(5000)
  expect((await cluster.get(`${pods}/web`)).body).toMatchObject({
    message: 'podmetrics.metrics.k8s.io "default/web" not found',
  })
  await server.clock.advance(20_000)
  anew(12_000)
  expect((await cluster.get(`${pods}/web`)).body).toMatchObject({
    window: '12s',
    containers: [{ name: 'app', usage: { cpu: '2', memory: '1Ki' } }],
  })
})

test('tables sum up containers', async () => {
  await using cluster = await start()
  const { body } = await cluster.get(pods, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })
  expect(body).toMatchObject({
    columnDefinitions: [{ name: 'Name' }, { name: 'cpu' }, { name: 'memory' }, { name: 'Window' }],
    rows: [{ cells: ['web', '750m', '67109864', '1s'] }],
  })
})

test('an APIService may hand the group over to another server, and the built-in one is back when it goes', async () => {
  await using cluster = await start()
  const { server } = cluster
  const path = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io'
  await server.request(
    'PATCH',
    path,
    { spec: { service: { name: 'metrics-server', namespace: 'kube-system' } } },
    mergePatch,
  )
  await server.clock.advance(1)
  expect((await cluster.get(`${group}/nodes`)).code).toBe(503)
  await server.request('DELETE', path)
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  expect((await cluster.get(`${group}/nodes`)).body).toMatchObject({ kind: 'NodeMetricsList' })
  expect((await server.request('GET', path)).body).toMatchObject({ spec: { groupPriorityMinimum: 100 } })
})

test('the group is not served unless it is asked for', async () => {
  await using server = await startClusterServer()
  expect((await server.request('GET', `${group}/nodes`)).code).toBe(404)
})
