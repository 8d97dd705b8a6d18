import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'
import type { ClusterServer } from './server.ts'
import { serverOfWidgets, widgets } from './widgets.ts'

const protobuf = 'application/vnd.kubernetes.protobuf'
const supported = `application/json, application/yaml, ${protobuf}`

async function answerOf(
  server: ClusterServer,
  path: string,
  accept: string,
): Promise<{ readonly code: number; readonly contentType: string; readonly text: string }> {
  const [plain = '', query = ''] = path.split('?')
  const response = await server.server.handle({
    method: 'GET',
    path: plain,
    query,
    headers: { accept },
    user: { name: 'admin', groups: ['system:masters', 'system:authenticated'] },
    signal: new AbortController().signal,
  })
  if (response.kind !== 'object') throw new Error(`an object was expected, not: ${response.kind}`)
  const { contentType, bytes } = response.encode()
  return { code: response.code, contentType, text: new TextDecoder().decode(bytes) }
}

test.each([
  widgets,
  `${widgets}/a`,
  `${widgets}/a/scale`,
  `${widgets}/none/scale`,
  `${widgets}/none`,
  `${widgets}?watch=1`,
])('nobody wrote a message for custom objects: %s is refused to who takes protobuf alone', async (path) => {
  await using server = await serverOfWidgets()
  const { code, contentType, text } = await answerOf(server, path, protobuf)
  expect([code, contentType]).toEqual([406, protobuf])
  expect(text).toContain(`only the following media types are accepted: ${supported}`)
})

test('who takes JSON as well as protobuf gets custom objects as JSON, and their metadata as protobuf', async () => {
  await using server = await serverOfWidgets()
  for (const path of [widgets, `${widgets}/a`, `${widgets}/a/scale`]) {
    const { code, contentType } = await answerOf(server, path, `${protobuf},application/json`)
    expect([code, contentType]).toEqual([200, 'application/json'])
  }
  const metadata = `${protobuf};as=PartialObjectMetadata;v=v1;g=meta.k8s.io`
  expect(await answerOf(server, `${widgets}/a`, metadata)).toMatchObject({ code: 200, contentType: protobuf })
})

test.each([
  ['/api/v1/namespaces/default', 'text/html', 406],
  ['/api/v1/namespaces/none', 'application/json;as=Table;v=v1;g=meta.k8s.io', 404],
  ['/api/v1/namespaces?watch=1&includeObject=X', 'application/json;as=Table;v=v1;g=meta.k8s.io', 400],
  [`${widgets}?watch=1`, 'application/json;stream=foo', 406],
  ['/api/v1/namespaces/default/pods/none/resize', 'application/json;as=Table;v=v1;g=meta.k8s.io', 406],
  ['/api/v1/namespaces/default/pods/none/status', 'application/json;as=Table;v=v1;g=meta.k8s.io', 404],
])('who takes no representation of a refusal gets it as JSON for people: %s as %s', async (path, accept, code) => {
  await using server = await serverOfWidgets()
  const answer = await answerOf(server, path, accept)
  expect([answer.code, answer.contentType]).toEqual([code, 'application/json'])
  expect(answer.text).toMatch(/^{\n {2}"kind": "Status",\n {2}"apiVersion": "v1",[^]*\n}$/)
})

test.each([
  ['application/json,application/json;{}', 'application/json'],
  ['application/json;q=0.5,application/json;{};q=0.1', 'application/json'],
  ['application/yaml;{}', 'application/yaml'],
  [`text/html,${protobuf};{},application/json;{}`, protobuf],
])('whoever takes aggregated discovery at all gets it: %s', async (accept, mediaType) => {
  await using server = await startClusterServer()
  const wanted = 'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const answer = await answerOf(server, '/apis', accept.replaceAll('{}', wanted))
  expect([answer.code, answer.contentType]).toEqual([200, `${mediaType};${wanted}`])
})

test('who asks for it in the media type gets JSON for people', async () => {
  await using server = await startClusterServer()
  for (const path of ['/api/v1/namespaces/default', '/api/v1/namespaces/none', '/apis'])
    expect((await answerOf(server, path, 'image/png,application/json;pretty=1')).text).toMatch(/^{\n {2}"kind"/)
})

test('aggregated discovery that a client has is not sent again', async () => {
  await using server = await startClusterServer()
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const { headers } = await server.request('GET', '/apis', undefined, { accept })
  const again = await server.server.handle({
    method: 'GET',
    path: '/apis',
    query: '',
    headers: { accept, 'if-none-match': headers['etag'] ?? '' },
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  expect(again).toMatchObject({ kind: 'bytes', code: 304, contentType: '' })
})
