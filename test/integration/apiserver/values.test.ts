import { describe, expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

const apps = '/apis/apps/v1/namespaces/default'
const core = '/api/v1/namespaces/default'
const labels = { app: 'a' }
const workload = {
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } },
}
const resources = { requests: { storage: '1Gi' }, limits: { 'example.com/x': '0.5m' } }
const claims = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources } }]
const pod = { containers: [{ name: 'c', image: 'i' }], automountServiceAccountToken: false }
const conversion = { strategy: 'None', webhook: {} }

const definition = (schema: object, more: object = {}, version: object = {}): object => ({
  metadata: { name: 'widgets.values.example' },
  spec: {
    group: 'values.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version },
      { name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } },
    ],
    ...more,
  },
})
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

describe('Values that writers leave to the server', () => {
  test.each([
    [
      'a daemon set that is updated by hand tells both bounds of the other way',
      `${apps}/daemonsets`,
      { ...workload, updateStrategy: { type: 'OnDelete', rollingUpdate: { maxUnavailable: '20%' } } },
      { updateStrategy: { rollingUpdate: { maxUnavailable: '20%', maxSurge: 0 } } },
    ],
    [
      'amounts of claims are rounded up to thousandths',
      `${apps}/statefulsets`,
      { ...workload, serviceName: 's', volumeClaimTemplates: claims },
      { volumeClaimTemplates: [{ spec: { resources: { limits: { 'example.com/x': '1m' } } } }] },
    ],
  ])('%s', async (_, path, spec, kept) => {
    await using server = await startClusterServer()
    const { code, body } = await server.request('POST', path, { metadata: { name: 'a' }, spec })
    expect([code, body]).toMatchObject([201, { spec: kept }])
  })

  test('a class of service that is sent is kept', async () => {
    await using server = await startClusterServer()
    await server.request('POST', `${core}/serviceaccounts`, { metadata: { name: 'default' } })
    const sent = { metadata: { name: 'a' }, spec: pod, status: { qosClass: 'Burstable', phase: 'Running' } }
    const { body } = await server.request('POST', `${core}/pods`, sent)
    expect(body).toMatchObject({ status: { qosClass: 'Burstable', phase: 'Pending' } })
  })

  test('a review keeps what it does not come to', async () => {
    await using server = await startClusterServer()
    const path = '/apis/authentication.k8s.io/v1/tokenreviews'
    const user = { username: 'x', groups: ['g'] }
    const review = { spec: { token: 'none' }, status: { audiences: ['a'], authenticated: true, user } }
    const { body } = await server.request('POST', path, review)
    expect(body).toMatchObject({ status: { audiences: ['a'], user } })
    expect(body).not.toMatchObject({ status: { authenticated: true } })
  })

  test('a name that is taken is told otherwise where one could have been generated', async () => {
    await using server = await startClusterServer()
    const object = { metadata: { name: 'a', generateName: 'b' } }
    await server.request('POST', `${core}/configmaps`, object)
    const { code, body } = await server.request('POST', `${core}/configmaps`, object)
    const message = 'configmaps "a" already exists, the server was not able to generate a unique name for the object'
    expect([code, body]).toMatchObject([409, { message, details: { retryAfterSeconds: 1 } }])
  })

  test.each([
    ['', '/registry/configmaps/default/a'],
    ['?dryRun=All', '/configmaps/default/a'],
  ])('a write%s of another object tells the key of this one', async (query, key) => {
    await using server = await startClusterServer()
    await server.request('POST', `${core}/configmaps`, { metadata: { name: 'a' } })
    const { body } = await server.request('PUT', `${core}/configmaps/a${query}`, { metadata: { name: 'a', uid: 'b' } })
    expect((body as { readonly message: string }).message).toContain(`Code: 4, Key: ${key}, `)
  })
})

describe('Definitions of custom resources', () => {
  test('a webhook that says nothing is none', async () => {
    await using server = await startClusterServer()
    const { body } = await server.request('POST', definitions, definition({ type: 'object' }, { conversion }))
    expect((body as { readonly spec: { readonly conversion: unknown } }).spec.conversion).toEqual({ strategy: 'None' })
  })

  test.each([
    [{ type: 'object', format: 'a' }, 'a'],
    [{ type: 'object', properties: { n: { type: 'integer', format: 'int16' } } }, 'int16'],
    [{ type: 'object', properties: { n: { type: 'number', format: 'float' } } }, undefined],
  ])('formats that no type has are warned of: %j', async (schema, format) => {
    await using server = await startClusterServer()
    const { headers } = await server.request('POST', `${definitions}?dryRun=All`, definition(schema))
    expect(headers['warning']).toBe(format === undefined ? undefined : `299 - "unrecognized format \\"${format}\\""`)
  })

  test('schemas that are the same but for empty maps stand once, which fields of one version to select by do not', async () => {
    await using server = await startClusterServer()
    const selectableFields = [{ jsonPath: '.a' }]
    const sent = definition({ type: 'object', properties: {} }, {}, { selectableFields })
    const { code, body } = await server.request('POST', definitions, sent)
    const why = 'may only be set when `version.schema.openAPIV3Schema` is not included'
    const causes = [{ field: 'spec.versions[0].selectableFields', message: `Invalid value: "": ${why}` }]
    expect([code, body]).toMatchObject([422, { details: { causes } }])
  })

  test('discovery in one document tells group and version of custom kinds, and their subresources as they come', async () => {
    await using server = await startClusterServer()
    const scale = { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' }
    const subresources = { subresources: { status: {}, scale } }
    const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
    await server.request('POST', definitions, definition(schema, {}, subresources))
    await server.clock.advance(10_000)
    const accept = 'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io'
    const { body } = await server.request('GET', '/apis', undefined, { accept })
    const { items } = body as { readonly items: readonly { readonly metadata: object; readonly versions: unknown }[] }
    const own = { group: 'values.example', version: 'v1', kind: 'Widget' }
    expect(items.find(({ metadata }) => JSON.stringify(metadata).includes('values.example'))?.versions).toContainEqual(
      expect.objectContaining({
        version: 'v1',
        resources: [
          expect.objectContaining({
            responseKind: own,
            subresources: [
              expect.objectContaining({ subresource: 'status', responseKind: own }),
              expect.objectContaining({
                subresource: 'scale',
                responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
              }),
            ],
          }),
        ],
      }),
    )
  })
})

describe('Pods that are given more', () => {
  const nodes = [
    { metadata: { name: 'n', labels: { 'kubernetes.io/os': 'linux' } }, status: { allocatable: { cpu: '300m' } } },
    { metadata: { name: 'w', labels: { 'kubernetes.io/os': 'windows' } } },
  ]
  test.each([
    ['none', 'node "none" not found', undefined],
    ['w', 'pod resize is only supported on linux nodes, node "w" is "windows"', 'UnsupportedPlatform'],
    ['n', "node didn't have enough allocatable resources: cpu, requested: 400, allocatable: 300", 'NodeCapacity'],
  ])('on node %s are refused', async (nodeName, why, reason) => {
    await using server = await startClusterServer()
    for (const node of nodes) await server.request('POST', '/api/v1/nodes', node)
    await server.request('POST', `${core}/serviceaccounts`, { metadata: { name: 'default' } })
    const container = { name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } }
    const spec = { ...pod, nodeName, containers: [container] }
    expect((await server.request('POST', `${core}/pods`, { metadata: { name: 'a' }, spec })).code).toBe(201)
    const more = { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '400m' } } }] } }
    const patch = { 'content-type': 'application/strategic-merge-patch+json' }
    const { code, body } = await server.request('PATCH', `${core}/pods/a/resize`, more, patch)
    expect([code, body]).toMatchObject([403, { message: `pods "a" is forbidden: ${why}` }])
    const { details } = body as { readonly details: { readonly causes?: readonly object[] } }
    expect(details.causes).toEqual(reason === undefined ? undefined : [{ reason }])
  })
})

describe('Pods whose nodes do not declare what it takes to change them', () => {
  const given = { requests: { cpu: '100m' }, limits: { cpu: '1' } }
  const more = { requests: { cpu: '200m' }, limits: { cpu: '1' } }
  const first = { name: 'a', image: 'i', resources: given }
  const resizes: readonly (readonly [string, object, object])[] = [
    ['InPlacePodLevelResourcesVerticalScaling', { resources: given }, { resources: more }],
    [
      'InPlacePodVerticalScalingInitContainers',
      { initContainers: [first] },
      { initContainers: [{ name: 'a', resources: more }] },
    ],
  ]
  test.each(resizes)('are not resized, for lack of %s', async (feature, has, gets) => {
    await using server = await startClusterServer()
    const declares = { metadata: { name: 'able' }, status: { declaredFeatures: [feature], allocatable: { cpu: '4' } } }
    await server.request('POST', '/api/v1/nodes', declares)
    await server.request('POST', '/api/v1/nodes', { metadata: { name: 'old' }, status: { allocatable: { cpu: '4' } } })
    await server.request('POST', `${core}/serviceaccounts`, { metadata: { name: 'default' } })
    const resize = async (nodeName: string): Promise<unknown> => {
      const spec = { ...pod, ...has, nodeName, containers: [{ name: 'c', image: 'i' }] }
      expect((await server.request('POST', `${core}/pods`, { metadata: { name: nodeName }, spec })).code).toBe(201)
      const patch = { 'content-type': 'application/strategic-merge-patch+json' }
      const { code, body } = await server.request('PATCH', `${core}/pods/${nodeName}/resize`, { spec: gets }, patch)
      return code === 200 ? code : (body as { readonly message: string }).message
    }
    expect(await resize('able')).toBe(200)
    expect(await resize('old')).toBe(
      `pods "old" is forbidden: pod update requires features ${feature} which are not available on node "old"`,
    )
  })
})
