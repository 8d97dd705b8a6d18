import type { Json } from '#api'
import { VirtualClock } from '#base'
import type { CancelTimer } from '#base'
import { expect, test } from 'vitest'
import { startCustomServer } from './testing.ts'
import type { Body, CustomServer } from './testing.ts'

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const widgets = '/apis/example.com/v1/namespaces/default/widgets'

const schema: Json = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 10 },
        mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast' },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: { size: { type: 'integer' } } },
  },
}

const names = { plural: 'widgets', kind: 'Widget', shortNames: ['wg'], categories: ['all'] }
const version = {
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
  additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
  selectableFields: [{ jsonPath: '.spec.mode' }],
}
const spec = { group: 'example.com', scope: 'Namespaced', names, versions: [version] }

async function withWidgets(): Promise<CustomServer> {
  const server = await startCustomServer()
  await server.server.initialize()
  await server.define(spec)
  return server
}

const widget = (name: string, fields: Json): Json => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec: fields,
})

test('a definition is established, discovered and described at once', async () => {
  await using server = await withWidgets()
  const crd = (await server.request('GET', `${crds}/widgets.example.com`)).body
  expect(crd['status']).toMatchObject({
    acceptedNames: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
      shortNames: ['wg'],
    },
    storedVersions: ['v1'],
    conditions: [
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
      {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ],
  })
  const { body } = await server.request('GET', '/apis/example.com/v1')
  const resources = body['resources'] as unknown as readonly { readonly name: string; readonly shortNames?: string[] }[]
  expect(resources.map(({ name }) => name)).toEqual(['widgets', 'widgets/status', 'widgets/scale'])
  expect(resources[0]?.shortNames).toEqual(['wg'])
  const openApi = (await server.request('GET', '/openapi/v3/apis/example.com/v1')).body
  const described = openApi['components']?.['schemas']?.['com.example.v1.Widget']
  expect(described?.['properties']?.['spec']?.['properties']?.['size']).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 10,
  })
  expect(described?.['x-kubernetes-group-version-kind']).toEqual([
    { group: 'example.com', kind: 'Widget', version: 'v1' },
  ])
})

test('a definition whose conversion has certificates that nobody can read is not established until it has others', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const conversion = (caBundle: string): Json => ({
    strategy: 'Webhook',
    webhook: { clientConfig: { url: 'https://a.b', caBundle }, conversionReviewVersions: ['v1'] },
  })
  const object = { metadata: { name: 'widgets.example.com' }, spec: { ...spec, conversion: conversion('AAAA') } }
  expect((await server.request('POST', crds, object)).code).toBe(201)
  const established = async (): Promise<unknown> => {
    for (let turn = 0; turn < 20; turn++) await server.request('GET', crds)
    const { body } = await server.request('GET', `${crds}/widgets.example.com`)
    const conditions = body['status']?.['conditions'] as unknown as readonly { readonly type: string }[]
    return conditions.find(({ type }) => type === 'Established')
  }
  expect(await established()).toMatchObject({
    status: 'False',
    reason: 'InvalidCABundle',
    message: 'The conversion webhook CABundle is invalid',
  })
  expect((await server.request('GET', widgets)).code).toBe(404)
  const type = 'application/merge-patch+json'
  await server.request('PATCH', `${crds}/widgets.example.com`, { spec: { conversion: conversion('') } }, type)
  expect(await established()).toMatchObject({ status: 'True', reason: 'InitialNamesAccepted' })
})

test('objects are pruned, defaulted and counted by generation', async () => {
  await using server = await withWidgets()
  const sent = widget('a', { size: 3, other: 1, free: { x: { y: 1 } } })
  const metadata = { name: 'a', more: 1 }
  const created = await server.request('POST', widgets, {
    ...(sent as object),
    metadata,
    extra: true,
    status: { size: 9 },
  })
  expect(created.code).toBe(201)
  const unknown = ['metadata.more', 'extra', 'spec.other'].map((at) => `299 - "unknown field \\"${at}\\""`)
  expect(created.headers['warning']).toBe(unknown.join(', '))
  expect(created.body['spec']).toEqual({ size: 3, mode: 'fast', free: { x: { y: 1 } } })
  expect(created.body['metadata']?.['generation']).toBe(1)
  expect(created.body).not.toHaveProperty('status')
  expect(created.body).not.toHaveProperty('extra')
  const patch = async (body: Json, subresource = ''): Promise<unknown> => {
    const url = `${widgets}/a${subresource}`
    const { body: patched } = await server.request('PATCH', url, body, 'application/merge-patch+json')
    return [patched['metadata']?.['generation'], patched['spec']?.['size'], patched['status']]
  }
  expect(await patch({ metadata: { labels: { a: 'b' } } })).toEqual([1, 3, undefined])
  expect(await patch({ spec: { size: 4 } })).toEqual([2, 4, undefined])
  expect(await patch({ spec: { size: 5 }, status: { size: 2 } }, '/status')).toEqual([2, 4, { size: 2 }])
})

test('objects that break the schema are refused with what is wrong', async () => {
  await using server = await withWidgets()
  const messages = async (fields: Json): Promise<unknown> => {
    const { code, body } = await server.request('POST', widgets, widget('a', fields))
    const causes = body['details']?.['causes'] as unknown as readonly {
      readonly field: string
      readonly message: string
    }[]
    return [code, ...causes.map(({ field, message }) => `${field}: ${message}`)]
  }
  expect(await messages({ size: 11 })).toEqual([
    422,
    'spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10',
  ])
  expect(await messages({ size: 'x' })).toEqual([
    422,
    'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    '.spec.size: Invalid value: 0: .spec.size accessor error: x is of the type string, expected int64',
  ])
  expect(await messages({ mode: 'x' })).toEqual([
    422,
    'spec.mode: Unsupported value: "x": supported values: "fast", "slow"',
    'spec.size: Required value',
  ])
  expect(await messages({ size: 1, tags: ['a', 'b', 'a'] })).toEqual([422, 'spec.tags[2]: Duplicate value: "a"'])
})

test('what was broken before may stay so while it does not change', async () => {
  await using server = await withWidgets()
  await server.request('POST', widgets, widget('a', { size: 3 }))
  const tightened: unknown = JSON.parse(JSON.stringify(spec).replace('"minimum":1', '"minimum":5'))
  const definition = (await server.request('GET', `${crds}/widgets.example.com`)).body
  expect((await server.request('PUT', `${crds}/widgets.example.com`, { ...definition, spec: tightened })).code).toBe(
    200,
  )
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  const merge = async (body: Json): Promise<number> =>
    (await server.request('PATCH', `${widgets}/a`, body, 'application/merge-patch+json')).code
  expect(await merge({ spec: { mode: 'slow' } })).toBe(200)
  expect(await merge({ spec: { size: 4 } })).toBe(422)
})

test('objects scale, print and are selected as their definition says', async () => {
  await using server = await withWidgets()
  await server.request('POST', widgets, widget('a', { size: 3 }))
  await server.request('POST', widgets, widget('b', { size: 4, mode: 'slow' }))
  const scale = await server.request(
    'PATCH',
    `${widgets}/a/scale`,
    { spec: { replicas: 7 } },
    'application/merge-patch+json',
  )
  expect([scale.code, scale.body['kind'], scale.body['spec']]).toEqual([200, 'Scale', { replicas: 7 }])
  const { body } = await server.request('GET', `${widgets}?fieldSelector=spec.mode%3Dslow`)
  const items = body['items'] as unknown as readonly { readonly kind: string; readonly spec: unknown }[]
  expect(items).toMatchObject([{ kind: 'Widget', spec: { size: 4, mode: 'slow' } }])
})

test('several versions are one object under two names', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const old = { ...version, name: 'v1beta1', storage: false, deprecated: true }
  await server.define({ ...spec, versions: [version, old] })
  await server.request('POST', widgets, widget('a', { size: 3 }))
  const beta = await server.request('GET', `${widgets.replace('/v1/', '/v1beta1/')}/a`)
  expect([beta.body['apiVersion'], beta.body['spec']]).toEqual(['example.com/v1beta1', { size: 3, mode: 'fast' }])
  expect(beta.headers['warning']).toContain('example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget')
})

test('what a version does not know is lost on the way to it, and only the stored one gives defaults to what is read', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const fieldsOf = (fields: { readonly [name: string]: Json }): Json => ({
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { size: { type: 'integer' }, ...fields } },
      },
    },
  })
  const stored = {
    name: 'v1',
    served: true,
    storage: true,
    schema: fieldsOf({ old: { type: 'string', default: 'o' } }),
  }
  const other = {
    name: 'v2',
    served: true,
    storage: false,
    schema: fieldsOf({ mode: { type: 'string', default: 'm' } }),
  }
  await server.define({ group: 'example.com', scope: 'Namespaced', names, versions: [stored, other] })
  const second = widgets.replace('/v1/', '/v2/')
  const specOf = async (method: string, path: string, body?: Json): Promise<unknown> =>
    (await server.request(method, path, body)).body['spec']

  const sent = { ...(widget('a', { size: 1, mode: 'x' }) as object), apiVersion: 'example.com/v2' }
  expect(await specOf('POST', second, sent)).toEqual({ size: 1 })
  expect(await specOf('GET', `${second}/a`)).toEqual({ size: 1 })
  expect(await specOf('GET', `${widgets}/a`)).toEqual({ size: 1, old: 'o' })
  expect(await specOf('POST', widgets, widget('b', { size: 2, mode: 'x', old: 'y' }))).toEqual({ size: 2, old: 'y' })
  expect(await specOf('GET', `${second}/b`)).toEqual({ size: 2 })
  const { body } = await server.request('GET', widgets)
  expect(body['items']).toMatchObject([{ spec: { size: 1, old: 'o' } }, { spec: { size: 2, old: 'y' } }])
  expect((body['items'] as unknown as readonly object[])[0]).not.toHaveProperty('spec.mode')
  const { metadata } = (await server.request('GET', `${second}/a`)).body
  expect(metadata?.['managedFields']).toMatchObject([{ fieldsV1: { 'f:spec': { 'f:size': {}, 'f:mode': {} } } }])
})

test('objects from before their definition changed are listed, read and watched as it has them now, and so are others', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const versionOf = (fields: { readonly [name: string]: Json }): Json => ({
    name: 'v1',
    served: true,
    storage: true,
    schema: {
      openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: fields } } },
    },
  })
  const common = { group: 'example.com', scope: 'Namespaced', names }
  const text = { type: 'string' }
  await server.define({ ...common, versions: [versionOf({ a: text, gone: text })] })
  await server.request('POST', widgets, widget('before', { a: '1', gone: 'g' }))
  await server.request('POST', widgets, widget('complete', { a: '2' }))
  await server.request('POST', widgets, widget('empty', {}))
  const fields = versionOf({ a: { ...text, default: 'd' } })
  const changed = { spec: { ...common, versions: [fields] } }
  await server.request('PATCH', `${crds}/widgets.example.com`, changed, 'application/merge-patch+json')
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  await server.request('POST', widgets, widget('since', {}))

  const wanted: (readonly [name: string, spec: Json])[] = [
    ['before', { a: '1' }],
    ['complete', { a: '2' }],
    ['empty', { a: 'd' }],
    ['since', { a: 'd' }],
  ]
  const listed = (await server.request('GET', widgets)).body['items'] as unknown as readonly Body[]
  expect(listed.map(({ metadata, spec }) => [metadata?.['name'], spec])).toEqual(wanted)
  for (const [index, item] of listed.entries())
    expect((await server.request('GET', `${widgets}/${wanted[index]?.[0]}`)).body).toEqual(item)
  const watch = await server.server.handle({
    method: 'GET',
    path: widgets,
    query: 'watch=true',
    headers: {},
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  if (watch.kind !== 'watch') throw new Error('a watch was expected')
  const seen: unknown[] = []
  const stop = watch.start({
    event: (event) => seen.push((JSON.parse(new TextDecoder().decode(event.encode())) as { object: unknown }).object),
    end: () => undefined,
  })
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  stop()
  expect(seen).toEqual(listed)
})

test('names that another definition of the group has are not accepted until it gives them up', async () => {
  await using server = await withWidgets()
  const second = { ...spec, names: { plural: 'gadgets', kind: 'Widget', listKind: 'Gadgets' } }
  await server.request('POST', crds, { metadata: { name: 'gadgets.example.com' }, spec: second })
  const conditions = async (): Promise<unknown> => {
    for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
    const { body } = await server.request('GET', `${crds}/gadgets.example.com`)
    const all = body['status']?.['conditions'] as unknown as readonly {
      readonly status: string
      readonly reason: string
    }[]
    return all.map(({ status, reason }) => `${status} ${reason}`)
  }
  expect(await conditions()).toEqual(['False KindConflict', 'False NotAccepted'])
  expect((await server.request('GET', '/apis/example.com/v1/gadgets')).code).toBe(404)
  await server.request('DELETE', `${crds}/widgets.example.com`)
  expect(await conditions()).toEqual(['True NoConflicts', 'True InitialNamesAccepted'])
  expect((await server.request('GET', '/apis/example.com/v1/gadgets')).code).toBe(200)
})

test('a definition that goes takes its objects along, and then its paths', async () => {
  await using server = await withWidgets()
  await server.request('POST', widgets, {
    ...(widget('a', { size: 3 }) as object),
    metadata: { name: 'a', finalizers: ['x.io/y'] },
  })
  const going = await server.request('DELETE', `${crds}/widgets.example.com`)
  expect(going.body['metadata']?.['finalizers']).toEqual(['customresourcecleanup.apiextensions.k8s.io'])
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  expect((await server.request('GET', `${widgets}/a`)).body['metadata']).toHaveProperty('deletionTimestamp')
  await server.request('PATCH', `${widgets}/a`, { metadata: { finalizers: null } }, 'application/merge-patch+json')
  await server.clock.advance(2000)
  for (let turn = 0; turn < 5; turn++) await server.clock.advance(1)
  expect((await server.request('GET', `${crds}/widgets.example.com`)).code).toBe(404)
  expect((await server.request('GET', widgets)).code).toBe(404)
})

test('while the objects of a definition that goes are deleted, others get their turn', async () => {
  /** Time passes with every look at the clock. */
  class BusyClock extends VirtualClock {
    #looks = 0
    turns = 0

    override timer(ms: number, callback: () => void): CancelTimer {
      if (ms === 0) this.turns++
      return super.timer(ms, callback)
    }

    override monotonic(): number {
      return super.monotonic() + ++this.#looks
    }
  }
  const clock = new BusyClock()
  await using server = await startCustomServer({}, clock)
  await server.server.initialize()
  await server.define(spec)
  const count = 200
  for (let index = 0; index < count; index++) await server.request('POST', widgets, widget(`w-${index}`, { size: 1 }))
  await server.request('DELETE', `${crds}/widgets.example.com`)
  const before = clock.turns
  while ((await server.request('GET', `${crds}/widgets.example.com`)).code !== 404) await clock.advance(1)
  expect(clock.turns - before).toBeGreaterThan(count / 20)
})

test('server-side apply merges lists by the keys of the schema', async () => {
  await using server = await withWidgets()
  const apply = async (manager: string, tags: readonly string[]): Promise<unknown> => {
    const url = `${widgets}/a?fieldManager=${manager}`
    const body = widget('a', { size: 3, tags })
    return (await server.request('PATCH', url, body, 'application/apply-patch+yaml')).body['spec']?.['tags']
  }
  expect(await apply('one', ['x'])).toEqual(['x'])
  expect(await apply('two', ['y'])).toEqual(['x', 'y'])
  expect(await apply('one', [])).toEqual(['y'])
})

test('a status that nobody has written yet is the default one', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const condition = {
    type: 'object',
    properties: { type: { type: 'string' }, status: { type: 'string', default: 'Unknown' } },
  }
  const conditions = { type: 'array', items: condition }
  const status = { type: 'object', properties: { conditions }, default: { conditions: [{ type: 'Ready' }] } }
  const openAPIV3Schema = { type: 'object', properties: { status } }
  await server.define({
    ...spec,
    versions: [{ ...version, schema: { openAPIV3Schema }, subresources: { status: {} }, selectableFields: [] }],
  })
  const body = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' }, status: { conditions: [] } }
  const waiting = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }
  expect((await server.request('POST', widgets, body)).body).toMatchObject(waiting)
  expect((await server.request('GET', `${widgets}/a`)).body).toMatchObject(waiting)
})

const printed: readonly [type: string, jsonPath: string, cell: unknown][] = [
  ['string', '.spec.free.text', 'x'],
  ['string', '.spec.free.none', '<no value>'],
  ['string', '.spec.free.list', '[1,{"a":"\\u003c","b":1}]'],
  ['string', '.spec.free.large', '1e+20'],
  ['string', '.spec.free.ratio', '1.2345675e+06'],
  ['string', '.spec.free.missing', null],
  ['string', '.spec.free.list[?(@.a=="<")].b', '1'],
  ['string', '.spec.free.list[1:].b', '1'],
  ['integer', '.spec.free.ratio', 1234567],
  ['integer', '.spec.free.large', -(2 ** 63)],
  ['integer', '.spec.free.text', null],
  ['number', '.spec.free.ratio', 1234567.5],
  ['boolean', '.spec.free.yes', true],
  ['boolean', '.spec.free.text', null],
  ['date', '.spec.free.empty', '<unknown>'],
  ['date', '.spec.free.text', '<invalid>'],
  ['date', '.spec.free.ratio', null],
  ['string', '.spec.free[', undefined],
  ['string', '.spec.free.text', undefined],
]

test('columns print what their paths lead to, up to the first path that can not be read', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const additionalPrinterColumns = printed.map(([type, jsonPath], index) => ({ name: `c${index}`, type, jsonPath }))
  await server.define({ ...spec, versions: [{ ...version, additionalPrinterColumns }] })
  const free = {
    text: 'x',
    empty: '',
    none: null,
    list: [1, { b: 1, a: '<' }],
    large: 1e20,
    ratio: 1234567.5,
    yes: true,
  }
  await server.request('POST', widgets, widget('a', { size: 3, free }))
  const response = await server.server.handle({
    method: 'GET',
    path: `${widgets}/a`,
    query: '',
    headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' },
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  if (response.kind !== 'object') throw new Error(response.kind)
  const text = new TextDecoder().decode(response.encode().bytes)
  const { rows } = JSON.parse(text) as { readonly rows: readonly { readonly cells: readonly unknown[] }[] }
  expect(rows[0]?.cells).toEqual(['a', ...printed.flatMap(([, , cell]) => (cell === undefined ? [] : [cell]))])
})

test('the status of an object is patched in whichever version the patch says', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  await server.define({ ...spec, versions: [version, { ...version, name: 'v2', storage: false }] })
  await server.request('POST', widgets, widget('a', { size: 3 }))
  const url = widgets.replace('v1', 'v2')
  const patch = { apiVersion: 'example.com/v1', status: { size: 2 } }
  const patched = await server.request('PATCH', `${url}/a/status`, patch, 'application/merge-patch+json')
  expect(patched).toMatchObject({ code: 200, body: { apiVersion: 'example.com/v2', status: { size: 2 } } })
  const refused = await server.request('PATCH', `${url}/a`, patch, 'application/merge-patch+json')
  expect(refused.code).toBe(422)
})
