import { expect, test } from 'vitest'
import type { Status } from '#machinery'
import { startClusterServer } from './server.ts'
import type { Answer, TestServer } from './server.ts'

const api = '/apis/admissionregistration.k8s.io/v1'
const configMaps = '/api/v1/namespaces/default/configmaps'
const message = ({ body }: Answer): string | undefined => (body as Status).message

const matchConstraints = {
  resourceRules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
}

async function bind(server: TestServer, spec: object, binding: object = {}): Promise<void> {
  const policy = await server.request('POST', `${api}/validatingadmissionpolicies`, {
    metadata: { name: 'p' },
    spec: { matchConstraints, ...spec },
  })
  expect(policy).toMatchObject({ code: 201 })
  const bound = await server.request('POST', `${api}/validatingadmissionpolicybindings`, {
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'], ...binding },
  })
  expect(bound).toMatchObject({ code: 201 })
}

const create = async (server: TestServer, name: string, data: object): Promise<Answer> =>
  server.request('POST', configMaps, { metadata: { name }, data })

test('a bound policy refuses what its validations do not hold for, with its reason and message', async () => {
  await using server = await startClusterServer()
  await bind(server, {
    variables: [{ name: 'size', expression: 'size(object.data)' }],
    validations: [
      {
        expression: 'variables.size <= 1',
        messageExpression: '"too much data: " + string(variables.size)',
        reason: 'Forbidden',
      },
    ],
  })
  expect((await create(server, 'a', { a: '1' })).code).toBe(201)
  const refusal = await create(server, 'b', { a: '1', b: '2' })
  expect(refusal.code).toBe(403)
  expect(message(refusal)).toBe(
    `configmaps "b" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: too much data: 2`,
  )
})

test('match conditions leave requests alone, and a binding may warn instead of refusing', async () => {
  await using server = await startClusterServer()
  await bind(
    server,
    {
      matchConditions: [{ name: 'not-mine', expression: '!object.metadata.name.startsWith("mine")' }],
      validations: [{ expression: 'has(object.data.ok)', message: 'say that it is ok' }],
    },
    { validationActions: ['Warn'] },
  )
  expect((await create(server, 'mine', { a: '1' })).headers['warning']).toBeUndefined()
  const { code, headers } = await create(server, 'other', { a: '1' })
  expect(code).toBe(201)
  expect(headers['warning']).toContain(
    `Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': say that it is ok`,
  )
})

test('a policy is evaluated with the parameters that its binding names, and refuses where they are missing', async () => {
  await using server = await startClusterServer()
  await bind(
    server,
    {
      paramKind: { apiVersion: 'v1', kind: 'Secret' },
      validations: [{ expression: 'object.metadata.name == params.metadata.labels.allowed' }],
    },
    { paramRef: { name: 'rules', namespace: 'default', parameterNotFoundAction: 'Deny' } },
  )
  expect(message(await create(server, 'a', {}))).toContain('no params found for policy binding')
  await server.request('POST', '/api/v1/namespaces/default/secrets', {
    metadata: { name: 'rules', labels: { allowed: 'a' } },
  })
  expect((await create(server, 'a', {})).code).toBe(201)
  const refusal = await create(server, 'b', {})
  expect(refusal.code).toBe(422)
  expect(message(refusal)).toContain('failed expression: object.metadata.name == params.metadata.labels.allowed')
})

test('a binding that only warns does not let through what it could not be set up for', async () => {
  await using server = await startClusterServer()
  await bind(
    server,
    { paramKind: { apiVersion: 'v1', kind: 'Secret' }, validations: [{ expression: 'true' }] },
    {
      validationActions: ['Warn'],
      paramRef: { name: 'none', namespace: 'default', parameterNotFoundAction: 'Deny' },
    },
  )
  expect((await create(server, 'a', {})).code).toBe(422)
})

test('expressions ask for the rights of whoever makes the request, and of service accounts', async () => {
  await using server = await startClusterServer()
  const secrets = 'group("").resource("secrets").namespace("default")'
  await bind(server, {
    variables: [{ name: 'reads', expression: `authorizer.${secrets}.check("get").allowed()` }],
    matchConditions: [{ name: 'named', expression: 'authorizer.requestResource.check("create").allowed()' }],
    validations: [
      { expression: 'variables.reads' },
      {
        expression: `!authorizer.serviceAccount("default", "x").${secrets}.name("s").check("get").allowed()`,
        message: 'x may read s',
      },
      { expression: 'authorizer.path("/metrics").check("get").errored() == false' },
    ],
  })
  expect((await create(server, 'a', {})).code).toBe(201)
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default'
  await server.request('POST', `${rbac}/roles`, {
    metadata: { name: 'r' },
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['s'], verbs: ['get'] }],
  })
  await server.request('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'r' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name: 'x', namespace: 'default' }],
  })
  expect(message(await create(server, 'b', {}))).toContain('denied request: x may read s')
})

test('what expressions may not ask is refused with the policy', async () => {
  await using server = await startClusterServer()
  const post = async (spec: object): Promise<string | undefined> =>
    message(
      await server.request('POST', `${api}/validatingadmissionpolicies`, {
        metadata: { name: 'p' },
        spec: { matchConstraints, ...spec },
      }),
    )
  const asked = 'string(authorizer.path("/").check("get").allowed())'
  expect(await post({ validations: [{ expression: 'true', messageExpression: asked }] })).toContain(
    "undeclared reference to 'authorizer'",
  )
  expect(await post({ validations: [{ expression: 'authorizer.group("").check("get").allowed()' }] })).toContain(
    "found no matching overload for 'check' applied to 'kubernetes.authorization.GroupCheck.(string)'",
  )
  expect(await post({ validations: [{ expression: 'int("x") == 1' }] })).toContain(
    "Internal error: program instantiation failed: type conversion error from 'string' to 'int'",
  )
})

test('parameters of an unknown kind are the fault of the policy, whatever its bindings pick', async () => {
  await using server = await startClusterServer()
  const nowhere = { matchResources: { namespaceSelector: { matchLabels: { no: 'where' } } } }
  const paramKind = { apiVersion: 'none.example/v1', kind: 'None' }
  await bind(server, { paramKind, validations: [{ expression: 'true' }] }, nowhere)
  expect(message(await create(server, 'a', {}))).toBe(
    `configmaps "a" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'none.example/v1, Kind=None'`,
  )
})

test.each([
  ['request.namespace == "default"', 201],
  ['!has(request.subResource)', 201],
  ['request.subResource == ""', 422],
  ['request.requestSubResource == ""', 422],
])('what a request does not have is no field of it: %s', async (expression, code) => {
  await using server = await startClusterServer()
  await bind(server, { validations: [{ expression }] })
  const answer = await create(server, 'a', { a: '1' })
  expect(answer.code).toBe(code)
  if (code !== 201) expect(message(answer)).toContain(`expression '${expression}' resulted in error: no such key: `)
})
