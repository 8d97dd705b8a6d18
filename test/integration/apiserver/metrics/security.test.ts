import type { ApiRequest } from '#client'
import { expect, test } from 'vitest'
import { startClusterServer } from '../server.ts'
import type { ClusterServer } from '../server.ts'
import { scrape } from './scrape.ts'

const staticTokens = new Map([
  ['admin', { name: 'admin', groups: ['system:masters'] }],
  ['alice', { name: 'alice', groups: [] }],
])

async function codeOf(
  server: ClusterServer,
  token: string,
  headers: ApiRequest['headers'] = {},
  rest: Partial<ApiRequest> = {},
): Promise<number> {
  const response = await server.server.handle({
    method: 'GET',
    path: '/api/v1/nodes',
    query: '',
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: new AbortController().signal,
    ...rest,
  })
  return 'code' in response ? response.code : 101
}

test('tokens are counted by whether they are known from before', async () => {
  await using server = await startClusterServer({}, { staticTokens })
  for (const token of ['admin', 'admin', 'alice', 'admin']) await codeOf(server, token)
  await server.clock.advance(11_000)
  await codeOf(server, 'admin')
  const { value } = await scrape(server)
  const count = (name: string, status: string): number =>
    value(`authentication_token_cache_${name}{status="${status}"}`)
  expect([count('request_total', 'hit'), count('request_total', 'miss')]).toEqual([2, 3])
  expect(count('request_duration_seconds_count', 'miss')).toBe(3)
  expect([count('fetch_total', 'ok'), count('fetch_total', 'error')]).toEqual([3, NaN])
  expect([count('active_fetch_count', 'in_flight'), count('active_fetch_count', 'blocked')]).toEqual([0, 0])
})

test('steps of the way are timed, and who is refused on it is not counted among the answers', async () => {
  await using server = await startClusterServer({}, { staticTokens })
  const before = await scrape(server)
  expect(await codeOf(server, 'admin')).toBe(200)
  expect(await codeOf(server, 'alice')).toBe(403)
  expect(await codeOf(server, 'wrong')).toBe(401)
  const { value, series } = await scrape(server)
  const steps = ['authentication', 'audit', 'constrainedimpersonation', 'priorityandfairness', 'authorization']
  const passed = (filter: string): number => {
    const name = `apiserver_request_filter_duration_seconds_count{filter="${filter}"}`
    return value(name) - before.value(name)
  }
  // The last request asks for the page itself, in the process.
  expect(steps.map(passed)).toEqual([3, 3, 3, 3, 3])
  const nodes = series('apiserver_request_total').filter((one) => one.includes('resource="nodes"'))
  expect(nodes).toHaveLength(1)
  expect(nodes[0]).toContain('code="200"')
})

test('acting as somebody else is counted by the mode that allows it', async () => {
  await using server = await startClusterServer({}, { staticTokens })
  expect(await codeOf(server, 'admin', { 'impersonate-user': 'bob' })).toBe(403)
  expect(await codeOf(server, 'admin', { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' })).toBe(200)
  expect(await codeOf(server, 'alice', { 'impersonate-user': 'bob' })).toBe(403)
  const { value } = await scrape(server)
  const attempts = (decision: string, mode: string, kind = ''): number =>
    value(`apiserver_impersonation_${kind}attempts_total{decision="${decision}",mode="${mode}"}`)
  expect([attempts('allowed', 'user-info'), attempts('allowed', 'legacy'), attempts('denied', '')]).toEqual([1, 1, 1])
  expect(attempts('denied', 'user-info', 'authorization_')).toBe(1)
  expect(attempts('allowed', 'legacy', 'authorization_')).toBe(2)
})

test('bodies are measured by who writes what', async () => {
  await using server = await startClusterServer()
  const configMaps = '/api/v1/namespaces/default/configmaps'
  await server.request('POST', configMaps, { metadata: { name: 'a' }, data: { x: 'y'.repeat(60_000) } })
  await server.request('PATCH', `${configMaps}/a`, { data: {} }, { 'content-type': 'application/merge-patch+json' })
  await server.request('DELETE', `${configMaps}/a`)
  const { value } = await scrape(server)
  const of = (verb: string, le: string): number =>
    value(`apiserver_request_body_size_bytes_bucket{group="",resource="configmaps",verb="${verb}",le="${le}"}`)
  expect([of('create', '50000'), of('create', '150000')]).toEqual([0, 1])
  expect([of('patch', '50000'), of('delete', '50000'), of('patch', '3.05e+06')]).toEqual([1, 1, 1])
})
