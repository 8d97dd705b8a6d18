import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps, nodes, pods, serviceaccounts } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { clusterroles } from '#api/rbac/v1'
import { deployments } from '#api/apps/v1'
import { isExpired, reasonOf, resourceExpired, statusOf } from '#machinery'
import { describeClient } from '../testing/client-suite.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import type { ApiRequest, ApiResponse } from '../transport.ts'
import { createClient } from './create-client.ts'
import { retryTransport } from './retry-transport.ts'
import { TransportError } from './transport-error.ts'

describeClient('the memory API', async () => ({
  client: createClient(new MemoryApi().transport, { userAgent: 'test' }),
  namespace: 'default',
  close: async () => {},
}))

const object = (code: number, value: unknown, headers: { readonly [name: string]: string } = {}): ApiResponse => ({
  kind: 'object',
  code,
  headers,
  object: value,
  encode: () => ({ contentType: 'application/json', bytes: new Uint8Array() }),
})

/** A client whose requests are recorded and answered by `answer`. */
function recording(answer: (request: ApiRequest) => ApiResponse = () => object(200, {})): {
  readonly sent: ApiRequest[]
  readonly client: ReturnType<typeof createClient>
} {
  const sent: ApiRequest[] = []
  const client = createClient(
    async (request) => {
      sent.push(request)
      return answer(request)
    },
    { userAgent: 'tester/1.0', fieldManager: 'tester' },
  )
  return { sent, client }
}

test('every method sends the path, query and content type of the API', async () => {
  const { sent, client } = recording()
  const metadata = { namespace: 'ns', name: 'x' }
  const spec = { selector: {}, template: {} }
  await client.get(pods, metadata, { resourceVersion: '7' })
  await client.list(deployments, {}, { labelSelector: 'a in (b,c)', limit: 0 })
  await client.create(deployments, { metadata, spec }, { dryRun: true, fieldValidation: 'Strict' })
  await client.update(pods, { metadata } as Pod, { subresource: 'status' })
  await client.patch(nodes, { name: 'n' }, { type: 'json', patch: [] }, { fieldManager: 'other' })
  await client.apply(deployments, { metadata, spec }, { fieldManager: 'me', force: true })
  await client.delete(pods, metadata)
  await client.delete(pods, metadata, { propagationPolicy: 'Foreground', dryRun: true })
  await client.createSubresource(serviceaccounts, metadata, 'token', { spec: {} })
  await client.get(clusterroles, { name: 'system:a b' })
  expect(sent.map(({ method, path, query, headers }) => [method, path, query, headers['content-type']])).toEqual([
    ['GET', '/api/v1/namespaces/ns/pods/x', 'resourceVersion=7', undefined],
    ['GET', '/apis/apps/v1/deployments', 'labelSelector=a%20in%20(b%2Cc)', undefined],
    [
      'POST',
      '/apis/apps/v1/namespaces/ns/deployments',
      'dryRun=All&fieldManager=tester&fieldValidation=Strict',
      'application/json',
    ],
    ['PUT', '/api/v1/namespaces/ns/pods/x/status', 'fieldManager=tester', 'application/json'],
    ['PATCH', '/api/v1/nodes/n', 'fieldManager=other', 'application/json-patch+json'],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/ns/deployments/x',
      'fieldManager=me&force=true',
      'application/apply-patch+yaml',
    ],
    ['DELETE', '/api/v1/namespaces/ns/pods/x', '', undefined],
    ['DELETE', '/api/v1/namespaces/ns/pods/x', '', 'application/json'],
    ['POST', '/api/v1/namespaces/ns/serviceaccounts/x/token', 'fieldManager=tester', 'application/json'],
    ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aa%20b', '', undefined],
  ])
  expect(sent[7]?.body).toEqual({
    kind: 'object',
    object: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground', dryRun: ['All'] },
  })
  expect(sent[0]?.headers['user-agent']).toBe('tester/1.0')
})

test('names that would lead elsewhere are refused before a request is sent', async () => {
  const { sent, client } = recording()
  const refusals: readonly (readonly [string | undefined, string, string])[] = [
    ['ns', '', 'resource name may not be empty'],
    [undefined, 'x', 'an empty namespace may not be set when a resource name is provided'],
    ['ns', '..', 'may not be'],
    ['ns', 'a/b', "may not contain '/'"],
  ]
  for (const [namespace, name, message] of refusals) {
    const key = namespace === undefined ? { name } : { namespace, name }
    await expect(client.delete(pods, key)).rejects.toThrow(message)
  }
  await expect(client.create(configmaps, { metadata: { name: 'x' } })).rejects.toThrow('during creation')
  expect(sent).toEqual([])
})

test('an answer without a Status becomes the error that its code means', async () => {
  const texts: readonly (readonly [number, string, string])[] = [
    [404, 'NotFound', 'the server could not find the requested resource (get pods x)'],
    [403, 'Forbidden', 'go away (get pods x)'],
    [503, 'ServiceUnavailable', 'the server is currently unable to handle the request (get pods x)'],
    [502, 'InternalError', 'an error on the server ("go away") has prevented the request from succeeding (get pods x)'],
  ]
  for (const [code, reason, message] of texts) {
    const bytes = new TextEncoder().encode('go away\n')
    const { client } = recording(() => ({ kind: 'bytes', code, contentType: 'text/plain', bytes }))
    const error = await client.get(pods, { namespace: 'ns', name: 'x' }).catch((thrown: unknown) => thrown)
    expect([reasonOf(error), String(error)]).toEqual([reason, `StatusError: ${message}`])
    expect(statusOf(error)?.details?.causes).toEqual([{ reason: 'UnexpectedServerResponse', message: 'go away' }])
  }
})

test('JSON that comes as bytes is read, a Status in it thrown', async () => {
  const answer = (code: number, text: string, contentType = 'application/json'): ApiResponse => ({
    kind: 'bytes',
    code,
    contentType,
    bytes: new TextEncoder().encode(text),
  })
  const get = (response: ApiResponse): Promise<unknown> =>
    recording(() => response)
      .client.get(pods, { namespace: 'ns', name: 'x' })
      .catch((error: unknown) => `${reasonOf(error)}: ${statusOf(error)?.message}`)
  expect(await get(answer(200, '{"metadata":{}}'))).toEqual({ metadata: {} })
  const status = '{"kind":"Status","status":"Failure","reason":"Gone","message":"gone"}'
  expect(await get(answer(410, status))).toBe('Gone: gone')
  expect(await get(answer(200, '{"metadata'))).toBe(
    'InternalError: an error on the server ("unknown") has prevented the request from succeeding (get pods x)',
  )
  expect(await get(answer(415, 'no such type', 'text/plain'))).toBe('UnsupportedMediaType: no such type (get pods x)')
  expect(await get(answer(415, 'no such type', ''))).toBe('UnsupportedMediaType: no such type (get pods x)')
})

test('a refusal without a Status tells when to come back', async () => {
  const { client } = recording(() => object(503, {}, { 'retry-after': '7' }))
  const error = await client.get(pods, { namespace: 'ns', name: 'x' }).catch((thrown: unknown) => thrown)
  expect(statusOf(error)?.details?.retryAfterSeconds).toBe(7)
})

test('deletions say no more than they were told', async () => {
  const { sent, client } = recording()
  const preconditions = { uid: 'u' }
  await client.delete(pods, { namespace: 'ns', name: 'x' }, { gracePeriodSeconds: 0, preconditions })
  await client.deleteCollection(pods, { namespace: 'ns' }, { labelSelector: 'a=b', orphanDependents: true })
  expect(sent.map(({ path, query, body }) => [path, query, body])).toEqual([
    [
      '/api/v1/namespaces/ns/pods/x',
      '',
      { kind: 'object', object: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions } },
    ],
    [
      '/api/v1/namespaces/ns/pods',
      'labelSelector=a%3Db',
      { kind: 'object', object: { kind: 'DeleteOptions', apiVersion: 'v1', orphanDependents: true } },
    ],
  ])
})

test('a Status of success is an answer, not an error', async () => {
  const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }
  const { client } = recording(() => object(200, success))
  expect(await client.delete(pods, { namespace: 'ns', name: 'x' })).toBe(success)
})

test('in process, answers are shared and not copied', async () => {
  const value = Object.freeze({ metadata: { name: 'x' } })
  const { client } = recording(() => object(200, value))
  expect(await client.get(pods, { namespace: 'ns', name: 'x' })).toBe(value)
})

test('warnings of an answer are told', async () => {
  const warning = '299 - "unknown field \\"spec.x\\"", 299 - "deprecated, use v2"'
  const heard: string[] = []
  const client = createClient(async () => object(200, {}, { warning }), {
    userAgent: 'test',
    onWarning: (text) => heard.push(text),
  })
  await client.get(nodes, { name: 'n' })
  expect(heard).toEqual(['unknown field "spec.x"', 'deprecated, use v2'])
})

test('listAll() reads in one piece when its revision expires between pages', async () => {
  const api = new MemoryApi()
  const client = createClient(api.transport, { userAgent: 'test' })
  for (const name of ['a', 'b', 'c']) await client.create(nodes, { metadata: { name }, spec: {}, status: {} })
  api.requests.length = 0
  api.intercept(({ query }) => (query.includes('continue') ? resourceExpired('gone') : undefined))
  const { listAll } = await import('../pager.ts')
  const all = await listAll(client, nodes, {}, { limit: 2 })
  expect(all.items.map((node) => node.metadata.name)).toEqual(['a', 'b', 'c'])
  expect(api.requests.map((request) => request.replace(/continue=.*/, 'continue'))).toEqual([
    'GET /api/v1/nodes?limit=2',
    'GET /api/v1/nodes?limit=2&continue',
    'GET /api/v1/nodes',
  ])
})

test('retryTransport() waits as long as the server asks, and gives up after its retries', async () => {
  const clock = new VirtualClock(0)
  const times: number[] = []
  const transport = retryTransport(
    async () => {
      times.push(clock.now())
      return object(429, { kind: 'Status', status: 'Failure', code: 429 }, { 'retry-after': '2' })
    },
    { clock, retries: 3 },
  )
  const answer = transport({ method: 'POST', path: '/', query: '', headers: {}, signal: new AbortController().signal })
  await clock.advance(10_000)
  expect((await answer).kind).toBe('object')
  expect(times).toEqual([0, 2000, 4000, 6000])
})

test.each([
  [429, '1', 2],
  [503, '1', 2],
  [500, '1', 2],
  [404, '1', 1],
  [503, undefined, 1],
  [503, 'Wed, 21 Oct 2026 07:28:00 GMT', 1],
])('retryTransport() after a %s with Retry-After %s sends the request %s times', async (code, after, expected) => {
  const clock = new VirtualClock(0)
  let sent = 0
  const transport = retryTransport(
    async () => object(++sent > 1 ? 200 : code, {}, after ? { 'retry-after': after } : {}),
    {
      clock,
    },
  )
  const answer = transport({ method: 'PUT', path: '/', query: '', headers: {}, signal: new AbortController().signal })
  await clock.advance(1000)
  await answer
  expect(sent).toBe(expected)
})

test('retryTransport() repeats reads whose connection was lost, and no writes', async () => {
  const clock = new VirtualClock(0)
  const sent: string[] = []
  const transport = retryTransport(
    async ({ method }) => {
      sent.push(method)
      if (sent.length === 1) throw new TransportError('Lost', 'connection reset')
      if (method === 'PUT') throw new TransportError('Lost', 'connection reset')
      return object(200, {})
    },
    { clock },
  )
  const base = { path: '/', query: '', headers: {}, signal: new AbortController().signal }
  const read = transport({ ...base, method: 'GET' })
  await clock.advance(1000)
  expect((await read).kind).toBe('object')
  await expect(transport({ ...base, method: 'PUT' })).rejects.toThrow('connection reset')
  expect(sent).toEqual(['GET', 'GET', 'PUT'])
})

test('a watch from a forgotten revision throws Expired', async () => {
  const api = new MemoryApi()
  const client = createClient(api.transport, { userAgent: 'test' })
  await client.create(nodes, { metadata: { name: 'a' }, spec: {}, status: {} })
  api.expireBefore(2)
  const next = client.watch(nodes, {}, { resourceVersion: '1' })[Symbol.asyncIterator]().next()
  expect(isExpired(await next.catch((error: unknown) => error))).toBe(true)
})
