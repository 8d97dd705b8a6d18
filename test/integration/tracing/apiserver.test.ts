import { expect, test } from 'vitest'
import type { AdmissionReview } from '#api/admission/v1'
import { silentLogger, systemClock } from '#base'
import type { ApiRequest, ApiResponse } from '#client'
import { openTracing } from '#tracing'
import { startCollector } from '../../../src/tracing/testing/collector.ts'
import type { CollectedSpan } from '../../../src/tracing/testing/collector.ts'
import { startClusterServer } from '../apiserver/server.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const traceId = 'ab'.repeat(16)
const callerId = 'cd'.repeat(8)
const traceparent = `00-${traceId}-${callerId}-01`

interface Sent {
  readonly body?: object
  readonly token?: string
  readonly headers?: { readonly [name: string]: string }
}

interface Rig extends AsyncDisposable {
  /** Sends a request as if it came over the wire, and reads the answer. */
  send(method: string, url: string, sent?: Sent): Promise<ApiResponse>
  /** Everything told so far. */
  spans(): Promise<readonly CollectedSpan[]>
  /** What webhooks heard. */
  readonly heard: readonly ApiRequest[]
}

async function startRig(samplingRatePerMillion = 1_000_000): Promise<Rig> {
  const collector = await startCollector()
  const tracing = openTracing(
    { endpoint: collector.endpoint, samplingRatePerMillion },
    { clock: systemClock, log: silentLogger, resource: { 'service.name': 'apiserver', 'service.instance.id': 'a' } },
  )
  const heard: ApiRequest[] = []
  const cluster = await startClusterServer(
    {},
    {
      tracer: tracing.tracer,
      staticTokens: new Map([
        ['admin', { name: 'admin', groups: ['system:masters'] }],
        ['alice', { name: 'alice', groups: ['devs'] }],
      ]),
      webhooks: () => async (request) => {
        heard.push(request)
        return reviewed(request)
      },
    },
  )
  // What every cluster begins with is told of too.
  await tracing.flush()
  return {
    heard,
    async send(method, url, { body, token = 'admin', headers = {} } = {}) {
      const [path = '', query = ''] = url.split('?')
      const bytes = new TextEncoder().encode(JSON.stringify(body))
      const response = await cluster.server.serve({
        method,
        path,
        query,
        headers: {
          host: '127.0.0.1:6443',
          authorization: `Bearer ${token}`,
          'user-agent': 'test/1.0',
          ...(body ? { 'content-type': 'application/json', 'content-length': String(bytes.length) } : {}),
          ...headers,
        },
        connection: { remoteAddress: '10.0.0.9', remotePort: 1234, protocol: 'HTTP/2.0' },
        signal: new AbortController().signal,
        ...(body ? { body: { kind: 'bytes', read: () => bytes, stream: async function* () {} } } : {}),
      })
      if (response.kind === 'object') response.encode()
      return response
    },
    async spans() {
      await tracing.flush()
      return collector.spans
    },
    async [Symbol.asyncDispose]() {
      await tracing.close()
      await cluster[Symbol.asyncDispose]()
      await collector[Symbol.asyncDispose]()
    },
  }
}

function reviewed({ body }: ApiRequest): ApiResponse {
  const { request, ...review } = (body?.kind === 'object' ? body.object : readJson(body)) as AdmissionReview
  return {
    kind: 'object',
    code: 200,
    object: { ...review, response: { uid: request?.uid ?? '', allowed: true } },
    encode: () => ({ contentType: 'application/json', bytes: new Uint8Array() }),
  }
}

function readJson(body: ApiRequest['body']): unknown {
  const bytes = body?.kind === 'bytes' ? body.read(1 << 20) : undefined
  return bytes instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(bytes)) : {}
}

/** Spans below a span, as lines that are indented by how deep they lie. */
function tree(spans: readonly CollectedSpan[], root: CollectedSpan, depth = 0): string[] {
  const parts = spans.filter(({ parent }) => parent === root.id)
  return [`${'  '.repeat(depth)}${root.name}`, ...parts.flatMap((part) => tree(spans, part, depth + 1))]
}

function serverSpan(spans: readonly CollectedSpan[], name: string): CollectedSpan {
  const found = spans
    .filter((span) => span.name === name && span.attributes['user_agent.original'] === 'test/1.0')
    .at(-1)
  if (!found) throw new Error(`no span ${name} of ${spans.map((span) => span.name).join(', ')}`)
  return found
}

test('a request is told of with each step on its way, the verb, the storage and the answer', async () => {
  await using rig = await startRig()
  await rig.send('POST', configMaps, { body: { metadata: { name: 'a' } } })
  await rig.send('GET', `${configMaps}/a`)
  await rig.send('GET', configMaps)
  await rig.send('PATCH', `${configMaps}/a`, {
    body: { data: { a: 'b' } },
    headers: { 'content-type': 'application/merge-patch+json' },
  })
  await rig.send('DELETE', `${configMaps}/a`)
  await rig.send('GET', '/version')
  const spans = await rig.spans()
  const collection = '/api/v1/namespaces/{:namespace}/configmaps'
  const below = (name: string): string[] => tree(spans, serverSpan(spans, name)).map((line) => line.trim())
  const steps = ['audit', 'constrainedimpersonation', 'priorityandfairness', 'authorization']
  expect(below(`POST ${collection}`).slice(1)).toEqual([...steps, 'Create', 'Create etcd3', 'SerializeObject'])
  expect(below(`GET ${collection}/{:name}`).slice(1)).toEqual([...steps, 'Get', 'cacher.Get', 'SerializeObject'])
  expect(below(`GET ${collection}`).slice(1)).toEqual([...steps, 'List', 'cacher.GetList', 'SerializeObject'])
  const patched = [...steps, 'Patch', 'GuaranteedUpdate etcd3', 'SerializeObject']
  expect(below(`PATCH ${collection}/{:name}`).slice(1)).toEqual(patched)
  expect(below(`DELETE ${collection}/{:name}`).slice(1)).toEqual([...steps, 'Delete', 'SerializeObject'])
  expect(below('GET').slice(1, 5)).toEqual(steps)
  // Nothing lies beside a step: each is within the one before.
  expect(tree(spans, serverSpan(spans, `GET ${collection}/{:name}`))[6]).toBe('            cacher.Get')
})

test('spans of a request have the attributes that upstream gives them', async () => {
  await using rig = await startRig()
  const body = { metadata: { name: 'a' } }
  await rig.send('POST', configMaps, { body, headers: { 'audit-id': 'x'.repeat(90), 'x-forwarded-for': '10.1.2.3' } })
  await rig.send('GET', '/apis/apps/v1/deployments?limit=3')
  const spans = await rig.spans()
  const server = serverSpan(spans, 'POST /api/v1/namespaces/{:namespace}/configmaps')
  const auditId = 'x'.repeat(64)
  expect(server).toMatchObject({
    kind: 'Server',
    resource: { 'service.name': 'apiserver', 'service.instance.id': 'a' },
  })
  const { 'http.response.body.size': size, ...attributes } = server.attributes
  expect(size).toBeGreaterThan(100)
  expect(attributes).toEqual({
    'server.address': '127.0.0.1',
    'server.port': 6443,
    'url.scheme': 'https',
    'http.request.method': 'POST',
    'network.peer.address': '10.0.0.9',
    'network.peer.port': 1234,
    'user_agent.original': 'test/1.0',
    'client.address': '10.1.2.3',
    'url.path': configMaps,
    'network.protocol.version': '2.0',
    'http.target': configMaps,
    'audit-id': auditId,
    'http.request.body.size': JSON.stringify(body).length,
    'http.response.status_code': 201,
  })
  const one = (name: string): CollectedSpan | undefined =>
    spans.find((span) => span.name === name && span.trace === server.trace)
  expect(one('Create')?.attributes).toEqual({
    accept: '',
    'audit-id': auditId,
    client: '10.1.2.3',
    'api-group': '',
    'api-version': 'v1',
    name: '',
    subresource: '',
    namespace: 'default',
    protocol: 'HTTP/2.0',
    resource: 'configmaps',
    scope: 'resource',
    url: configMaps,
    'user-agent': 'test/1.0',
    verb: 'POST',
  })
  expect(one('Create')?.events).toEqual([
    'limitedReadBody succeeded',
    'About to convert to expected version',
    'Conversion done',
    'About to store object in database',
    'Write to database call succeeded',
    'About to write a response',
    'Writing http response done',
  ])
  expect(one('Create etcd3')?.attributes).toEqual({
    'audit-id': auditId,
    key: '/configmaps/default/a',
    type: '*core.ConfigMap',
    group: '',
    resource: 'configmaps',
  })
  const list = spans.find(({ name, attributes: { resource } }) => name === 'List' && resource === 'deployments')
  expect(list?.attributes).toMatchObject({ 'api-group': 'apps', scope: 'cluster', verb: 'LIST', namespace: '' })
})

test('administrators say what their requests are a part of; those of others begin a trace and are linked', async () => {
  await using rig = await startRig()
  await rig.send('GET', '/version', { headers: { traceparent, tracestate: 'a=b' } })
  await rig.send('GET', '/api', { token: 'alice', headers: { traceparent } })
  const spans = await rig.spans()
  const of = (path: string): CollectedSpan | undefined =>
    spans.find(({ attributes }) => attributes['url.path'] === path)
  expect(of('/version')).toMatchObject({ trace: traceId, parent: callerId, traceState: 'a=b', flags: 0x301, links: [] })
  expect(of('/api')).toMatchObject({ parent: '', flags: 0x101, links: [`${traceId}-${callerId}`] })
  expect(of('/api')?.trace).not.toBe(traceId)
})

test('where nothing is to be recorded, only what an administrator has recorded goes on', async () => {
  await using rig = await startRig(0)
  await rig.send('GET', '/version')
  await rig.send('GET', '/version', { token: 'alice', headers: { traceparent } })
  await rig.send('GET', '/api', { headers: { traceparent } })
  await rig.send('GET', '/apis', { headers: { traceparent: traceparent.replace(/01$/, '00') } })
  const spans = await rig.spans()
  expect(spans.map(({ attributes }) => attributes['url.path']).filter((path) => path)).toEqual(['/api'])
  expect(new Set(spans.map(({ trace }) => trace))).toEqual(new Set([traceId]))
})

test('a request that nobody may send is told of as far as it came, and failures of the server as such', async () => {
  await using rig = await startRig()
  await rig.send('GET', configMaps, { token: 'wrong' })
  await rig.send('GET', `${configMaps}?limit=x`, { token: 'alice' })
  const spans = await rig.spans()
  const alone = spans.filter(({ name }) => name === 'authentication').map((span) => tree(spans, span).slice(1))
  expect(alone[0]).toEqual(['  SerializeObject'])
  const forbidden = serverSpan(spans, 'GET /api/v1/namespaces/{:namespace}/configmaps')
  expect(forbidden.attributes['http.response.status_code']).toBe(403)
  expect(tree(spans, forbidden).at(-1)?.trim()).toBe('SerializeObject')
})

test('webhooks hear what they are asked for, and their calls are parts of the write', async () => {
  await using rig = await startRig()
  await rig.send('POST', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
    body: {
      metadata: { name: 'hooks' },
      webhooks: [
        {
          name: 'val.example.com',
          clientConfig: { url: 'https://127.0.0.1:9443/val' },
          rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    },
  })
  const headers = { traceparent, tracestate: 'a=b', baggage: 'k=v' }
  await rig.send('POST', configMaps, { body: { metadata: { name: 'a' } }, headers })
  const spans = await rig.spans()
  const call = spans.find(({ name }) => name === 'HTTP POST')
  const hook = spans.find(({ id }) => id === call?.parent)
  expect(hook?.name).toBe('Call validating webhook')
  const { UID: uid, ...attributes } = hook?.attributes ?? {}
  expect(uid).toMatch(/^[\da-f-]{36}$/)
  expect(attributes).toEqual({
    configuration: 'hooks',
    webhook: 'val.example.com',
    resource: '/v1, Resource=configmaps',
    subresource: '',
    operation: 'CREATE',
  })
  expect(spans.find(({ id }) => id === hook?.parent)?.name).toBe('Create')
  expect(call).toMatchObject({
    kind: 'Client',
    attributes: {
      'http.request.method': 'POST',
      'url.full': 'https://127.0.0.1:9443/val?timeout=10s',
      'server.address': '127.0.0.1',
      'server.port': 9443,
      'network.protocol.version': '1.1',
      'http.response.status_code': 200,
    },
  })
  expect(rig.heard.at(-1)?.headers).toMatchObject({
    traceparent: `00-${traceId}-${call?.id}-01`,
    tracestate: 'a=b',
    baggage: 'k=v',
  })
})
