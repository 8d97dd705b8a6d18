import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import type { Deployment } from '#api/apps/v1'
import type { ConfigMap } from '#api/core/v1'
import type { NetworkPolicy } from '#api/networking/v1'
import type { Status } from '#machinery'
import { good, refusals } from './groups/objects.ts'
import { startTestServer } from './server.ts'
import type { Answer, TestServer } from './server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const merge = { 'content-type': 'application/merge-patch+json' }
const strategic = { 'content-type': 'application/strategic-merge-patch+json' }

const said = ({ code, body }: Answer): readonly unknown[] => [code, (body as Status).message]

const itemsOf = ({ body }: Answer): readonly object[] => (body as { readonly items: readonly object[] }).items

async function withMap(): Promise<TestServer> {
  const server = await startTestServer()
  good(await server.request('POST', maps, { metadata: { name: 'a' } }))
  return server
}

test('whatever a strategic merge patch says, its result is of the kind that is patched', async () => {
  await using server = await withMap()
  const patched = await server.request('PATCH', `${maps}/a`, { kind: 'x', apiVersion: 'y/v1' }, strategic)
  expect(good<ConfigMap>(patched)).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' })
})

test('a merge patch that names another kind or version is refused; one that takes the kind away is not', async () => {
  await using server = await withMap()
  const patch = (body: object): Promise<Answer> => server.request('PATCH', `${maps}/a`, body, merge)
  expect(good<ConfigMap>(await patch({ kind: null }))).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' })
  expect(said(await patch({ apiVersion: 'b' }))[1]).toContain(
    'no kind "ConfigMap" is registered for version "b" in scheme',
  )
  expect(said(await patch({ apiVersion: null }))).toEqual([
    400,
    'the name of the object (a based on URL) was undeterminable: name must be provided',
  ])
})

test('stored objects have their fields in declared order, whoever set them', async () => {
  await using server = await startTestServer()
  const labels = { b: 'x', a: 'x' }
  const made = await server.request('POST', '/apis/apps/v1/namespaces/default/deployments', {
    spec: {
      template: {
        spec: { containers: [{ image: 'i', name: 'c', ports: [{ containerPort: 1 }] }] },
        metadata: { labels },
      },
      selector: { matchLabels: labels },
    },
    metadata: { name: 'd' },
  })
  const { spec } = good<Deployment>(made)
  expect(Object.keys(spec).join(' ')).toBe(
    'replicas selector template strategy revisionHistoryLimit progressDeadlineSeconds',
  )
  expect(Object.keys(spec.selector?.matchLabels ?? {})).toEqual(['a', 'b'])
  expect(Object.keys(spec.template.spec?.containers?.[0] ?? {}).join(' ')).toBe(
    'name image ports resources terminationMessagePath terminationMessagePolicy imagePullPolicy',
  )
})

test('discovery and the version are refused to clients that take none of their formats', async () => {
  await using server = await startTestServer()
  const get = async (path: string, accept: string): Promise<number> =>
    (await server.request('GET', path, undefined, { accept })).code
  expect(await get('/api', 'text/html')).toBe(406)
  expect(await get('/apis/apps/v1', 'application/json;as=Table;v=v1;g=meta.k8s.io')).toBe(406)
  expect(await get('/apis/apps/v1', 'application/json')).toBe(200)
})

test('parameters that are escaped wrongly are passed over', async () => {
  await using server = await withMap()
  expect(itemsOf(await server.request('GET', `${maps}?limit=1&continue=%`))).toHaveLength(1)
})

test('an escaped comma is part of the name that a field selector selects', async () => {
  await using server = await withMap()
  const found = await server.request('GET', `${maps}?fieldSelector=metadata.name%3Da%5C%2Cx`)
  expect(itemsOf(found)).toEqual([])
})

test('a body in no known format is refused before the options are looked at', async () => {
  await using server = await startTestServer()
  const answer = await server.request('POST', `${maps}?dryRun=x`, {}, { 'content-type': 'text/plain' })
  expect(answer.code).toBe(415)
})

test('an immutable map tells an empty map of bytes from none, of texts it does not', async () => {
  await using server = await startTestServer()
  good(await server.request('POST', maps, { metadata: { name: 'i' }, immutable: true }))
  good(await server.request('PUT', `${maps}/i`, { metadata: { name: 'i' }, immutable: true, data: {} }))
  const sent = { metadata: { name: 'i' }, immutable: true, binaryData: {} }
  expect(refusals(await server.request('PUT', `${maps}/i`, sent))).toEqual([
    'binaryData: Forbidden: field is immutable when `immutable` is set',
  ])
})

test('paths that only reading is for refuse other methods, and HEAD is none of the API', async () => {
  await using server = await withMap()
  const code = async (method: string, path: string): Promise<number> => (await server.request(method, path)).code
  expect(await code('PUT', '/apis/apps/v1')).toBe(405)
  expect(await code('HEAD', `${maps}/a`)).toBe(405)
  expect(await code('GET', '/api//v1')).toBe(404)
  expect(await code('GET', '/apis/apps/v1/deployments/x')).toBe(404)
  expect(await code('PUT', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x')).toBe(404)
})

test('a scale that names another object is refused', async () => {
  await using server = await startTestServer()
  const deployments = '/apis/apps/v1/namespaces/default/deployments'
  const labels = { a: 'b' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const made = await server.request('POST', deployments, {
    metadata: { name: 'd' },
    spec: { selector: { matchLabels: labels }, template },
  })
  const { uid } = good(made).metadata
  const patch = { metadata: { uid: 'x' }, spec: { replicas: 2 } }
  expect(said(await server.request('PATCH', `${deployments}/d/scale`, patch, merge))).toEqual([
    409,
    `Operation cannot be fulfilled on deployments/scale.apps "d": Precondition failed: UID in precondition: x, UID in object meta: ${uid}`,
  ])
})

test('a PUT that would create names no object that there was', async () => {
  await using server = await startTestServer()
  const url = '/apis/coordination.k8s.io/v1/namespaces/default/leases/a'
  const put = async (query: string): Promise<readonly unknown[]> =>
    said(await server.request('PUT', `${url}${query}`, { metadata: { name: 'a', uid: 'x' }, spec: {} }))
  const refused = (key: string): readonly unknown[] => [
    409,
    `Operation cannot be fulfilled on leases.coordination.k8s.io "a": StorageError: invalid object, Code: 4, Key: ${key}/leases/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: x, UID in object meta: `,
  ]
  expect(await put('')).toEqual(refused('/registry'))
  expect(await put('?dryRun=All')).toEqual(refused(''))
})

test('a binding that names its pod by a path is refused', async () => {
  await using server = await startTestServer()
  const binding = { metadata: { name: 'a/b' }, target: { name: 'n' } }
  expect(said(await server.request('POST', '/api/v1/namespaces/default/bindings', binding))).toEqual([
    400,
    `Name parameter invalid: "a/b": may not contain '/'`,
  ])
})

test('a patch of a kind that nobody takes is told of nothing else', async () => {
  await using server = await startTestServer()
  const endpoints = '/api/v1/namespaces/default/endpoints'
  const headers = { 'content-type': 'application/json' }
  const patched = await server.request('PATCH', `${endpoints}/e`, {}, headers)
  expect([patched.code, patched.headers['warning']]).toEqual([415, undefined])
  const posted = await server.request('POST', endpoints, {}, { 'content-type': 'text/odd' })
  expect([posted.code, posted.headers['warning']]).toEqual([415, expect.stringContaining('Endpoints is deprecated')])
})

test('a template without containers lacks them', async () => {
  await using server = await startTestServer()
  const answer = await server.request('POST', '/api/v1/namespaces/default/podtemplates', { metadata: { name: 'a' } })
  expect(refusals(answer)).toEqual(['template.spec.containers: Required value'])
})

test('half a surrogate pair in a kind is told as what the API reads there', async () => {
  await using server = await startTestServer()
  const body = '{"kind":"PodTempl\\ud800ate","apiVersion":"v1"}'
  const [code, why] = said(await server.request('POST', '/api/v1/namespaces/default/podtemplates', body))
  expect([code, why]).toEqual([400, expect.stringMatching(/^PodTempl\ufffdate in version "v1" cannot be handled as a/)])
})

test('bytes may be written as a list of numbers', async () => {
  await using server = await startTestServer()
  const create = (bytes: readonly unknown[]): Promise<Answer> =>
    server.request('POST', maps, { metadata: { name: 'a' }, binaryData: { k: bytes } })
  expect(said(await create([1, 256]))[1]).toContain(
    'json: cannot unmarshal number 256 into Go struct field ConfigMap.binaryData of type uint8',
  )
  expect(said(await create(['x']))[1]).toContain('cannot unmarshal string into Go struct field')
  expect(good<ConfigMap>(await create([1, null, 255])).binaryData).toEqual({ k: 'AQD/' })
})

test('the record of who wrote what is checked when someone changes it', async () => {
  await using server = await startTestServer()
  good(await server.request('POST', maps, { metadata: { name: 'a' }, data: { k: 'v' } }))
  const put = (entry: object): Promise<Answer> => {
    const record = { manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', ...entry }
    const managedFields = [{ ...record, fieldsV1: { 'f:data': { 'f:k': {} } } }]
    return server.request('PUT', `${maps}/a`, { metadata: { name: 'a', managedFields }, data: { k: 'v' } })
  }
  const at = 'metadata.managedFields[0]'
  const long = await put({ manager: 'm'.repeat(129) })
  expect(new Set(refusals(long))).toEqual(new Set([`${at}.manager: Too long: may not be more than 128 bytes`]))
  expect(refusals(await put({ manager: 'a\nb' }))[0]).toBe(
    `${at}.manager: Invalid value: "a\\nb": invalid character U+000A (at position 1)`,
  )
  expect(refusals(await put({ subresource: 's'.repeat(257) }))[0]).toBe(
    `${at}.subresource: Too long: may not be more than 256 bytes`,
  )
  expect((await put({})).code).toBe(200)
})

test('a selector is owned by who sets it, whatever empty ones came before', async () => {
  await using server = await startTestServer()
  const create = async (name: string, matchLabels: object): Promise<unknown> => {
    const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies'
    const made = await server.request('POST', policies, { metadata: { name }, spec: { podSelector: { matchLabels } } })
    return good<NetworkPolicy>(made).metadata.managedFields?.[0]?.fieldsV1
  }
  const unset = { 'f:spec': { 'f:policyTypes': {} } }
  for (const name of ['a', 'b', 'c']) expect(await create(name, {})).toEqual(unset)
  const set = { 'f:spec': { 'f:podSelector': {}, 'f:policyTypes': {} } }
  for (const name of ['d', 'e', 'f']) expect(await create(name, { k: 'v' })).toEqual(set)
  expect(await create('g', {})).toEqual(unset)
})

test('a budget that says too much is told without the empty parts of its selector', async () => {
  await using server = await startTestServer()
  const spec = { minAvailable: 1, maxUnavailable: 1, selector: { matchLabels: {} } }
  const answer = await server.request('POST', '/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
    metadata: { name: 'a' },
    spec,
  })
  expect(refusals(answer)).toEqual([
    'spec: Invalid value: {"MinAvailable":1,"Selector":{},"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
  ])
})

test('values that no enumeration has are told as JSON, other texts are quoted', async () => {
  await using server = await startTestServer()
  const answer = await server.request('POST', '/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: 'a' },
    provisioner: 'p',
    volumeBindingMode: '<\u0000',
  })
  expect(refusals(answer)).toEqual([
    'volumeBindingMode: Unsupported value: "\\u003c\\u0000": supported values: "Immediate", "WaitForFirstConsumer"',
  ])
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: '<', name: 'a' }
  const binding = await server.request('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'a' },
    roleRef,
  })
  expect(refusals(binding)).toEqual(['roleRef.kind: Unsupported value: "<": supported values: "ClusterRole"'])
})

test('numbers of YAML are read by their value, those of JSON as they are written', async () => {
  await using server = await startTestServer()
  const text = (replicas: string): string =>
    `{"metadata":{"name":"a"},"spec":{"replicas":${replicas},"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}`
  const deployments = '/apis/apps/v1/namespaces/default/deployments'
  const create = (replicas: string, type: string): Promise<Answer> =>
    server.request('POST', `${deployments}?dryRun=All`, text(replicas), { 'content-type': `application/${type}` })
  for (const number of ['5.0', '0.5e1']) {
    expect(good<Deployment>(await create(number, 'yaml')).spec.replicas).toBe(5)
    expect(said(await create(number, 'json'))[1]).toContain(`cannot unmarshal number ${number} into`)
  }
})

test('under /apis/ groups are listed one by one', async () => {
  await using server = await startTestServer()
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const kindUnder = async (path: string, ...others: readonly string[]): Promise<unknown> => {
    const { body } = await server.request('GET', path, undefined, { accept: [accept, ...others].join(',') })
    return (body as { readonly kind: string }).kind
  }
  expect(await kindUnder('/apis')).toBe('APIGroupDiscoveryList')
  expect(await kindUnder('/apis/', 'application/json')).toBe('APIGroupList')
})

test('a method that no collection has is refused without a word of what it would have done', async () => {
  await using server = await startTestServer()
  for (const method of ['PUT', 'PATCH']) {
    const { code, headers } = await server.request(method, '/api/v1/namespaces/default/endpoints', {})
    expect([code, headers['warning']]).toEqual([405, undefined])
  }
})

test('what is stored has no link to itself, whoever sends one', async () => {
  await using server = await withMap()
  const sent = { metadata: { name: 'a', selfLink: '/x' }, data: { k: 'v' } }
  const linkOf = async (query: string): Promise<unknown> =>
    good<ConfigMap>(await server.request('PUT', `${maps}/a${query}`, sent)).metadata.selfLink
  expect(await linkOf('?dryRun=All')).toBe('/x')
  expect(await linkOf('')).toBeUndefined()
})

test('a label of a volume’s nodes without a lasting name is not told to be immutable when it is taken away', async () => {
  await using server = await startTestServer()
  const volumes = '/api/v1/persistentvolumes'
  const volume = (key: string): object => {
    const nodeSelectorTerms = [{ matchExpressions: [{ key, operator: 'In', values: ['v'] }] }]
    const source = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } }
    return { metadata: { name: 'a' }, spec: { ...source, nodeAffinity: { required: { nodeSelectorTerms } } } }
  }
  good(await server.request('POST', volumes, volume('k')))
  const changed = async (key: string): Promise<boolean> =>
    refusals(await server.request('PUT', `${volumes}/a`, volume(key))).some((text) => text.startsWith('nodeAffinity:'))
  expect([await changed('other'), await changed('')]).toEqual([true, false])
})

test('a request that is over before it begins changes nothing', async () => {
  let reads = 0
  /** Time passes as it is looked at. */
  class Ticking extends VirtualClock {
    override monotonic(): number {
      return super.monotonic() + reads++ / 100
    }
  }
  await using server = await startTestServer(undefined, new Ticking())
  const late = await server.request('POST', `${maps}?timeout=1ns`, { metadata: { name: 'a' } })
  expect(late.code).toBe(504)
  expect(late.body).toEqual({
    metadata: {},
    status: 'Failure',
    message: 'Timeout: request did not complete within the allotted timeout',
    reason: 'Timeout',
    details: {},
    code: 504,
  })
  expect((await server.request('GET', `${maps}/a`)).code).toBe(404)
  expect((await server.request('GET', `${maps}?timeout=1us`)).code).toBe(504)
})
