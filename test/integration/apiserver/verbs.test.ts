import { expect, test } from 'vitest'
import { configmaps } from '#api/core/v1'
import type { WatchEvent } from '#client'
import { isConflict, isExpired } from '#machinery'
import type { KubeObject } from '#machinery'
import type { ConfigMapList } from '#api/core/v1'
import { startTestServer } from './server.ts'
import type { Answer } from './server.ts'

const url = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string, data: object = {}): object => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name },
  data,
})
const merge = { 'content-type': 'application/merge-patch+json' }

test('a created object comes back with what the server owns, and GET has the same bytes', async () => {
  await using server = await startTestServer()
  const created = await server.request('POST', url, configMap('a', { x: 'y' }))
  expect(created.code).toBe(201)
  expect(created.body).toEqual({
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: {
      name: 'a',
      namespace: 'default',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: '3',
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [
        {
          manager: 'test',
          operation: 'Update',
          apiVersion: 'v1',
          time: '2026-01-01T00:00:00Z',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { '.': {}, 'f:x': {} } },
        },
      ],
    },
    data: { x: 'y' },
  })
  expect((await server.request('GET', `${url}/a`)).body).toEqual(created.body)
})

test('a name is taken only once, and a generated one is found', async () => {
  await using server = await startTestServer()
  await server.request('POST', url, configMap('a'))
  expect((await server.request('POST', url, configMap('a'))).body).toMatchObject({
    code: 409,
    reason: 'AlreadyExists',
    message: 'configmaps "a" already exists',
  })
  const { body } = await server.request('POST', url, { metadata: { generateName: 'g-' } })
  expect((body as KubeObject).metadata.name).toMatch(/^g-[a-z0-9]{5}$/)
})

test('an update of an old revision conflicts, and one that changes nothing keeps the revision', async () => {
  await using server = await startTestServer()
  const first = await server.client.create(configmaps, {
    metadata: { name: 'a', namespace: 'default' },
    data: { n: '1' },
  })
  const second = await server.client.update(configmaps, { ...first, data: { n: '2' } })
  await expect(server.client.update(configmaps, { ...first, data: { n: '3' } })).rejects.toSatisfy(isConflict)
  const same = await server.client.update(configmaps, second)
  expect(same.metadata.resourceVersion).toBe(second.metadata.resourceVersion)
})

test('writers that meet at one object all get their patch in', async () => {
  await using server = await startTestServer()
  await server.request('POST', url, configMap('a'))
  const patches = Array.from({ length: 20 }, (_, index) =>
    server.request('PATCH', `${url}/a`, { data: { [`k${index}`]: 'v' } }, merge),
  )
  expect((await Promise.all(patches)).map(({ code }) => code)).toEqual(Array(20).fill(200))
  const { body } = await server.request('GET', `${url}/a`)
  expect(Object.keys((body as { data: object }).data)).toHaveLength(20)
})

test('a dry run answers like the write and leaves no trace', async () => {
  await using server = await startTestServer()
  const { code } = await server.request('POST', `${url}?dryRun=All`, configMap('a'))
  expect(code).toBe(201)
  expect((await server.request('GET', `${url}/a`)).code).toBe(404)
})

test('an object with finalizers is marked, and goes with the last of them', async () => {
  await using server = await startTestServer()
  await server.request('POST', url, { metadata: { name: 'a', finalizers: ['example.com/x'] } })
  const deleted = await server.request('DELETE', `${url}/a`)
  expect(deleted.body).toMatchObject({
    kind: 'ConfigMap',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 },
  })
  expect((await server.request('DELETE', `${url}/a`)).body).toEqual(deleted.body)
  const gone = await server.request('PATCH', `${url}/a`, { metadata: { finalizers: null } }, merge)
  expect(gone.code).toBe(200)
  expect((await server.request('GET', `${url}/a`)).code).toBe(404)
})

test('pages go on where the last one ended, at its revision', async () => {
  await using server = await startTestServer()
  for (const name of ['a', 'b', 'c']) await server.request('POST', url, configMap(name))
  const first = await server.client.list(configmaps, { namespace: 'default' }, { limit: 2 })
  expect(first.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
  expect(first.metadata).toMatchObject({ remainingItemCount: 1 })
  await server.request('POST', url, configMap('bb'))
  const rest = await server.client.list(
    configmaps,
    { namespace: 'default' },
    { limit: 2, continue: first.metadata.continue ?? '' },
  )
  expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(['c'])
  expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
})

test('a watch sees what matches its selector come, change and leave', async () => {
  await using server = await startTestServer()
  const labelled = (name: string, app: string): object => ({ metadata: { name, labels: { app } } })
  await server.request('POST', url, labelled('old', 'x'))
  const seen: string[] = []
  const stop = new AbortController()
  const watching = (async () => {
    const events = server.client.watch(
      configmaps,
      { namespace: 'default' },
      { labelSelector: 'app=x', signal: stop.signal },
    )
    for await (const event of events as AsyncIterable<WatchEvent<KubeObject>>) {
      seen.push(`${event.type} ${event.object.metadata.name}`)
      if (seen.length === 4) return
    }
  })()
  await server.clock.advance(0)
  await server.request('POST', url, labelled('new', 'x'))
  await server.request('POST', url, labelled('other', 'y'))
  await server.request('PATCH', `${url}/new`, { metadata: { annotations: { a: 'b' } } }, merge)
  await server.request('PATCH', `${url}/new`, { metadata: { labels: { app: 'y' } } }, merge)
  await watching
  stop.abort()
  expect(seen).toEqual(['ADDED old', 'ADDED new', 'MODIFIED new', 'DELETED new'])
})

test('a watch from a revision that was compacted says so', async () => {
  await using server = await startTestServer()
  for (const name of ['a', 'b', 'c']) await server.request('POST', url, configMap(name))
  const { store } = server.server.services.registryOf(backing(server)).objects
  await store.compact(store.snapshot().revision)
  const events = server.client.watch(configmaps, { namespace: 'default' }, { resourceVersion: '1' })
  await expect(events[Symbol.asyncIterator]().next()).rejects.toSatisfy(isExpired)
})

function backing(
  server: Awaited<ReturnType<typeof startTestServer>>,
): Parameters<typeof server.server.services.registryOf>[0] {
  const found = server.server.services.resources.find('', 'configmaps')?.backing
  if (found?.kind !== 'stored') throw new Error('configmaps are not stored')
  return found.resource
}

test('server-side apply owns its fields, conflicts with other owners and takes over by force', async () => {
  await using server = await startTestServer()
  const apply = (manager: string, data: object, force = false): ReturnType<typeof server.request> =>
    server.request('PATCH', `${url}/a?fieldManager=${manager}&force=${force}`, configMap('a', data), {
      'content-type': 'application/apply-patch+yaml',
    })
  expect((await apply('one', { x: '1' })).code).toBe(201)
  const conflict = await apply('two', { x: '2' })
  expect(conflict.body).toMatchObject({
    code: 409,
    reason: 'Conflict',
    details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' }] },
  })
  expect((await apply('two', { x: '2' }, true)).body).toMatchObject({ data: { x: '2' } })
})

test('an unknown field is warned of, refused or passed over, as fieldValidation says', async () => {
  await using server = await startTestServer()
  const body = { ...configMap('a'), extra: 1 }
  const strict = await server.request('POST', `${url}?fieldValidation=Strict`, body)
  expect(strict.body).toMatchObject({
    code: 400,
    message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "extra"',
  })
  const warned = await server.request('POST', url, body)
  expect(warned.headers['warning']).toBe('299 - "unknown field \\"extra\\""')
  expect(
    (await server.request('POST', `${url}?fieldValidation=Ignore`, configMap('b'))).headers['warning'],
  ).toBeUndefined()
})

test.each(['', '?noHeaders=true'])(
  'a Table has the columns and a row per object, whatever is asked: %j',
  async (query) => {
    await using server = await startTestServer()
    await server.request('POST', url, configMap('a'))
    const { body } = await server.request('GET', url + query, undefined, {
      accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
    })
    expect(body).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
      rows: [{ cells: ['a', 0, '0s'], object: { kind: 'PartialObjectMetadata' } }],
    })
  },
)

test('a page from more than five minutes ago can be gone on from only with what there is now', async () => {
  await using server = await startTestServer()
  for (const name of ['a', 'b', 'c']) await server.request('POST', url, configMap(name))
  const page = async (more: string): Promise<Answer> => server.request('GET', `${url}?limit=1${more}`)
  const token = (body: unknown): string => (body as ConfigMapList).metadata.continue ?? ''
  const first = await page('')
  await server.clock.advance(200_000)
  await server.request('POST', url, configMap('aa'))
  const second = await page(`&continue=${token(first.body)}`)
  expect(second.body).toMatchObject({ items: [{ metadata: { name: 'b' } }] })
  await server.clock.advance(310_000)
  const late = await page(`&continue=${token(first.body)}`)
  expect(late).toMatchObject({ code: 410, body: { reason: 'Expired' } })
  const rest = await page(`&continue=${token(late.body)}`)
  expect(rest).toMatchObject({ code: 200, body: { items: [{ metadata: { name: 'aa' } }] } })
  expect(rest.body).not.toMatchObject({
    metadata: { resourceVersion: (first.body as ConfigMapList).metadata.resourceVersion },
  })
})
