import { expect, test } from 'vitest'
import type { Deployment } from '#api/apps/v1'
import type { ConfigMap } from '#api/core/v1'
import type { Status } from '#machinery'
import { startClusterServer } from './server.ts'
import type { Answer, TestServer } from './server.ts'

const api = '/apis/admissionregistration.k8s.io/v1'
const configMaps = '/api/v1/namespaces/default/configmaps'
const deployments = '/apis/apps/v1/namespaces/default/deployments'

const constraints = (group: string, resource: string): object => ({
  resourceRules: [{ operations: ['CREATE', 'UPDATE'], apiGroups: [group], apiVersions: ['v1'], resources: [resource] }],
})
const configuration = (expression: string): object => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
})
const jsonPatch = (expression: string): object => ({ patchType: 'JSONPatch', jsonPatch: { expression } })

async function bind(server: TestServer, name: string, spec: object, binding: object = {}): Promise<void> {
  const policy = await server.request('POST', `${api}/mutatingadmissionpolicies`, {
    metadata: { name },
    spec: { matchConstraints: constraints('', 'configmaps'), reinvocationPolicy: 'Never', ...spec },
  })
  expect(policy).toMatchObject({ code: 201 })
  const bound = await server.request('POST', `${api}/mutatingadmissionpolicybindings`, {
    metadata: { name },
    spec: { policyName: name, ...binding },
  })
  expect(bound).toMatchObject({ code: 201 })
}

const create = async (server: TestServer, name: string, data: object = { a: '1' }): Promise<Answer> =>
  server.request('POST', configMaps, { metadata: { name }, data })
const message = ({ body }: Answer): string | undefined => (body as Status).message

test('a configuration is laid over the object: fields, maps, and lists by their keys', async () => {
  await using server = await startClusterServer()
  const template = 'Object.spec.template'
  const container = `${template}.spec.containers{name: "b", image: object.spec.template.spec.containers[0].image}`
  const expression = `Object{
    metadata: Object.metadata{annotations: {"by": "policy"}},
    spec: Object.spec{
      replicas: 7,
      template: ${template}{spec: ${template}.spec{containers: [${container}]}}
    }
  }`
  await bind(server, 'p', {
    matchConstraints: constraints('apps', 'deployments'),
    mutations: [configuration(expression)],
  })
  const labels = { app: 'a' }
  const { code, body } = await server.request('POST', deployments, {
    metadata: { name: 'd', annotations: { own: 'x' } },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'i' }] } },
    },
  })
  expect(code).toBe(201)
  const { metadata, spec } = body as Deployment
  expect(metadata.annotations).toEqual({ own: 'x', by: 'policy' })
  expect(spec.replicas).toBe(7)
  // What was added got its defaults.
  expect(spec.template.spec?.containers).toMatchObject([
    { name: 'a', image: 'i' },
    { name: 'b', image: 'i', imagePullPolicy: 'Always', terminationMessagePath: '/dev/termination-log' },
  ])
})

test('a JSON patch is applied, with keys escaped, variables, and nothing done where a test does not hold', async () => {
  await using server = await startClusterServer()
  const operations = `[
    JSONPatch{op: "add", path: "/metadata/labels", value: {"of": object.metadata.name}},
    JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey(variables.key), value: "yes"}
  ]`
  await bind(server, 'p', {
    variables: [{ name: 'key', expression: '"example.com/marked"' }],
    mutations: [
      jsonPatch(operations),
      jsonPatch('[JSONPatch{op: "test", path: "/data/a", value: "2"}, JSONPatch{op: "remove", path: "/data/a"}]'),
    ],
  })
  const one = (await create(server, 'one')).body as ConfigMap
  expect(one.metadata.labels).toEqual({ of: 'one', 'example.com/marked': 'yes' })
  expect(one.data).toEqual({ a: '1' })
  expect(((await create(server, 'two', { a: '2', b: '3' })).body as ConfigMap).data).toEqual({ b: '3' })
})

test('each mutation sees what those before it made, and conditions leave requests alone', async () => {
  await using server = await startClusterServer()
  await bind(server, 'p', {
    matchConditions: [{ name: 'not-mine', expression: 'object.metadata.name != "mine"' }],
    mutations: [
      configuration('Object{data: {"first": "1"}}'),
      configuration('Object{data: {"second": object.data.first + "2"}}'),
    ],
  })
  expect(((await create(server, 'other')).body as ConfigMap).data).toEqual({ a: '1', first: '1', second: '12' })
  expect(((await create(server, 'mine')).body as ConfigMap).data).toEqual({ a: '1' })
})

test('parameters come from objects that the binding names', async () => {
  await using server = await startClusterServer()
  await create(server, 'params', { tag: 'blue' })
  await bind(
    server,
    'p',
    {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      mutations: [configuration('Object{metadata: Object.metadata{labels: {"tag": params.data.tag}}}')],
    },
    { paramRef: { name: 'params', parameterNotFoundAction: 'Deny' } },
  )
  expect(((await create(server, 'a')).body as ConfigMap).metadata.labels).toEqual({ tag: 'blue' })
})

test('a policy that wants to is asked again when a later one changed the object', async () => {
  await using server = await startClusterServer()
  const count = (key: string): object =>
    configuration(`Object{data: {"${key}": has(object.data.${key}) ? object.data.${key} + "+" : "1"}}`)
  await bind(server, 'a', { reinvocationPolicy: 'IfNeeded', mutations: [count('first')] })
  await bind(server, 'b', { mutations: [count('second')] })
  expect(((await create(server, 'x')).body as ConfigMap).data).toEqual({ a: '1', first: '1+', second: '1' })
})

test('what can not be done refuses the request, or is passed over where the policy may fail', async () => {
  await using server = await startClusterServer()
  await bind(server, 'p', { mutations: [configuration('Object{data: Object.wrong{a: "1"}}')] })
  const refusal = await create(server, 'a')
  expect(refusal.code).toBe(403)
  expect(refusal.body).toMatchObject({ reason: 'Invalid' })
  expect(message(refusal)).toBe(
    `policy 'p' with binding 'p' denied request: type mismatch: unexpected type name "Object.wrong", expected "Object.data", which matches field name path from root Object type`,
  )
  await server.request('DELETE', `${api}/mutatingadmissionpolicybindings/p`)
  await bind(server, 'q', {
    failurePolicy: 'Ignore',
    mutations: [
      configuration('Object{metadata: Object.metadata{managedFields: [Object.metadata.managedFields{manager: "x"}]}}'),
      configuration('Object{data: {"b": "2"}}'),
    ],
  })
  expect(((await create(server, 'b')).body as ConfigMap).data).toEqual({ a: '1', b: '2' })
})

test('expressions that come to no configuration, or to no operations, are refused', async () => {
  await using server = await startClusterServer()
  const refusal = async (mutation: object): Promise<string | undefined> =>
    message(
      await server.request('POST', `${api}/mutatingadmissionpolicies`, {
        metadata: { name: 'p' },
        spec: { matchConstraints: constraints('', 'configmaps'), reinvocationPolicy: 'Never', mutations: [mutation] },
      }),
    )
  const of = (name: string, expression: string, why: string): string =>
    `MutatingAdmissionPolicy.admissionregistration.k8s.io "p" is invalid: spec.mutations[0].${name}.expression: Invalid value: ${expression}: ${why}`
  expect(await refusal(configuration('Object.spec{}'))).toBe(
    of('applyConfiguration', '"Object.spec{}"', 'must evaluate to Object but got Object.spec'),
  )
  // There are variables, though the policy declares none.
  expect(await refusal(configuration('Object{data: variables.a}'))).toContain("undefined field 'a'")
  expect(await refusal(jsonPatch('[1]'))).toBe(
    of('jsonPatch', '"[1]"', 'must evaluate to list(JSONPatch) but got list(int)'),
  )
  expect(await refusal(jsonPatch('[JSONPatch{path: 1}]'))).toContain(
    "expected type of field 'path' is 'string' but provided type is 'int'",
  )
})

test('a patch that makes a field that there is not refuses the request', async () => {
  await using server = await startClusterServer()
  await bind(server, 'p', { mutations: [jsonPatch('[JSONPatch{op: "add", path: "/foo", value: 1}]')] })
  const answer = await create(server, 'a')
  expect([answer.code, message(answer)]).toEqual([
    500,
    'Internal error occurred: strict decoding error: unknown field "foo"',
  ])
})

test('parameters of an unknown kind are the fault of the policy, and no invalid request', async () => {
  await using server = await startClusterServer()
  const paramKind = { apiVersion: 'none.example/v1', kind: 'None' }
  await bind(server, 'p', { paramKind, mutations: [configuration('Object{data: {"b": "1"}}')] })
  const refusal = await create(server, 'a')
  expect(refusal.body).toMatchObject({ code: 403, reason: 'Forbidden' })
  expect(message(refusal)).toBe(
    "policy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'none.example/v1, Kind=None'",
  )
})

test.each([
  ['Object{immutable: null}', 403, '.immutable: expected boolean, got &{NULL_VALUE}'],
  ['Object{data: null}', 403, '.data: expected map, got &{NULL_VALUE}'],
  ['Object{data: {"a": null}}', 403, '.data.a: expected string, got &value.valueUnstructured{Value:0}'],
  [
    'Object{metadata: Object.metadata{namespace: "other"}}',
    400,
    'the namespace of the provided object does not match the namespace sent on the request',
  ],
])('%s refuses the request with %d', async (expression, code, why) => {
  await using server = await startClusterServer()
  await bind(server, 'p', { mutations: [configuration(expression)] })
  const answer = await create(server, 'c')
  expect(answer.code).toBe(code)
  expect(message(answer)).toContain(why)
})

test('a patch that makes the object one of a version that there is not refuses the request', async () => {
  await using server = await startClusterServer()
  const expression = '[JSONPatch{op: "replace", path: "/apiVersion", value: "v2"}]'
  await bind(server, 'p', { mutations: [jsonPatch(expression)] })
  const answer = await create(server, 'c')
  expect(answer.code).toBe(500)
  expect(message(answer)).toContain('no kind "ConfigMap" is registered for version "v2"')
})

test('a policy that wants to sees once more what it did itself', async () => {
  await using server = await startClusterServer()
  const again = configuration('Object{data: {"a": object.data.a + "!"}}')
  await bind(server, 'a', { reinvocationPolicy: 'IfNeeded', mutations: [again] })
  expect(((await create(server, 'x')).body as ConfigMap).data).toEqual({ a: '1!!' })
})

test('scales are changed by operations, and nothing is laid over them', async () => {
  await using server = await startClusterServer()
  const labels = { app: 'a' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'i' }] } }
  const spec = { selector: { matchLabels: labels }, template }
  await server.request('POST', deployments, { metadata: { name: 'd' }, spec })
  const matchConstraints = constraints('apps', 'deployments/scale')
  const operation = jsonPatch('[JSONPatch{op: "replace", path: "/spec/replicas", value: 5}]')
  await bind(server, 'p', { matchConstraints, mutations: [operation] })
  const merge = { 'content-type': 'application/merge-patch+json' }
  const scale = async (): Promise<Answer> =>
    server.request('PATCH', `${deployments}/d/scale`, { spec: { replicas: 2 } }, merge)
  expect(await scale()).toMatchObject({ code: 200, body: { kind: 'Scale', spec: { replicas: 5 } } })
  await bind(server, 'q', { matchConstraints, mutations: [configuration('Object{}')] })
  const refusal = await scale()
  expect([refusal.code, message(refusal)]).toEqual([
    403,
    `policy 'q' with binding 'q' denied request: error applying patch: failed to convert patch object to typed object: no corresponding type for autoscaling/v1, Kind=Scale`,
  ])
})
