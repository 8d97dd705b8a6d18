import type { Scale } from '#api/autoscaling/v1'
import type { KubeObject, Status } from '#machinery'
import { expect, test } from 'vitest'
import { serverOfWidgets, widgets } from './widgets.ts'
import { startClusterServer } from './server.ts'

const merge = { 'content-type': 'application/merge-patch+json' }

test('a scale is read at a revision like any other object', async () => {
  await using server = await serverOfWidgets()
  const odd = await server.request('GET', `${widgets}/a/scale?resourceVersion=x`)
  const why = 'strconv.ParseUint: parsing "x": invalid syntax'
  expect([odd.code, (odd.body as Status).message]).toEqual([500, `resourceVersion: Invalid value: "x": ${why}`])
  const late = await server.request('GET', `${widgets}/a/scale?resourceVersion=99999999`)
  expect(late).toMatchObject({ code: 504, body: { details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } } })
  expect((await server.request('GET', `${widgets}/a/scale?resourceVersion=0`)).code).toBe(200)
})

test('a status is taken from an object of another kind, which leaves nobody who owns anything', async () => {
  await using server = await serverOfWidgets()
  const { body } = await server.request('GET', `${widgets}/a`)
  const { metadata, ...rest } = body as KubeObject
  expect(metadata.managedFields).toHaveLength(1)
  const status = { size: 3 }
  const put = await server.request('PUT', `${widgets}/a/status?dryRun=All`, {
    ...rest,
    kind: 'Bogus',
    metadata,
    status,
  })
  const { managedFields: _, ...unmanaged } = metadata
  expect([put.code, put.body]).toEqual([200, { ...rest, metadata: unmanaged, status }])
  const url = `${widgets}/a/status?dryRun=All`
  const patch = await server.request('PATCH', url, { apiVersion: 'x/y', status }, merge)
  expect([patch.code, patch.body]).toEqual([200, { ...rest, metadata: unmanaged, status }])
  expect((await server.request('PUT', `${widgets}/a`, { ...rest, kind: 'Bogus', metadata })).code).toBe(422)
})

test('patches of the scale of a custom object may name another uid, bodies must be of a format that is read', async () => {
  await using server = await serverOfWidgets()
  const url = `${widgets}/a/scale`
  const patch = await server.request('PATCH', url, { metadata: { uid: 'z' }, spec: { replicas: 4 } }, merge)
  expect([patch.code, (patch.body as Scale).spec?.replicas]).toEqual([200, 4])
  const scale = { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'a' }, spec: { replicas: 2 } }
  const put = await server.request('PUT', url, scale, { 'content-type': 'text/plain' })
  expect([put.code, (put.body as Status).reason]).toEqual([415, 'UnsupportedMediaType'])
})

test('what is wrong with changed metadata of a custom object is told twice, like that of any other', async () => {
  await using server = await serverOfWidgets()
  const { code, body } = await server.request('PATCH', `${widgets}/a`, { metadata: { uid: 'z' } }, merge)
  const cause = {
    reason: 'FieldValueInvalid',
    message: 'Invalid value: "z": field is immutable',
    field: 'metadata.uid',
  }
  expect([code, (body as Status).details?.causes]).toEqual([422, [cause, cause]])
})

test.for(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
  'there is nothing to %s outside namespaces where nothing is read',
  async (method) => {
    await using server = await startClusterServer()
    for (const path of ['/api/v1/bindings', '/apis/authorization.k8s.io/v1/localsubjectaccessreviews']) {
      const { code, body } = await server.request(method, path, method === 'GET' ? undefined : {})
      expect([path, code, (body as Status).message]).toEqual([
        path,
        404,
        'the server could not find the requested resource',
      ])
    }
  },
)
