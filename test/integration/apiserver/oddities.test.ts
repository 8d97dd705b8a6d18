import type { Json } from '#api'
import type { KubeObject, Status } from '#machinery'
import { describe, expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

const maps = '/api/v1/namespaces/default/configmaps'

const definition = {
  metadata: { name: 'widgets.odd.example' },
  spec: {
    group: 'odd.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}

describe('What hardly anybody asks for', () => {
  test('options of a deletion that say in no text what they are are refused', async () => {
    await using server = await startClusterServer()
    const { code, body } = await server.request('DELETE', `${maps}/a`, { kind: ['DeleteOptions'], apiVersion: 'v1' })
    const why = 'json: cannot unmarshal array into Go struct field .kind of type string'
    expect([code, body]).toMatchObject([400, { message: `couldn't get version/kind; json parse error: ${why}` }])
    const nothing = await server.request('DELETE', `${maps}/a`, { kind: null, apiVersion: 'v1' })
    expect(nothing.code).toBe(404)
  })

  test('limits of a resource that is named like something every object has are limits like others', async () => {
    await using server = await startClusterServer()
    const limits = [{ type: 'Container', default: { 'example.com/toString': '1' } }]
    const object = { metadata: { name: 'a' }, spec: { limits } }
    const path = '/api/v1/namespaces/default/limitranges'
    expect((await server.request('POST', path, object)).code).toBe(201)
    const bare = { metadata: { name: 'b' }, spec: { limits: [{ type: 'Container', default: { toString: '1' } }] } }
    expect((await server.request('POST', path, bare)).code).toBe(422)
  })

  test('scopes of a quota that are named like that are refused like others that are unknown', async () => {
    await using server = await startClusterServer()
    const path = '/api/v1/namespaces/default/resourcequotas'
    for (const scope of ['__proto__', 'toString', 'Other']) {
      const object = { metadata: { name: 'a' }, spec: { hard: { memory: '1' }, scopes: [scope] } }
      const { code, body } = await server.request('POST', path, object)
      expect([code, body]).toMatchObject([
        422,
        { details: { causes: [{ message: `Invalid value: ["${scope}"]: unsupported scope`, field: 'spec.scopes' }] } },
      ])
    }
  })

  test('requests of such a resource without a limit are refused like those of others', async () => {
    await using server = await startClusterServer()
    await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
    const containers = [{ name: 'c', image: 'a', resources: { requests: { toString: '1' } } }]
    const pod = { metadata: { name: 'a' }, spec: { containers } }
    expect((await server.request('POST', '/api/v1/namespaces/default/pods', pod)).code).toBe(422)
  })

  test('a kind within a custom resource that is a number, however large, is told of', async () => {
    await using server = await startClusterServer()
    const any = { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true }
    const [version] = definition.spec.versions
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: any } } }
    const spec = { ...definition.spec, versions: [{ ...version, schema }] }
    await server.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { ...definition, spec })
    await server.clock.advance(10_000)
    const widget =
      '{"kind":"Widget","apiVersion":"odd.example/v1","metadata":{"name":"a"},"spec":{"kind":99999999999999999}}'
    const { code, body } = await server.request('POST', '/apis/odd.example/v1/namespaces/default/widgets', widget)
    expect(code).toBe(400)
    expect(JSON.stringify(body)).toContain('spec.kind: Invalid value: 99999999999999999: must be a string')
  })
})

describe('Whole numbers beyond 2^53', () => {
  const large = '9007199254740993'

  test('may stand in parameters for drivers, which are refused since they are no object', async () => {
    await using server = await startClusterServer()
    const path = '/apis/resource.k8s.io/v1/deviceclasses'
    const text = `{"metadata":{"name":"a"},"spec":{"config":[{"opaque":{"driver":"a.example","parameters":${large}}}]}}`
    const { code, body } = await server.request('POST', path, text)
    expect([code, body]).toMatchObject([422, { message: expect.stringContaining('must be a valid JSON object') }])
  })

  test('may be defaults, which OpenAPI shows as they are', async () => {
    await using server = await startClusterServer()
    const schema = `{"type":"object","properties":{"a":{"type":"integer","default":${large},"enum":[${large}]}}}`
    const text = JSON.stringify(definition).replace(
      '"x-kubernetes-preserve-unknown-fields":true',
      `"properties":{"spec":${schema}}`,
    )
    const created = await server.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', text)
    expect(created.code).toBe(201)
    const { code, body } = await server.request('GET', '/openapi/v3/apis/odd.example/v1')
    expect([code, JSON.stringify(body)]).toEqual([200, expect.stringContaining(`"default":${Number(large)}`)])
  })
})

test('A version of an object that has no room in 64 bits is told of', async () => {
  await using server = await startClusterServer()
  await server.request('POST', maps, { metadata: { name: 'a' } })
  const answers = ['18446744073709551615', '18446744073709551616'].map(async (resourceVersion) => {
    const { code, body } = await server.request('PUT', `${maps}/a`, { metadata: { name: 'a', resourceVersion } })
    return [code, body]
  })
  expect(await Promise.all(answers)).toMatchObject([
    [409, { reason: 'Conflict' }],
    [500, { message: 'strconv.ParseUint: parsing "18446744073709551616": value out of range' }],
  ])
})

test('A dry run that creates by PUT or by applying tells the version that was sent', async () => {
  await using server = await startClusterServer()
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', resourceVersion: '5' } }
  const spec = { type: 'ExternalName', externalName: 'a.example' }
  const write = async (method: string, query: string): Promise<unknown> => {
    const path = `/api/v1/namespaces/default/services/a?${query}`
    const type = { 'content-type': method === 'PUT' ? 'application/json' : 'application/apply-patch+yaml' }
    const { code, body } = await server.request(method, path, { ...object, spec }, type)
    return [code, (body as KubeObject).metadata.resourceVersion === '5']
  }
  expect([
    await write('PUT', 'dryRun=All'),
    await write('PATCH', 'dryRun=All&fieldManager=m'),
    await write('PUT', ''),
  ]).toEqual([
    [201, true],
    [201, true],
    [201, false],
  ])
})

test('Applying the status of a validating policy creates it, which that of others does not', async () => {
  await using server = await startClusterServer()
  const apply = async (group: string, kind: string, path: string, spec: Json): Promise<unknown> => {
    const object = { apiVersion: `${group}/v1`, kind, metadata: { name: 'a' }, spec }
    const type = { 'content-type': 'application/apply-patch+yaml' }
    return (await server.request('PATCH', `/apis/${group}/v1/${path}/a/status?fieldManager=m`, object, type)).code
  }
  const rule = { apiGroups: ['a'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['b'] }
  const policy = { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'true' }] }
  expect([
    await apply('admissionregistration.k8s.io', 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies', policy),
    await apply('storage.k8s.io', 'VolumeAttachment', 'volumeattachments', {}),
  ]).toEqual([201, 404])
})

test('Who writes the status of a definition may change its metadata', async () => {
  await using server = await startClusterServer()
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await server.request('POST', path, definition)
  const write = async (metadata: Json): Promise<unknown> => {
    const type = { 'content-type': 'application/merge-patch+json' }
    const { body } = await server.request('PATCH', `${path}/widgets.odd.example/status`, { metadata }, type)
    const { metadata: written, details } = body as KubeObject & Status
    return details?.causes?.map(({ field }) => field) ?? [written.generateName, written.ownerReferences]
  }
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'u' }
  expect(await write({ generateName: 'a-', ownerReferences: [owner] })).toEqual(['a-', [owner]])
  const field = 'metadata.deletionGracePeriodSeconds'
  expect(await write({ deletionGracePeriodSeconds: 5 })).toEqual([field, field])
})

test('A definition that differs by a map with nothing in it has the generation that it had', async () => {
  await using server = await startClusterServer()
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await server.request('POST', path, definition)
  const write = async (op: string, field: string, value: Json): Promise<unknown> => {
    const body = [{ op, path: `/spec/versions/0/schema/openAPIV3Schema/${field}`, value }]
    const type = { 'content-type': 'application/json-patch+json' }
    const patched = await server.request('PATCH', `${path}/widgets.odd.example`, body, type)
    return (patched.body as KubeObject).metadata.generation
  }
  expect([await write('add', 'properties', {}), await write('add', 'description', 'a')]).toEqual([1, 2])
})

test('A definition that loses its versions is refused', async () => {
  await using server = await startClusterServer()
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await server.request('POST', path, definition)
  const type = { 'content-type': 'application/merge-patch+json' }
  const { code } = await server.request('PATCH', `${path}/widgets.odd.example`, { spec: { versions: null } }, type)
  expect(code).toBe(422)
})

test('An autoscaler of version 1 may be applied again in another version, and again', async () => {
  await using server = await startClusterServer()
  const spec = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, maxReplicas: 3 }
  const apply = async (version: string, manager: string, object: object): Promise<number> => {
    const path = `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers/a?fieldManager=${manager}`
    const body = {
      kind: 'HorizontalPodAutoscaler',
      apiVersion: `autoscaling/${version}`,
      metadata: { name: 'a' },
      ...object,
    }
    return (await server.request('PATCH', path, body, { 'content-type': 'application/apply-patch+yaml' })).code
  }
  expect(await apply('v2', 'other', { spec })).toBe(201)
  expect(await apply('v1', 'other', { spec })).toBe(200)
  expect(await apply('v1', 'other', { spec })).toBe(200)
})
