import { describe, expect, test } from 'vitest'
import { events } from '#api/core/v1'
import { readRuntimeConfig } from '#apiserver'
import { startClusterServer } from './server.ts'

const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } }

describe('--runtime-config', () => {
  test('versions that are turned off are not found and not told of', async () => {
    const served = readRuntimeConfig({
      'autoscaling/v1': 'false',
      'apps/v1/daemonsets': 'false',
    })
    await using server = await startClusterServer({}, { served })
    const code = async (path: string): Promise<number> => (await server.request('GET', path)).code
    expect(await code('/apis/autoscaling/v1')).toBe(404)
    expect(await code('/apis/autoscaling/v2')).toBe(200)
    expect(await code('/apis/apps/v1/daemonsets')).toBe(404)
    expect(await code('/apis/apps/v1/deployments')).toBe(200)
    const { body } = await server.request('GET', '/apis')
    const versions = (body as { groups: { versions: { groupVersion: string }[] }[] }).groups.flatMap((group) =>
      group.versions.map(({ groupVersion }) => groupVersion),
    )
    expect(versions).not.toContain('autoscaling/v1')
    expect(versions).toContain('autoscaling/v2')
  })

  test('what is more special goes before what is more general', () => {
    const served = readRuntimeConfig({
      'api/ga': 'true',
      'autoscaling/v1': 'false',
      'autoscaling/v1/horizontalpodautoscalers': '',
    })
    expect(served('apps', 'v1', 'scarce', false)).toBe(true)
    expect(served('apps', 'v1beta1', 'scarce', false)).toBe(false)
    expect(served('autoscaling', 'v1', 'other', true)).toBe(false)
    expect(served('autoscaling', 'v1', 'horizontalpodautoscalers', false)).toBe(true)
    expect(served('', 'v1', 'pods', true)).toBe(true)
  })

  test.each([
    [{ 'no.such/v1': 'true' }, 'unknown api groups no.such/v1'],
    [{ 'apps/v1/podz': 'true' }, 'apps/v1 has no resource podz'],
    [{ 'apps/v1': 'perhaps' }, 'invalid value apps/v1=perhaps'],
    [{ v1: 'false' }, /^v1\/\w+ can't be turned off: the server itself works with it$/],
    [{ 'api/all': 'false' }, /can't be turned off/],
  ])('%j is refused', (config, message) => {
    expect(() => readRuntimeConfig(config as { [key: string]: string })).toThrow(message)
  })
})

test('pods stay on nodes in trouble for as long as the server says', async () => {
  await using server = await startClusterServer(
    {},
    { settings: { tolerationSeconds: { notReady: 7, unreachable: 9 } } },
  )
  await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  const { code, body } = await server.request('POST', '/api/v1/namespaces/default/pods', pod)
  expect({ code, body }).toMatchObject({ code: 201 })
  expect((body as { spec: { tolerations: object[] } }).spec.tolerations).toMatchObject([
    { key: 'node.kubernetes.io/not-ready', tolerationSeconds: 7 },
    { key: 'node.kubernetes.io/unreachable', tolerationSeconds: 9 },
  ])
})

test('without priority and fairness, requests beyond the limit are refused at once', async () => {
  await using server = await startClusterServer({}, { inFlight: { reading: 1, writing: 0, fair: false } })
  const user = { name: 'system:kube-scheduler', groups: ['system:authenticated'] }
  const request = {
    method: 'GET',
    path: '/api/v1/pods',
    query: '',
    headers: {},
    user,
    signal: new AbortController().signal,
  }
  const codes = await Promise.all([server.server.handle(request), server.server.handle(request)])
  expect(codes.map((response) => ('code' in response ? response.code : 0))).toEqual(expect.arrayContaining([200, 429]))
})

test.each([
  ['an hour', undefined],
  ['the time that is set', 5 * 60_000],
])('events go %s after they were last written', async (_time, eventMs) => {
  await using server = await startClusterServer({}, eventMs === undefined ? {} : { settings: { eventMs } })
  const { client, clock } = server
  const lives = eventMs ?? 3_600_000
  const key = { namespace: 'default', name: 'e' }
  const made = await client.create(events, {
    metadata: key,
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
    reason: 'Tested',
    message: 'once',
  })
  await clock.advance(lives * 0.7)
  await client.update(events, { ...made, message: 'twice' })
  await clock.advance(lives * 0.9)
  expect((await client.get(events, key)).message).toBe('twice')
  await clock.advance(lives * 0.2)
  await expect(client.get(events, key)).rejects.toThrow('events "e" not found')
})
