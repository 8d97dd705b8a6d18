import type { Json } from '#api'
import { expect, test } from 'vitest'
import { startCustomServer } from './testing.ts'
import type { Body, CustomServer } from './testing.ts'

const of = (version: string): string => `/apis/example.com/${version}/namespaces/default/widgets`
const one = of('v1')
const applyPatch = 'application/apply-patch+yaml'
const mergePatch = 'application/merge-patch+json'

const text = { type: 'string' }
const properties = {
  spec: {
    type: 'object',
    properties: {
      replicas: { type: 'integer' },
      mode: { type: 'string', default: 'fast' },
      color: text,
      inner: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
  status: { type: 'object', properties: { phase: text } },
}
const versionOf = (name: string, storage: boolean): Json => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: { type: 'object', properties } },
  subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
})

async function withWidgets(): Promise<CustomServer> {
  const server = await startCustomServer()
  await server.server.initialize()
  await server.define({
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [versionOf('v1', true), versionOf('v2', false)],
  })
  return server
}

const widget = (version: string, metadata: Json, spec?: Json): Json => ({
  apiVersion: `example.com/${version}`,
  kind: 'Widget',
  metadata: { name: 'a', ...(metadata as object) },
  ...(spec === undefined ? {} : { spec }),
})
const scale = (replicas: number): Json => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'a', namespace: 'default' },
  spec: { replicas },
})

interface Entry {
  readonly manager: string
  readonly apiVersion: string
  readonly fieldsV1: unknown
}
const entriesOf = (body: Body): readonly Entry[] => body['metadata']?.['managedFields'] as unknown as readonly Entry[]

test('replicas that nobody set are scaled, but not read as a scale', async () => {
  await using server = await withWidgets()
  await server.request('POST', one, widget('v1', {}, { color: 'red' }))
  const read = await server.request('GET', `${one}/a/scale`)
  expect([read.code, read.body['message']]).toEqual([
    500,
    'Internal error occurred: the spec replicas field ".spec.replicas" does not exist',
  ])
  const kept = await server.request('PATCH', `${one}/a/scale`, {}, mergePatch)
  expect([kept.code, kept.body['message']]).toEqual([400, 'the spec replicas field ".spec.replicas" cannot be empty'])
  const put = await server.request('PUT', `${one}/a/scale`, scale(2))
  expect([put.code, put.body['spec']]).toEqual([200, { replicas: 2 }])
  expect((await server.request('GET', `${one}/a`)).body['spec']).toEqual({ color: 'red', mode: 'fast', replicas: 2 })
})

test('scaling gives an object its defaults, and takes nothing from those who write other versions', async () => {
  await using server = await withWidgets()
  await server.request('POST', one, widget('v1', {}))
  await server.request('PATCH', `${of('v2')}/a?fieldManager=two`, widget('v2', {}, { color: 'red' }), applyPatch)
  await server.request('PATCH', `${one}/a/scale?fieldManager=three`, { spec: { replicas: 4 } }, mergePatch)
  const { body } = await server.request('GET', `${one}/a`)
  expect(body['spec']).toEqual({ color: 'red', mode: 'fast', replicas: 4 })
  expect(entriesOf(body)).toMatchObject([
    { manager: 'two', apiVersion: 'example.com/v2', fieldsV1: { 'f:spec': { 'f:color': {} } } },
  ])
})

test('scales of custom objects are not applied', async () => {
  await using server = await withWidgets()
  await server.request('POST', `${one}?fieldManager=one`, widget('v1', {}, { color: 'red' }))
  await server.request('POST', `${one}?fieldManager=one`, widget('v1', { name: 'b' }, { replicas: 1 }))
  const refusal = async (url: string): Promise<unknown> => {
    const { code, body } = await server.request('PATCH', url, { ...(scale(3) as object), metadata: {} }, applyPatch)
    return [code, body['message']]
  }
  const why = 'to proper version: request to convert CR to an invalid group/version: autoscaling/v1'
  expect(await refusal(`${one}/a/scale?fieldManager=two`)).toEqual([
    500,
    `failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) ${why}`,
  ])
  expect(await refusal(`${one}/b/scale?fieldManager=two`)).toMatchObject([409, expect.stringContaining('conflict')])
  expect(await refusal(`${one}/b/scale?fieldManager=two&force=true`)).toEqual([
    500,
    `failed to convert new object (/; autoscaling/v1, Kind=Scale) ${why}`,
  ])
})

test('empty lists and maps in metadata are as if they were not there', async () => {
  await using server = await withWidgets()
  const empty = { labels: {}, finalizers: [], ownerReferences: [] }
  const inner = { apiVersion: 'v1', kind: 'Inner', metadata: { name: 'i', labels: {} } }
  const { body } = await server.request('POST', one, widget('v1', empty, { inner }))
  expect(body['metadata']).not.toHaveProperty('labels')
  expect(body['metadata']).not.toHaveProperty('finalizers')
  expect(body['metadata']).not.toHaveProperty('ownerReferences')
  expect(body['spec']).toEqual({ inner: { ...inner, metadata: { name: 'i' } }, mode: 'fast' })
  expect(entriesOf(body)).toMatchObject([
    { fieldsV1: expect.not.objectContaining({ 'f:metadata': expect.anything() }) },
  ])
})

test('an empty list of managers forgets nobody, an empty manager everybody', async () => {
  await using server = await withWidgets()
  await server.request('POST', `${one}?fieldManager=one`, widget('v1', {}, { color: 'red' }))
  const forget = async (managedFields: Json): Promise<Body> =>
    (await server.request('PATCH', `${one}/a`, { metadata: { managedFields } }, mergePatch)).body
  expect(entriesOf(await forget([]))).toMatchObject([{ manager: 'one' }])
  const { body } = await server.request('GET', `${one}/a`)
  const metadata = { ...body['metadata'], managedFields: [] }
  const put = await server.request('PUT', `${one}/a`, { ...body, metadata })
  expect(entriesOf(put.body)).toMatchObject([{ manager: 'one' }])
  expect(entriesOf(await forget([{}]))).toBeUndefined()
})

test('what an applier leaves of an embedded object in another version stays with those who share it', async () => {
  await using server = await withWidgets()
  const inner = (labels?: Json): Json => ({
    inner: { apiVersion: 'v1', kind: 'Inner', metadata: { name: 'i', ...(labels === undefined ? {} : { labels }) } },
  })
  await server.request('POST', `${one}?fieldManager=one`, widget('v1', {}, inner({ a: '1' })))
  const two = `${of('v2')}/a?fieldManager=two&force=true`
  await server.request('PATCH', two, widget('v2', {}, inner({ a: '2' })), applyPatch)
  const { body } = await server.request('PATCH', `${one}/a?fieldManager=two`, widget('v1', {}, {}), applyPatch)
  expect(body['spec']).toEqual({ ...(inner() as object), mode: 'fast' })
  expect(entriesOf(body).find(({ manager }) => manager === 'one')).toMatchObject({
    manager: 'one',
    fieldsV1: { 'f:spec': { 'f:inner': { 'f:metadata': { 'f:labels': {}, 'f:name': {} } } } },
  })
})

test.for([
  [[{ op: 'remove', path: '/kind' }], 422, "Object 'Kind' is missing in '"],
  [
    [{ op: 'replace', path: '/kind', value: 5 }],
    422,
    'json: cannot unmarshal number into Go struct field .kind of type',
  ],
  [[{ op: 'remove', path: '/apiVersion' }], 500, "Object 'apiVersion' is missing in 'object has no apiVersion field'"],
  [[{ op: 'add', path: '/apiVersion', value: 'a/b/c' }], 422, 'unexpected GroupVersion string: a/b/c'],
  [
    [{ op: 'add', path: '/apiVersion', value: 'example.com/v2' }],
    422,
    'apiVersion: Invalid value: "example.com/v2": must be example.com/v1',
  ],
  [
    [{ op: 'add', path: '/spec/inner', value: { metadata: { labels: { z: 1, a: 2 } } } }],
    422,
    'spec.inner.metadata: Invalid value: {"labels":{"a":2,"z":1}}: json: cannot unmarshal number into Go struct field',
  ],
  [
    [{ op: 'add', path: '/spec/inner', value: { kind: 5 } }],
    422,
    'spec.inner.kind: Invalid value: 5: must be a string',
  ],
] as const)('a patched custom object says what it is: %j', async ([patch, code, message]) => {
  await using server = await withWidgets()
  await server.request('POST', one, widget('v1', {}, { mode: 'a', color: 'b' }))
  const answer = await server.request('PATCH', `${one}/a`, patch, 'application/json-patch+json')
  expect([answer.code, answer.body['message']]).toEqual([code, expect.stringContaining(message)])
})

test('the message of a patch that does not fit has its keys in order', async () => {
  await using server = await withWidgets()
  await server.request('POST', one, widget('v1', {}, { mode: 'a', color: 'b' }))
  const { body } = await server.request('PATCH', `${one}/a`, { metadata: { finalizers: 5 } }, mergePatch)
  const dump = JSON.stringify(body['message']).replaceAll('\\', '')
  expect(dump).toContain('"managedFields":[{"apiVersion":"example.com/v1","fieldsType":')
  expect(dump).toContain('"spec":{"color":"b","mode":"a"}')
})

test('what others find of an object is what they change: defaults that came later count as there, what a version does not know is lost', async () => {
  await using server = await startCustomServer()
  await server.server.initialize()
  const spec = (fields: Json): Json => ({
    type: 'object',
    properties: { spec: { type: 'object', properties: fields } },
  })
  const schemas = [spec({ a: text, b: text, mode: { ...text, default: 'fast' } }), spec({ a: text, mode: text })]
  const [first, second] = ['v1', 'v2'].map((name, index) => ({
    name,
    served: true,
    storage: index === 0,
    schema: { openAPIV3Schema: schemas[index] },
  }))
  const status = { subresources: { status: {} } }
  const free = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const third = { name: 'v3', served: true, storage: false, schema: free }
  const names = { plural: 'widgets', kind: 'Widget' }
  const versions = [{ ...first, ...status }, { ...second, ...status }, third] as unknown as Json
  await server.define({ group: 'example.com', scope: 'Namespaced', names, versions })

  // Nobody but users of v3 writes a status with the rest, and nobody gave it the defaults of v1.
  const made = { ...(widget('v3', {}, { a: '1', b: '2' }) as object), status: { phase: 'new' } } as Json
  const created = await server.request('POST', of('v3'), made)
  expect(entriesOf(created.body)[0]?.fieldsV1).toMatchObject({ 'f:status': { 'f:phase': {} } })
  const same = await server.request('PATCH', `${of('v1')}/a`, { spec: {} }, mergePatch)
  expect([same.body['spec'], same.body['metadata']?.['generation']]).toEqual([{ a: '1', b: '2', mode: 'fast' }, 1])
  await server.request('PATCH', `${of('v2')}/a/status`, { status: {} }, mergePatch)
  expect((await server.request('GET', `${of('v1')}/a`)).body['spec']).toEqual({ a: '1', mode: 'fast' })

  // One who applies what there is leaves no more than that.
  await server.request('PUT', `${of('v3')}/a`, {
    ...(made as object),
    metadata: {
      name: 'a',
      resourceVersion: (await server.request('GET', `${of('v3')}/a`)).body['metadata']?.['resourceVersion'],
    },
    spec: { a: '1', mode: 'fast', odd: '3' },
  })
  const before = (await server.request('GET', `${of('v3')}/a`)).body['metadata']?.['generation']
  const applied = widget('v3', {}, { mode: 'fast' })
  const { body } = await server.request('PATCH', `${of('v3')}/a?fieldManager=b&force=true`, applied, applyPatch)
  expect([body['spec'], body['metadata']?.['generation']]).toEqual([{ a: '1', mode: 'fast' }, before])
})
