import { describe, expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const yaml = { 'content-type': 'application/yaml' }
const unknownTo = (line: string, version = 'v1'): RegExp =>
  new RegExp(`no kind "\\w+" is registered for version "${version}" in scheme "${line}"`)

const definition = {
  metadata: { name: 'widgets.bodies.example' },
  spec: {
    group: 'bodies.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
}

const deployments = '/apis/apps/v1/namespaces/default/deployments'
const labels = { app: 'a' }
const deployment = {
  metadata: { name: 'a' },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
}

describe('Bodies of another kind', () => {
  test.each([
    ['DeleteOptions', 'v1', maps, /converting \(v1\.DeleteOptions\) to \(core\.ConfigMap\): unknown conversion/],
    ['ConfigMapList', 'v1', maps, /converting \(v1\.ConfigMapList\) to \(core\.ConfigMap\): unknown conversion/],
    ['Status', 'v1', maps, /converting \(v1\.Status\) to/],
    ['CronJob', 'batch/v1beta1', maps, /converting \(v1beta1\.CronJob\) to/],
    ['Table', 'meta.k8s.io/v1', maps, unknownTo('pkg/api/legacyscheme/scheme.go:30', 'meta.k8s.io/v1')],
    ['ConfigMap', 'v1', definitions, unknownTo('k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:55')],
    [
      'ConfigMap',
      'v1',
      '/apis/apiregistration.k8s.io/v1/apiservices',
      unknownTo('k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28'),
    ],
    ['WatchEvent', 'v1', definitions, /converting \(v1\.WatchEvent\) to/],
  ])('%s of %s is refused at %s', async (kind, apiVersion, path, message) => {
    await using server = await startClusterServer()
    const { code, body } = await server.request('POST', path, { kind, apiVersion })
    expect([code, body]).toMatchObject([400, { message: expect.stringMatching(message) as string }])
  })

  test('what they say is read as what they are', async () => {
    await using server = await startClusterServer()
    const map = { kind: 'ConfigMap', apiVersion: 'v1', data: { a: 1 } }
    const { body } = await server.request('POST', '/apis/apps/v1/namespaces/default/deployments', map, json)
    const why = 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'
    expect(body).toMatchObject({
      message: `ConfigMap in version "v1" cannot be handled as a Deployment: ${why}`,
    })
  })

  test('custom objects say their kind and version', async () => {
    await using server = await startClusterServer()
    await server.request('POST', definitions, definition)
    await server.clock.advance(10_000)
    const widgets = '/apis/bodies.example/v1/namespaces/default/widgets'
    const refusal = async (text: string): Promise<unknown> => {
      const { body } = await server.request('POST', widgets, text, json)
      return (body as { readonly message?: string }).message
    }
    expect(await refusal('{}')).toMatch(/Object 'Kind' is missing in '\{\}' \(\{\}\)$/)
    expect(await refusal('{"kind":"Widget"}')).toMatch(/^the API version in the data \(\) does not match/)
    expect(await refusal('{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":1}}')).toMatch(
      /^ConfigMap in version "v1" cannot be handled as a Widget: json: cannot unmarshal number/,
    )
  })

  test('lists of custom objects always say where they go on', async () => {
    await using server = await startClusterServer()
    await server.request('POST', definitions, definition)
    await server.clock.advance(10_000)
    const { body } = await server.request('GET', '/apis/bodies.example/v1/widgets')
    expect(body).toMatchObject({ kind: 'WidgetList', metadata: { continue: '' } })
    const maps = await server.request('GET', '/api/v1/configmaps')
    expect((maps.body as { readonly metadata: object }).metadata).not.toHaveProperty('continue')
  })

  test('a scale of another namespace is refused', async () => {
    await using server = await startClusterServer()
    await server.request('POST', deployments, deployment)
    const scale = { metadata: { name: 'a', namespace: 'other' }, spec: { replicas: 3 } }
    const { code, body } = await server.request('PUT', `${deployments}/a/scale`, scale)
    const message = 'the namespace of the provided object does not match the namespace sent on the request'
    expect([code, body]).toMatchObject([400, { message }])
  })

  test.each([
    ['PUT', { accept: 'image/png' }, 406],
    ['PATCH', { accept: 'image/png', 'content-type': 'application/merge-patch+json' }, 406],
    ['PATCH', { 'content-type': 'text/plain' }, 415],
  ])('a %s of a scale with %j changes nothing', async (method, headers, refusal) => {
    await using server = await startClusterServer()
    await server.request('POST', deployments, deployment)
    const scale = { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'a' }, spec: { replicas: 3 } }
    const { code } = await server.request(method, `${deployments}/a/scale`, scale, headers)
    expect(code).toBe(refusal)
    const { body } = await server.request('GET', `${deployments}/a`)
    expect(body).toMatchObject({ spec: { replicas: 1 } })
  })

  test('a scale without a name is refused before its object is looked for', async () => {
    await using server = await startClusterServer()
    const { code, body } = await server.request('PUT', `${deployments}/none/scale`, {})
    const message = 'the name of the object (none based on URL) was undeterminable: name must be provided'
    expect([code, body]).toMatchObject([400, { message }])
  })
})

const json = { 'content-type': 'application/json' }

describe('YAML that is none', () => {
  test.each([
    ['a: {b: c', "line 1: did not find expected ',' or '}'"],
    ['kind: ConfigMap\nmetadata:\n   name: a\n  labels: {}', 'line 3: did not find expected key'],
    ['kind: "ConfigMap', 'found unexpected end of stream'],
    ['a: "\\q"', 'found unknown escape character'],
    ['a: @b', 'found character that cannot start any token'],
    ['a: *b', "unknown anchor 'b' referenced"],
    ['%YAML 1.2\n---\na: b', 'found incompatible YAML document'],
  ])('%j is refused in the words of the API', async (text, why) => {
    await using server = await startClusterServer()
    const { code, body } = await server.request('POST', maps, text, yaml)
    const message = expect.stringContaining(`(must be of type ConfigMap): yaml: ${why} (`) as string
    expect([code, body]).toMatchObject([400, { message }])
  })

  test('a list is no configuration that could be applied', async () => {
    await using server = await startClusterServer()
    const apply = { 'content-type': 'application/apply-patch+yaml' }
    const { body } = await server.request('PATCH', `${maps}/a?fieldManager=b`, '[]', apply)
    const why = 'json: cannot unmarshal array into Go value of type map[string]interface {}'
    expect(body).toMatchObject({ message: `error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}` })
  })
})

test('YAML is read in the order of its keys, and says what stands there twice once it has read it', async () => {
  await using server = await startClusterServer()
  const strict = async (
    method: string,
    path: string,
    headers: { readonly [name: string]: string },
    body: string,
  ): Promise<unknown> => {
    const url = `${path}${path.includes('?') ? '&' : '?'}fieldValidation=Strict`
    const answer = await server.request(method, url, body, headers)
    return (answer.body as { readonly message: string }).message
  }
  const prefix = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: '
  const twice =
    'yaml: unmarshal errors:\n  line 1: key "a" already set in map\n  line 1: key "metadata" already set in map'
  expect(await strict('POST', maps, yaml, '{"metadata":{"name":"a","z":1,"B":2},"zz":1,"Y":2}')).toBe(
    `${prefix}unknown field "Y", unknown field "metadata.B", unknown field "metadata.z", unknown field "zz"`,
  )
  const repeated =
    '{"metadata":{"name":"a"},"metadata":{"name":"a","labels":{"a":"1","a":"2"}},"kind":"ConfigMap","apiVersion":"v1"}'
  expect(await strict('POST', maps, yaml, repeated)).toBe(`${prefix}${twice}`)
  const applied = { 'content-type': 'application/apply-patch+yaml' }
  expect(await strict('PATCH', `${maps}/a?fieldManager=m`, applied, repeated)).toBe(
    `error strict decoding YAML: error converting YAML to JSON: ${twice}`,
  )
})
