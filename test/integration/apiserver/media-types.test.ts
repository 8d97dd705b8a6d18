import type { Json } from '#api'
import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'
import { serverOfWidgets, widget, widgets } from './widgets.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const protobuf = 'application/vnd.kubernetes.protobuf'
const supported = `application/json, application/yaml, ${protobuf}`
const unknown = (types: string): string =>
  `the body of the request was in an unknown format - accepted media types include: ${types}`

/** A field of a protobuf message that is text, or a message, of fewer than 128 bytes. */
const field = (number: number, text: string): string => String.fromCharCode((number << 3) | 2, text.length) + text

/** A protobuf body; none of its bytes is beyond ASCII. */
const envelope = (apiVersion: string, kind: string, message: string): string =>
  `k8s\0${field(1, field(1, apiVersion) + field(2, kind))}${field(2, message)}`

const message = (body: unknown): Json | undefined => (body as { readonly message?: string }).message

test('a version in an envelope that can not be read is as good as none', async () => {
  await using server = await startClusterServer()
  const body = envelope('a/b/c', 'ConfigMap', field(1, field(1, 'a')))
  const { code, body: made } = await server.request('POST', maps, body, { 'content-type': protobuf })
  expect([code, made]).toMatchObject([201, { kind: 'ConfigMap', metadata: { name: 'a' } }])
})

test('a message that is none of its kind is told of by kind and version, whatever the kind', async () => {
  await using server = await startClusterServer()
  const post = async (kind: string, text: string): Promise<unknown> => {
    const answer = await server.request('POST', maps, envelope('v1', kind, text), { 'content-type': protobuf })
    return [answer.code, message(answer.body)]
  }
  const wrong = String.fromCharCode((1 << 3) | 7)
  expect(await post('ConfigMap', wrong)).toEqual([
    400,
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: proto: wrong wireType = 7 for field ObjectMeta',
  ])
  expect(await post('Pod', wrong)).toEqual([
    400,
    'Pod in version "v1" cannot be handled as a ConfigMap: proto: wrong wireType = 7 for field ObjectMeta',
  ])
})

test('custom objects are refused in unknown formats by all that the server knows', async () => {
  await using server = await serverOfWidgets()
  for (const [type, types] of [
    ['text/plain', supported],
    ['application/cbor', supported],
    [protobuf, 'application/json, application/yaml'],
  ] as const) {
    const { code, body } = await server.request('POST', widgets, widget('b'), { 'content-type': type })
    expect([code, message(body)]).toEqual([415, unknown(types)])
  }
})

test('a custom object of no kind is told of as it was sent', async () => {
  await using server = await serverOfWidgets()
  for (const text of ['', '# x', 'a: 1', '{ "a": 1 }']) {
    const { code, body } = await server.request('POST', widgets, text, { 'content-type': 'application/yaml' })
    expect(code).toBe(400)
    expect(message(body)).toContain(`Object 'Kind' is missing in '${text}'`)
  }
})

test('patches are known by what they are called to the letter', async () => {
  await using server = await serverOfWidgets()
  await server.request('POST', maps, { metadata: { name: 'a' } })
  const patched = async (path: string, type: string): Promise<unknown> => {
    const { code, body } = await server.request('PATCH', path, {}, { 'content-type': type })
    return [code, message(body)]
  }
  const types = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml'
  const all = types.replace('application/apply', 'application/strategic-merge-patch+json, application/apply')
  expect(await patched(`${maps}/a`, 'application/Merge-Patch+json')).toEqual([415, '415: Unsupported Media Type'])
  expect(await patched(`${maps}/a`, 'application/merge-patch+json ; a=b')).toEqual([415, unknown(all)])
  expect(await patched(`${widgets}/a`, 'application/Merge-Patch+json')).toEqual([415, unknown(types)])
  expect(await patched(`${maps}/a`, 'application/merge-patch+json; a=b')).toEqual([200, undefined])
})

test('parameters of media types may have blanks around their sign', async () => {
  await using server = await startClusterServer()
  const get = async (accept: string): Promise<unknown> => {
    const { code, body } = await server.request('GET', maps, undefined, { accept })
    return [code, (body as { readonly kind: string }).kind]
  }
  expect(await get('application/json; as = Table')).toEqual([406, 'Status'])
  expect(await get('application/json; as = Table; g = meta.k8s.io; v = v1')).toEqual([200, 'Table'])
  expect(await get('application/json; as')).toEqual([200, 'ConfigMapList'])
})

test('one custom object is no list', async () => {
  await using server = await serverOfWidgets()
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
  const { code, body } = await server.request('GET', `${widgets}/a`, undefined, { accept })
  expect([code, message(body)]).toEqual([500, 'content is not a list'])
})

test.each([
  ['application/*', `406: Not Acceptable\n\nAvailable representations: text/plain, ${supported}`],
  ['text/html', `406: Not Acceptable\n\nAvailable representations: text/plain, ${supported}`],
  ['text/plain', `only the following media types are accepted: ${supported}`],
  ['application/json;as=Table;g=meta.k8s.io;v=v1', `only the following media types are accepted: ${supported}`],
])('logs are refused to who takes %s alone', async (accept, why) => {
  await using server = await startClusterServer()
  const path = '/api/v1/namespaces/default/pods'
  await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  await server.request('POST', path, { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'i' }] } })
  const { code, body } = await server.request('GET', `${path}/a/log`, undefined, { accept })
  expect([code, message(body)]).toEqual([406, why])
  const { code: taken } = await server.request('GET', `${path}/a/log`, undefined, { accept: 'text/plain, */*' })
  expect(taken).toBe(204)
})
