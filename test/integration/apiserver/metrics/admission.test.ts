import type { AdmissionReview } from '#api/admission/v1'
import { expect, test } from 'vitest'
import { startClusterServer } from '../server.ts'
import type { ClusterServer } from '../server.ts'
import { scrape } from './scrape.ts'

const group = '/apis/admissionregistration.k8s.io/v1'
const configMaps = '/api/v1/namespaces/default/configmaps'
const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }]

/** A server whose webhooks answer after 70 ms as their path says: `/deny` refuses, `/broken` fails, others let in. */
async function startWithWebhooks(): Promise<ClusterServer> {
  const server: ClusterServer = await startClusterServer(
    {},
    {
      webhooks:
        ({ url }) =>
        async (request) => {
          await server.clock.advance(70)
          const { body } = request
          if (body?.kind !== 'object') throw new Error('an object was expected')
          const { request: asked } = body.object as AdmissionReview
          const refused = { allowed: false, status: { code: 418, message: 'no' } }
          const response = { uid: asked?.uid ?? '', ...(url.includes('/deny') ? refused : { allowed: true }) }
          const review = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response }
          const isBroken = url.includes('/broken')
          return {
            kind: 'bytes',
            code: isBroken ? 502 : 200,
            contentType: 'application/json',
            bytes: new TextEncoder().encode(isBroken ? 'broken' : JSON.stringify(review)),
          }
        },
    },
  )
  return server
}

const webhook = (path: string, rest: object = {}): object => ({
  name: `${path}.example.com`,
  clientConfig: { url: `https://127.0.0.1:1/${path}` },
  rules,
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  objectSelector: { matchLabels: { hook: path } },
  ...rest,
})

test('webhooks are counted and timed by what they answer, and by what becomes of it', async () => {
  await using server = await startWithWebhooks()
  const webhooks = [
    webhook('ok', { matchConditions: [{ name: 'not-b', expression: "object.metadata.name != 'b'" }] }),
    webhook('deny'),
    webhook('broken'),
    webhook('broken-open', { failurePolicy: 'Ignore' }),
    webhook('wrong', { matchConditions: [{ name: 'fails', expression: "object.data.x == 'y'" }] }),
  ]
  const configuration = { metadata: { name: 'hooks' }, webhooks }
  expect((await server.request('POST', `${group}/mutatingwebhookconfigurations`, configuration)).code).toBe(201)
  const create = async (name: string, hook: string): Promise<number> =>
    (await server.request('POST', configMaps, { metadata: { name, labels: { hook } } })).code
  expect(await create('a', 'ok')).toBe(201)
  expect(await create('b', 'ok')).toBe(201)
  expect(await create('c', 'deny')).toBe(418)
  expect(await create('d', 'broken')).toBe(500)
  expect(await create('e', 'broken-open')).toBe(201)
  expect(await create('f', 'wrong')).toBe(403)
  const { value, series } = await scrape(server)
  const prefix = 'apiserver_admission_'
  const of = (name: string, rejected: boolean): string =>
    `name="${name}.example.com",operation="CREATE",rejected="${rejected}",type="admit"`
  expect(series(`${prefix}webhook_request_total`).toSorted()).toEqual([
    `${prefix}webhook_request_total{code="200",${of('ok', false)}}`,
    `${prefix}webhook_request_total{code="418",${of('deny', true)}}`,
    `${prefix}webhook_request_total{code="502",${of('broken-open', false)}}`,
    `${prefix}webhook_request_total{code="502",${of('broken', true)}}`,
  ])
  expect(value(`${prefix}webhook_admission_duration_seconds_sum{${of('ok', false)}}`)).toBeCloseTo(0.07)
  expect(series(`${prefix}webhook_rejection_count`).toSorted()).toEqual([
    `${prefix}webhook_rejection_count{error_type="calling_webhook_error",name="broken.example.com",operation="CREATE",rejection_code="502",type="admit"}`,
    `${prefix}webhook_rejection_count{error_type="no_error",name="deny.example.com",operation="CREATE",rejection_code="418",type="admit"}`,
  ])
  expect(value(`${prefix}webhook_fail_open_count{name="broken-open.example.com",type="admit"}`)).toBe(1)
  const conditions = (name: string): string =>
    `{kind="webhook",name="${name}.example.com",operation="CREATE",type="admit"}`
  expect(value(`${prefix}match_condition_evaluation_seconds_count${conditions('ok')}`)).toBe(2)
  expect(value(`${prefix}match_condition_exclusions_total${conditions('ok')}`)).toBe(1)
  expect(value(`${prefix}match_condition_evaluation_errors_total${conditions('wrong')}`)).toBe(1)
  const requests =
    'component="apiserver",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"'
  expect(
    value(
      `apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",${requests.slice(22)},le="0.05"}`,
    ),
  ).toBe(3)
  expect(value(`apiserver_request_sli_duration_seconds_bucket{${requests},le="0.05"}`)).toBe(6 + 1)
})

test('the time of validating webhooks, which are asked at once, is told once and is none of the server', async () => {
  await using server = await startWithWebhooks()
  const configuration = {
    metadata: { name: 'hooks' },
    webhooks: [webhook('a'), webhook('a', { name: 'b.example.com' })],
  }
  await server.request('POST', `${group}/validatingwebhookconfigurations`, configuration)
  const before = await scrape(server)
  expect((await server.request('POST', configMaps, { metadata: { name: 'x', labels: { hook: 'a' } } })).code).toBe(201)
  const { value } = await scrape(server)
  const labels =
    'component="apiserver",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"'
  const sli = `apiserver_request_sli_duration_seconds_sum{${labels}}`
  expect(value(sli) - (before.value(sli) || 0)).toBeCloseTo(0)
  const asked =
    'apiserver_admission_webhook_request_total{code="200",name="b.example.com",operation="CREATE",rejected="false",type="validating"}'
  expect(value(asked)).toBe(1)
})

test('policies are counted by what is done about validations that do not hold, and by what applying them came to', async () => {
  await using server = await startClusterServer()
  const matchConstraints = { resourceRules: rules }
  const post = async (plural: string, name: string, spec: object): Promise<void> => {
    expect((await server.request('POST', `${group}/${plural}`, { metadata: { name }, spec })).code).toBe(201)
  }
  const validations = [{ expression: "object.metadata.name != 'bad'" }]
  const matchConditions = [{ name: 'all', expression: 'true' }]
  await post('validatingadmissionpolicies', 'valid', { matchConstraints, matchConditions, validations })
  const binding = { policyName: 'valid', validationActions: ['Deny', 'Audit'] }
  await post('validatingadmissionpolicybindings', 'bound', binding)
  const expression = 'Object{metadata: Object.metadata{labels: {"a": "b"}}}'
  const mutations = [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }]
  await post('mutatingadmissionpolicies', 'mutate', { matchConstraints, mutations, reinvocationPolicy: 'Never' })
  await post('mutatingadmissionpolicybindings', 'bound', { policyName: 'mutate' })
  expect((await server.request('POST', configMaps, { metadata: { name: 'good' } })).code).toBe(201)
  expect((await server.request('POST', configMaps, { metadata: { name: 'bad' } })).code).toBe(422)
  const { value } = await scrape(server)
  const failed = (action: string): string =>
    `apiserver_validating_admission_policy_check_total{enforcement_action="${action}",error_type="invalid_error",policy="valid",policy_binding="bound"}`
  expect([value(failed('deny')), value(failed('audit')), value(failed('warn'))]).toEqual([1, 1, NaN])
  const conditions = '{kind="policy",name="valid",operation="CREATE",type="validate"}'
  expect(value(`apiserver_admission_match_condition_evaluation_seconds_count${conditions}`)).toBe(2)
  const applied =
    'apiserver_mutating_admission_policy_check_total{error_type="no_error",policy="mutate",policy_binding="bound"}'
  expect(value(applied)).toBe(2)
})

test('pods are counted by what the level of their namespace says of them', async () => {
  await using server = await startClusterServer()
  const label = (mode: string): string => `pod-security.kubernetes.io/${mode}`
  const namespaces = {
    r: { [label('enforce')]: 'restricted' },
    w: { [label('warn')]: 'baseline', [label('audit-version')]: 'v1.99', [label('audit')]: 'baseline' },
  }
  for (const [name, labels] of Object.entries({ ...namespaces, p: {} })) {
    await server.request('POST', '/api/v1/namespaces', { metadata: { name, labels } })
    await server.request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } })
    const pod = { metadata: { name: 'a' }, spec: { hostNetwork: true, containers: [{ name: 'a', image: 'a' }] } }
    await server.request('POST', `/api/v1/namespaces/${name}/pods`, pod)
  }
  const { value, series } = await scrape(server)
  const of = (decision: string, mode: string, level: string, version = 'latest'): string =>
    `pod_security_evaluations_total{decision="${decision}",mode="${mode}",policy_level="${level}",policy_version="${version}",request_operation="create",resource="pod",subresource=""}`
  expect(series('pod_security_evaluations_total').toSorted()).toEqual(
    [
      of('deny', 'enforce', 'restricted'),
      of('allow', 'enforce', 'privileged'),
      of('deny', 'audit', 'baseline', 'future'),
      of('deny', 'warn', 'baseline'),
      of('deny', 'warn', 'restricted'),
    ]
      .filter((line) => line !== of('deny', 'warn', 'restricted'))
      .toSorted(),
  )
  expect(value(of('allow', 'enforce', 'privileged'))).toBe(2)
})
