import { expect, test } from 'vitest'
import type {
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  ReplicationController,
  Secret,
} from '#api/core/v1'
import type { KubeObject, Status } from '#machinery'
import { startTestServer } from '../server.ts'
import type { Answer, TestServer } from '../server.ts'

const core = '/api/v1/namespaces/default'
const merge = { 'content-type': 'application/merge-patch+json' }
const message = ({ body }: Answer): string | undefined => (body as Status).message
const patch = (server: TestServer, url: string, body: object): Promise<Answer> =>
  server.request('PATCH', url, body, merge)

test('a namespace waits for its finalizers when it is deleted, and is gone with the last', async () => {
  await using server = await startTestServer()
  const url = '/api/v1/namespaces/n'
  const { body } = await server.request('POST', '/api/v1/namespaces', {
    metadata: { name: 'n', labels: { 'kubernetes.io/metadata.name': 'other' } },
    spec: { finalizers: ['a.example.com/b'] },
  })
  expect(body).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'n' } },
    spec: { finalizers: ['a.example.com/b', 'kubernetes'] },
    status: { phase: 'Active' },
  })
  expect(message(await patch(server, `${url}/status`, { status: { phase: 'Terminating' } }))).toContain(
    'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
  )
  expect(((await patch(server, url, { spec: { finalizers: [] } })).body as Namespace).spec?.finalizers).toHaveLength(2)
  const deleted = (await server.request('DELETE', url)).body as Namespace
  expect(deleted).toMatchObject({
    metadata: { deletionTimestamp: expect.any(String) },
    status: { phase: 'Terminating' },
  })
  expect(deleted.metadata.deletionGracePeriodSeconds).toBeUndefined()
  expect((await server.request('DELETE', url)).body).toEqual(deleted)
  const finalize = (finalizers: readonly string[]): Promise<Answer> =>
    server.request('PUT', `${url}/finalize`, { metadata: { name: 'n' }, spec: { finalizers } })
  expect((await finalize(['kubernetes'])).code).toBe(200)
  expect((await server.request('GET', url)).code).toBe(200)
  await finalize([])
  expect((await server.request('GET', url)).code).toBe(404)
})

test('text of a secret becomes data; a type says what must be in it, and stays', async () => {
  await using server = await startTestServer()
  const create = (name: string, rest: object): Promise<Answer> =>
    server.request('POST', `${core}/secrets`, { metadata: { name }, ...rest })
  const { body } = await create('a', { data: { k: 'AA==', l: 'AQ==' }, stringData: { k: 'text' } })
  expect((body as Secret).data).toEqual({ k: 'dGV4dA==', l: 'AQ==' })
  expect(body).toMatchObject({ type: 'Opaque' })
  expect(body).not.toHaveProperty('stringData')
  expect(message(await patch(server, `${core}/secrets/a`, { type: 'other' }))).toContain(
    'type: Invalid value: "other": field is immutable',
  )
  expect(message(await create('b', { type: 'kubernetes.io/basic-auth' }))).toBe(
    'Secret "b" is invalid: [data[username]: Required value, data[password]: Required value]',
  )
  const tls = await create('c', { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x', 'tls.key': 'y' } })
  expect(tls.headers['warning']).toContain('tls: failed to find any PEM data in certificate input')
})

test('an immutable config map takes other labels and no other data', async () => {
  await using server = await startTestServer()
  await server.request('POST', `${core}/configmaps`, { metadata: { name: 'c' }, immutable: true, data: { a: 'b' } })
  expect((await patch(server, `${core}/configmaps/c`, { metadata: { labels: { a: 'b' } } })).code).toBe(200)
  expect(message(await patch(server, `${core}/configmaps/c`, { data: { a: 'c' }, immutable: false }))).toBe(
    'ConfigMap "c" is invalid: [immutable: Forbidden: field is immutable when `immutable` is set, data: Forbidden: field is immutable when `immutable` is set]',
  )
})

test('a node may come with its status, gets its address blocks once, and is found by whether it takes pods', async () => {
  await using server = await startTestServer()
  const { body } = await server.request('POST', '/api/v1/nodes', {
    metadata: { name: 'n' },
    spec: { podCIDR: '10.1.0.0/24', unschedulable: true },
    status: { capacity: { cpu: '2' } },
  })
  expect((body as Node).spec?.podCIDRs).toEqual(['10.1.0.0/24'])
  expect((body as Node).status?.allocatable).toEqual({ cpu: '2' })
  expect(message(await patch(server, '/api/v1/nodes/n', { spec: { podCIDR: '10.2.0.0/24' } }))).toContain(
    'node updates may not change podCIDR except from "" to valid',
  )
  const list = async (unschedulable: boolean): Promise<number> => {
    const { body: found } = await server.request(
      'GET',
      `/api/v1/nodes?fieldSelector=spec.unschedulable=${unschedulable}`,
    )
    return (found as { readonly items: readonly Node[] }).items.length
  }
  expect([await list(true), await list(false)]).toEqual([1, 0])
})

test('what a node can allocate is its capacity also where it is sent empty', async () => {
  await using server = await startTestServer()
  const status = { capacity: { cpu: '2' }, allocatable: {} }
  const { body } = await server.request('POST', '/api/v1/nodes', { metadata: { name: 'e' }, status })
  expect((body as Node).status?.allocatable).toEqual({ cpu: '2' })
  const changed = { metadata: { name: 'e' }, status: { capacity: { cpu: '3' }, allocatable: {} } }
  const { body: answer } = await server.request('PUT', '/api/v1/nodes/e/status', changed)
  expect((answer as Node).status?.allocatable).toEqual({ cpu: '3' })
})

test('an event is one object in both groups, selected by the names of either, and forgotten after an hour', async () => {
  await using server = await startTestServer()
  const events = '/apis/events.k8s.io/v1/namespaces/default/events'
  await server.request('POST', `${core}/events`, {
    metadata: { name: 'e' },
    involvedObject: { namespace: 'default', name: 'p' },
    message: 'm',
    count: 2,
  })
  expect((await server.request('GET', `${events}/e`)).body).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { name: 'p' },
    note: 'm',
    deprecatedCount: 2,
  })
  for (const url of [`${core}/events?fieldSelector=involvedObject.name=p`, `${events}?fieldSelector=regarding.name=p`])
    expect(((await server.request('GET', url)).body as { readonly items: readonly KubeObject[] }).items).toHaveLength(1)
  expect(message(await server.request('POST', events, { metadata: { name: 'f' } }))).toContain(
    'eventTime: Required value',
  )
  expect(message(await server.request('GET', `${events}/none`))).toBe('events.events.k8s.io "none" not found')
  await server.clock.advance(3_601_000)
  expect((await server.request('GET', `${events}/e`)).code).toBe(404)
})

const volume = (spec: object): object => ({
  metadata: { name: 'v' },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...spec },
})

test('a volume is in one place for good, and remembers when its phase changed', async () => {
  await using server = await startTestServer()
  const url = '/api/v1/persistentvolumes'
  expect(message(await server.request('POST', url, volume({ hostPath: { path: '/a/../b' }, nfs: {} })))).toBe(
    'PersistentVolume "v" is invalid: [spec.hostPath.path: Invalid value: "/a/../b": must not contain \'..\', spec.nfs: Forbidden: may not specify more than 1 volume type]',
  )
  const { body } = await server.request('POST', url, volume({ hostPath: { path: '/a' } }))
  expect(body).toMatchObject({
    spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem', hostPath: { type: '' } },
    status: { phase: 'Pending' },
  })
  expect(message(await patch(server, `${url}/v`, { spec: { hostPath: { path: '/b' } } }))).toContain(
    '-  "Path": "/a",\n+  "Path": "/b",',
  )
  await server.clock.advance(60_000)
  const bound = (await patch(server, `${url}/v/status`, { status: { phase: 'Bound' } })).body as PersistentVolume
  expect(bound.status?.lastPhaseTransitionTime).not.toBe((body as PersistentVolume).status?.lastPhaseTransitionTime)
})

test('a claim may ask for more once it is bound, and for its class where it named none', async () => {
  await using server = await startTestServer()
  const url = `${core}/persistentvolumeclaims`
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  const source = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' }
  const { body } = await server.request('POST', url, { metadata: { name: 'c' }, spec: { ...spec, dataSource: source } })
  expect((body as PersistentVolumeClaim).spec.dataSourceRef).toMatchObject(source)
  const ask = (storage: string): Promise<Answer> =>
    patch(server, `${url}/c`, { spec: { resources: { requests: { storage } } } })
  expect(message(await ask('2Gi'))).toContain('spec is immutable after creation')
  expect((await patch(server, `${url}/c`, { spec: { storageClassName: 'fast' } })).code).toBe(200)
  expect(message(await patch(server, `${url}/c`, { spec: { storageClassName: 'slow' } }))).toContain(
    '- "StorageClassName": "fast",\n+ "StorageClassName": "slow",',
  )
  await patch(server, `${url}/c/status`, { status: { phase: 'Bound', capacity: { storage: '1Gi' } } })
  expect((await ask('2Gi')).code).toBe(200)
  expect(message(await ask('1Gi'))).toContain('field can not be less than status.capacity')
})

test('a replication controller selects what its template makes, and scales', async () => {
  await using server = await startTestServer()
  const url = `${core}/replicationcontrollers`
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const { body } = await server.request('POST', url, { metadata: { name: 'r' }, spec: { template } })
  expect(body).toMatchObject({
    metadata: { generation: 1, labels: { a: 'b' } },
    spec: { selector: { a: 'b' }, replicas: 1 },
  })
  await patch(server, `${url}/r/scale`, { spec: { replicas: 3 } })
  const scaled = (await server.request('GET', `${url}/r`)).body as ReplicationController
  expect([scaled.spec?.replicas, scaled.metadata.generation]).toEqual([3, 2])
  expect(message(await patch(server, `${url}/r`, { spec: { selector: { a: 'c' } } }))).toContain(
    '`selector` does not match template `labels`',
  )
  expect((await server.request('DELETE', `${url}/r`)).body).toMatchObject({ metadata: { finalizers: ['orphan'] } })
})

test('limits that contradict each other are refused, defaults follow from the others', async () => {
  await using server = await startTestServer()
  const create = (limit: object): Promise<Answer> =>
    server.request('POST', `${core}/limitranges`, { metadata: { name: 'l' }, spec: { limits: [limit] } })
  expect(message(await create({ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }))).toContain(
    'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  )
  expect((await create({ type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' } })).body).toMatchObject({
    spec: { limits: [{ default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '1Mi' } }] },
  })
})

test('a quota counts what it knows, in whole numbers and in scopes that fit', async () => {
  await using server = await startTestServer()
  const create = (spec: object): Promise<Answer> =>
    server.request('POST', `${core}/resourcequotas`, { metadata: { name: 'q' }, spec })
  expect(message(await create({ hard: { pods: '1.5' } }))).toContain(
    'spec.hard[pods]: Invalid value: "1500m": must be an integer',
  )
  expect(message(await create({ hard: { foo: '1' } }))).toContain('must be a standard resource for quota')
  expect(message(await create({ hard: { cpu: '1' }, scopes: ['BestEffort'] }))).toContain(
    'unsupported scope applied to resource',
  )
  expect((await create({ hard: { cpu: '0.0001' } })).body).toMatchObject({ spec: { hard: { cpu: '1m' } } })
})

test('whoever uses endpoints hears that slices took their place', async () => {
  await using server = await startTestServer()
  const { headers } = await server.request('GET', `${core}/endpoints`)
  expect(headers['warning']).toBe('299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"')
})

test('a body of another kind or group is refused for what it says it is', async () => {
  await using server = await startTestServer()
  const refusal = async (apiVersion: string, kind: string): Promise<string | undefined> =>
    message(await server.request('POST', `${core}/events`, { apiVersion, kind, metadata: { name: 'x' } }))
  expect(await refusal('events.k8s.io/v1', 'Event')).toBe(
    'the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)',
  )
  expect(await refusal('apps/v1', 'Deployment')).toBe(
    'Deployment in version "v1" cannot be handled as a Event: converting (v1.Deployment) to (core.Event): unknown conversion',
  )
})
