import { expect, test } from 'vitest'
import { startCustomServer } from '../customresources/testing.ts'
import type { CustomServer } from '../customresources/testing.ts'
import type { BackendRequest } from '../proxy/backend.ts'

const path = '/apis/apiregistration.k8s.io/v1/apiservices'
const metadata = { name: 'metrics-server', namespace: 'kube-system' }

async function* text(value: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(value)
}

async function condition({ request, clock }: CustomServer): Promise<unknown> {
  for (let turn = 0; turn < 20; turn++) await clock.advance(100)
  const { body } = await request('GET', `${path}/v1beta1.metrics.k8s.io`)
  const [found] = (body['status']?.['conditions'] ?? []) as unknown as readonly {
    readonly status: string
    readonly reason: string
    readonly message: string
  }[]
  return found && [found.status, found.reason, found.message]
}

test('a remote APIService is available when its server answers, and requests are passed on to it', async () => {
  const asked: BackendRequest[] = []
  await using server = await startCustomServer({
    backends: async (request) => {
      asked.push(request)
      const answer = request.target.endsWith('/v1beta1')
        ? { resources: [{ name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get'] }] }
        : { kind: 'NodeMetricsList' }
      return { code: 200, headers: { 'content-type': 'application/json' }, body: text(JSON.stringify(answer)) }
    },
  })
  const { request } = server
  await server.server.initialize()
  const stop = new AbortController()
  void server.server.start(stop.signal)
  const service = { name: 'metrics-server', namespace: 'kube-system' }
  const spec = { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 }
  const created = await request('POST', path, {
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: { ...spec, service, insecureSkipTLSVerify: true },
  })
  expect(created.code).toBe(201)
  const nodes = '/apis/metrics.k8s.io/v1beta1/nodes'
  expect(await condition(server)).toEqual([
    'False',
    'ServiceNotFound',
    'service/metrics-server in "kube-system" is not present',
  ])
  expect((await request('GET', nodes)).code).toBe(503)

  await request('POST', '/api/v1/namespaces', { metadata: { name: 'kube-system' } })
  await request('POST', '/api/v1/namespaces/kube-system/services', { metadata, spec: { ports: [{ port: 8443 }] } })
  expect(await condition(server)).toEqual([
    'False',
    'ServicePortError',
    'service/metrics-server in "kube-system" is not listening on port 443',
  ])
  const port = [{ op: 'replace', path: '/spec/ports/0/port', value: 443 }]
  const patchType = 'application/json-patch+json'
  await request('PATCH', '/api/v1/namespaces/kube-system/services/metrics-server', port, patchType)
  expect(await condition(server)).toEqual([
    'False',
    'EndpointsNotFound',
    'cannot find endpointslices for service/metrics-server in "kube-system"',
  ])
  await request('POST', '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices', {
    metadata: { name: 'a', labels: { 'kubernetes.io/service-name': 'metrics-server' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'] }],
    ports: [{ name: '', port: 4443 }],
  })
  expect(await condition(server)).toEqual(['True', 'Passed', 'all checks passed'])
  expect(asked[0]).toMatchObject({
    backend: { kind: 'apiServer', scheme: 'https', host: '10.1.2.3', port: 4443 },
    target: '/apis/metrics.k8s.io/v1beta1',
    headers: { 'x-remote-user': 'system:kube-aggregator' },
  })

  asked.length = 0
  const answer = await request('GET', `${nodes}?limit=5`)
  expect([answer.code, answer.body['kind']]).toEqual([200, 'NodeMetricsList'])
  expect(asked[0]).toMatchObject({
    target: `${nodes}?limit=5`,
    headers: { 'x-remote-user': 'admin' },
    repeated: { 'x-remote-group': ['system:masters'] },
  })

  const groups = (await request('GET', '/apis')).body['groups'] as unknown as readonly { readonly name: string }[]
  expect(groups.at(-1)).toEqual({
    name: 'metrics.k8s.io',
    versions: [{ groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' }],
    preferredVersion: { groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' },
  })
  expect(server.server.services.resources.remotes).toEqual([
    {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriority: 100,
      versionPriority: 100,
      stale: false,
      resources: [
        {
          resource: 'nodes',
          responseKind: { group: '', version: '', kind: 'NodeMetrics' },
          scope: 'Cluster',
          singularResource: '',
          verbs: ['get'],
        },
      ],
    },
  ])
  await request('DELETE', `${path}/v1beta1.metrics.k8s.io`)
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(100)
  expect(server.server.services.resources.remotes).toEqual([])
  expect((await request('GET', nodes)).code).toBe(404)
  stop.abort()
})
