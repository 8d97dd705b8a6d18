import { describe, expect, test } from 'vitest'
import type { ValidatingAdmissionPolicy, ValidatingWebhookConfiguration } from '#api/admissionregistration/v1'
import { startTestServer } from '../server.ts'
import { good, patch, refusals } from './objects.ts'

const registration = '/apis/admissionregistration.k8s.io/v1'
const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }]

describe('webhooks', () => {
  const webhooks = `${registration}/validatingwebhookconfigurations`
  const webhook = (fields: object = {}): object => ({
    name: 'a.b.c',
    clientConfig: { url: 'https://a.example/x' },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    rules,
    ...fields,
  })
  const configuration = (...hooks: readonly object[]): object => ({ metadata: { name: 'w' }, webhooks: hooks })

  test('what is not said takes its default, and the generation follows the webhooks', async () => {
    await using server = await startTestServer()
    const made = good<ValidatingWebhookConfiguration>(await server.request('POST', webhooks, configuration(webhook())))
    expect(made.webhooks?.[0]).toMatchObject({
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      timeoutSeconds: 10,
      rules: [{ scope: '*' }],
    })
    const changed = await patch(server, `${webhooks}/w`, { webhooks: [webhook({ timeoutSeconds: 5 })] })
    expect([made.metadata.generation, good(changed).metadata.generation]).toEqual([1, 2])
  })

  test('a webhook has a name of three parts, one address, and side effects that are known', async () => {
    await using server = await startTestServer()
    const odd = webhook({ name: 'a', clientConfig: {}, sideEffects: 'Some', timeoutSeconds: 31 })
    expect(refusals(await server.request('POST', webhooks, configuration(odd)))).toEqual([
      'webhooks[0].name: Invalid value: "a": should be a domain with at least three segments separated by dots',
      'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
      'webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds',
      'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
    ])
  })

  test('addresses are of servers that prove who they are', async () => {
    await using server = await startTestServer()
    const plain = webhook({ clientConfig: { url: 'http://u:p@a.example/x?y#z' } })
    expect(refusals(await server.request('POST', webhooks, configuration(plain)))).toEqual([
      'webhooks[0].clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
      'webhooks[0].clientConfig.url: Invalid value: "u:p": user information is not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "z": fragments are not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "y": query parameters are not permitted in the URL',
    ])
  })
})

describe('validating policies', () => {
  const policies = `${registration}/validatingadmissionpolicies`
  const policy = (spec: object = {}): object => ({
    metadata: { name: 'p' },
    spec: { matchConstraints: { resourceRules: rules }, validations: [{ expression: 'true' }], ...spec },
  })

  test('what is not said takes its default', async () => {
    await using server = await startTestServer()
    const { spec } = good<ValidatingAdmissionPolicy>(await server.request('POST', policies, policy()))
    expect(spec).toMatchObject({
      failurePolicy: 'Fail',
      matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} },
    })
  })

  test('a policy is about something and has something to say', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', policies, policy({ matchConstraints: null })))).toEqual([
      'spec.matchConstraints: Required value',
    ])
    expect(refusals(await server.request('POST', policies, policy({ validations: null })))).toEqual([
      'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
      'spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item',
    ])
  })

  test('a binding says what follows, and not two things at once', async () => {
    await using server = await startTestServer()
    const bindings = `${registration}/validatingadmissionpolicybindings`
    const binding = (validationActions: readonly string[]): object => ({
      metadata: { name: 'b' },
      spec: { policyName: 'p', validationActions },
    })
    expect(refusals(await server.request('POST', bindings, binding([])))).toEqual([
      'spec.validationActions: Required value: at least one validation action is required',
    ])
    expect(refusals(await server.request('POST', bindings, binding(['Deny', 'Warn'])))).toEqual([
      'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    ])
    expect((await server.request('POST', bindings, binding(['Warn', 'Audit']))).code).toBe(201)
  })

  test.for<[string, string]>([
    ['1', 'must evaluate to bool but got int'],
    ['object.spec.privileged', 'must evaluate to bool but got dyn'],
    ['params.limit == 1', "undeclared reference to 'params'"],
    ['request.color == "red"', "undefined field 'color'"],
    ['variables.later == 1', "undefined field 'later'"],
    ['object.', 'Syntax error: no viable alternative'],
  ])('the condition %s is refused', async ([expression, why]) => {
    await using server = await startTestServer()
    const spec = { variables: [{ name: 'one', expression: '1' }], validations: [{ expression }] }
    const [refusal, ...others] = refusals(await server.request('POST', policies, policy(spec)))
    expect(others).toEqual([])
    expect(refusal).toMatch(/^spec\.validations\[0\]\.expression: Invalid value: /)
    expect(refusal).toContain(why)
  })

  test('variables are there for what comes after them, and parameters where the policy has them', async () => {
    await using server = await startTestServer()
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      variables: [
        { name: 'one', expression: '1' },
        { name: 'two', expression: 'variables.one + 1' },
      ],
      validations: [
        { expression: 'variables.two == int(params.data.two)', messageExpression: '"not " + params.data.two' },
      ],
      auditAnnotations: [{ key: 'two', valueExpression: '"two" + string(variables.two)' }],
    }
    expect(refusals(await server.request('POST', policies, policy(spec)))).toEqual([])
  })
})
