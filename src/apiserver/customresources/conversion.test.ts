import { expect, test } from 'vitest'
import type { Transport } from '#client'
import type { KubeObject } from '#machinery'
import { startCustomServer } from './testing.ts'
import type { Body, CustomServer } from './testing.ts'

interface Converted {
  readonly apiVersion: string
  readonly spec?: { readonly size?: string; readonly width?: string; readonly height?: string }
}

/** Between `size: 2x3` of v1 and `width`, `height` of v2. */
function convertWidget(object: Converted, apiVersion: string): object {
  if (object.apiVersion === apiVersion) return object
  const { size = 'x', width = '', height = '' } = object.spec ?? {}
  const [before = '', after = ''] = size.split('x')
  const spec = apiVersion.endsWith('/v2') ? { width: before, height: after } : { size: `${width}x${height}` }
  return { ...object, apiVersion, spec }
}

test('objects are converted by the webhook of their definition, whichever way they go', async () => {
  let fails = ''
  const transport: Transport = async ({ body }) => {
    const { request } = (
      body as { object: { request: { uid: string; desiredAPIVersion: string; objects: Converted[] } } }
    ).object
    const { uid, desiredAPIVersion, objects } = request
    const result = fails === '' ? { status: 'Success' } : { status: 'Failure', message: fails }
    const convertedObjects = objects.map((object) => convertWidget(object, desiredAPIVersion))
    const object = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'ConversionReview',
      response: { uid, result, convertedObjects },
    }
    return { kind: 'object', code: 200, object, encode: () => ({ contentType: '', bytes: new Uint8Array() }) }
  }
  await using server = await startCustomServer({ webhooks: () => transport })
  const { request } = server
  const fields = (names: readonly string[]): object => ({
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) },
      },
    },
  })
  await server.define({
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      { name: 'v1', served: true, storage: true, schema: fields(['size']) as never },
      {
        name: 'v2',
        served: true,
        storage: false,
        schema: fields(['width', 'height']) as never,
        selectableFields: [{ jsonPath: '.spec.width' }],
      },
    ],
    conversion: {
      strategy: 'Webhook',
      webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://convert.example.com/' } },
    },
  })
  const [v1, v2] = ['/apis/example.com/v1/widgets', '/apis/example.com/v2/widgets']
  const kind = 'Widget'
  const created = await request('POST', v2, {
    kind,
    apiVersion: 'example.com/v2',
    metadata: { name: 'a' },
    spec: { width: '2', height: '3' },
  })
  expect([created.code, created.body['spec']]).toEqual([201, { width: '2', height: '3' }])
  expect((await request('GET', `${v1}/a`)).body['spec']).toEqual({ size: '2x3' })
  const patched = await request('PATCH', `${v2}/a`, { spec: { width: '5' } }, 'application/merge-patch+json')
  expect(patched.body).toMatchObject({ apiVersion: 'example.com/v2', spec: { width: '5', height: '3' } })
  const listed = (await request('GET', v2)).body['items'] as unknown as readonly Converted[]
  expect(listed.map(({ apiVersion, spec }) => [apiVersion, spec])).toEqual([
    ['example.com/v2', { width: '5', height: '3' }],
  ])
  const watch = await server.server.handle({
    method: 'GET',
    path: v2,
    query: 'watch=true',
    headers: {},
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  const events: unknown[] = []
  if (watch.kind !== 'watch') throw new Error('a watch was expected')
  const stop = watch.start({
    event: ({ type, object }) => events.push([type, (object as unknown as Converted).spec]),
    end: () => events.push('end'),
  })
  await request('PATCH', `${v1}/a`, { spec: { size: '7x8' } }, 'application/merge-patch+json')
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  stop()
  expect(events).toEqual([
    ['ADDED', { width: '5', height: '3' }],
    ['MODIFIED', { width: '7', height: '8' }],
  ])
  await checkSelection(server, v1, v2)
  const deleted = await request('DELETE', `${v2}/a`)
  expect(deleted.code).toBe(200)

  fails = 'no idea'
  const refused = await request('POST', v2, { kind, apiVersion: 'example.com/v2', metadata: { name: 'b' }, spec: {} })
  expect(refused.code).toBe(500)
  expect(refused.body['message']).toContain('conversion webhook for example.com/v2, Kind=Widget failed: no idea')
})

/** Fields of a version select by what conversion makes of objects. `a` is there, of width 7. */
async function checkSelection(server: CustomServer, v1: string, v2: string): Promise<void> {
  const { request } = server
  const query = 'fieldSelector=spec.width%3D9'
  const watch = await server.server.handle({
    method: 'GET',
    path: v2,
    query: `watch=true&${query}`,
    headers: {},
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  const events: unknown[] = []
  if (watch.kind !== 'watch') throw new Error('a watch was expected')
  const stop = watch.start({
    event: ({ type, object }) => events.push([type, object.metadata.name]),
    end: () => events.push('end'),
  })
  const make = async (name: string, size: string): Promise<void> => {
    const body = { kind: 'Widget', apiVersion: 'example.com/v1', metadata: { name }, spec: { size } }
    expect((await request('POST', v1, body)).code).toBe(201)
  }
  const resize = async (name: string, size: string): Promise<void> => {
    await request('PATCH', `${v1}/${name}`, { spec: { size } }, 'application/merge-patch+json')
    for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  }
  const names = async (): Promise<unknown[]> =>
    ((await request('GET', `${v2}?${query}`)).body['items'] as unknown as readonly Body[]).map(
      ({ metadata }) => metadata?.['name'],
    )
  await make('b', '9x1')
  await make('c', '1x9')
  expect(await names()).toEqual(['b'])
  await resize('c', '9x9')
  // `a` is not meant: a page goes on until it is full, and then says that there is more.
  const page = (await request('GET', `${v2}?${query}&limit=1`)).body as unknown as {
    readonly items: readonly Body[]
    readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number }
  }
  expect(page.items.map(({ metadata }) => metadata?.['name'])).toEqual(['b'])
  expect([page.metadata.continue !== undefined, page.metadata.remainingItemCount]).toEqual([true, undefined])
  await resize('c', '9x8')
  await resize('b', '8x1')
  expect(await names()).toEqual(['c'])
  expect(events).toEqual([
    ['ADDED', 'b'],
    ['ADDED', 'c'],
    ['MODIFIED', 'c'],
    ['DELETED', 'b'],
  ])
  stop()
  expect((await request('DELETE', `${v2}?${query}`)).code).toBe(200)
  const left = (await request('GET', v1)).body['items'] as unknown as readonly Body[]
  expect(left.map(({ metadata }) => metadata?.['name'])).toEqual(['a', 'b'])
}

test('many objects are converted so many at a time, for lists and for watches, and none of them twice or out of order', async () => {
  const sizes: number[] = []
  const transport: Transport = async ({ body }) => {
    const { request } = (
      body as { object: { request: { uid: string; desiredAPIVersion: string; objects: Converted[] } } }
    ).object
    const { uid, desiredAPIVersion, objects } = request
    sizes.push(objects.length)
    const convertedObjects = objects.map((object) => ({ ...object, apiVersion: desiredAPIVersion }))
    const response = { uid, result: { status: 'Success' }, convertedObjects }
    const object = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview', response }
    return { kind: 'object', code: 200, object, encode: () => ({ contentType: '', bytes: new Uint8Array() }) }
  }
  await using server = await startCustomServer({ webhooks: () => transport })
  const { request } = server
  const schema = { openAPIV3Schema: { type: 'object' } }
  await server.define({
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      { name: 'v1', served: true, storage: true, schema },
      { name: 'v2', served: true, storage: false, schema },
    ],
    conversion: {
      strategy: 'Webhook',
      webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://convert.example.com/' } },
    },
  })
  const count = 300
  const names = Array.from({ length: count }, (_, index) => `w-${String(index).padStart(3, '0')}`)
  for (const name of names) {
    const body = { kind: 'Widget', apiVersion: 'example.com/v1', metadata: { name } }
    await request('POST', '/apis/example.com/v1/widgets', body)
  }
  const path = '/apis/example.com/v2/widgets'
  const seen: unknown[] = []
  const watch = await server.server.handle({
    method: 'GET',
    path,
    query: 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
    headers: {},
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  if (watch.kind !== 'watch') throw new Error('a watch was expected')
  const stop = watch.start({
    event: ({ type, object }) => seen.push(type === 'BOOKMARK' ? type : `${object.apiVersion} ${object.metadata.name}`),
    end: () => undefined,
  })
  for (let turn = 0; turn < 20; turn++) await server.clock.advance(1)
  stop()
  const wanted = names.map((name) => `example.com/v2 ${name}`)
  expect(seen).toEqual([...wanted, 'BOOKMARK'])
  const groups = [128, 128, 44]
  expect(sizes).toEqual(groups)

  // What was converted is known for as long as the object is.
  const stored = (await request('GET', path)).body['items'] as unknown as readonly Converted[]
  expect(stored.map((object) => `${object.apiVersion} ${(object as unknown as KubeObject).metadata.name}`)).toEqual(
    wanted,
  )
  expect(sizes).toEqual(groups)
})
