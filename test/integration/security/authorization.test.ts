import type { SubjectAccessReview } from '#api/authorization/v1'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../../run/eventually.ts'
import { kubeconfigFor, startApiServer, startSite } from './support.ts'
import type { TestApiServer, TestSite } from './support.ts'

type Status = SubjectAccessReview['status']

const pods = '/api/v1/namespaces/default/pods'
const secrets = '/api/v1/namespaces/default/secrets'

const reviewOf = (body: string): SubjectAccessReview => JSON.parse(body) as SubjectAccessReview

describe('--authorization-config', () => {
  let site: TestSite
  let server: TestApiServer
  let decide: (review: SubjectAccessReview, path: string) => Status
  const webhook = (name: string, rest: string): string => `
- type: Webhook
  name: ${name}
  webhook:
    timeout: 2s
    subjectAccessReviewVersion: v1
    matchConditionSubjectAccessReviewVersion: v1
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: FOLDER/${name}.kubeconfig}
    ${rest}`
  const configuration = (folder: string, first: string, second = ''): string =>
    `
apiVersion: apiserver.config.k8s.io/v1
kind: AuthorizationConfiguration
authorizers:${first}${second}
- {type: RBAC, name: rbac}
`.replaceAll('FOLDER', folder)
  const aboutAlice = `failurePolicy: Deny
    matchConditions:
    - expression: request.user == 'alice' && has(request.resourceAttributes)
    - expression: request.resourceAttributes.resource in ['pods', 'secrets']`

  beforeAll(async () => {
    site = await startSite(({ path, body }) => ({
      body: { ...reviewOf(body), status: decide(reviewOf(body), path) },
    }))
    decide = () => ({ allowed: false })
    const files = {
      'first.kubeconfig': kubeconfigFor(`${site.url}/first`),
      'second.kubeconfig': kubeconfigFor(`${site.url}/second`),
      'authz.yaml': 'x',
    }
    // The file has to name files of the folder, which is not known before.
    await expect(startApiServer(['--authorization-config=@authz.yaml'], files)).rejects.toThrow(
      'failed to load AuthorizationConfiguration from file',
    )
    server = await startApiServer(['--authorization-mode=RBAC'], files)
    const folder = server.folder
    await server[Symbol.asyncDispose]()
    server = await startApiServer(['--authorization-config=@authz.yaml'], {
      ...files,
      'authz.yaml': configuration(folder, '\n- {type: Node, name: node}'),
    })
    await reload(configuration(server.folder, webhook('first', aboutAlice), '\n- {type: Node, name: node}'))
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await site[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    site.asked.length = 0
  })
  const metric = async (pattern: RegExp): Promise<string> => {
    const { text } = await server.ask('/metrics', { token: 'admintoken' })
    return pattern.exec(text)?.[0] ?? ''
  }
  const reloads = (status: string): Promise<string> =>
    metric(new RegExp(`authorization_config_controller_automatic_reloads_total\\{[^}]*status="${status}"\\} \\d+`))
  const reload = async (text: string, status = 'success'): Promise<void> => {
    const before = await reloads(status)
    await server.write('authz.yaml', text)
    await eventually(async () => {
      if ((await reloads(status)) === before) throw new Error('not read yet')
    })
  }

  test('asks a webhook of what its conditions fit, in its words, and keeps its answers', async () => {
    decide = ({ spec }) => ({ allowed: spec.resourceAttributes?.resource === 'pods' })
    const selector = '?labelSelector=app%3Da&fieldSelector=spec.nodeName%3Dx'
    expect((await server.ask(pods + selector, { token: 'alicetoken' })).code).toBe(200)
    expect((await server.ask(pods + selector, { token: 'alicetoken' })).code).toBe(200)
    expect(site.asked.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      [
        '/first',
        {
          kind: 'SubjectAccessReview',
          apiVersion: 'authorization.k8s.io/v1',
          metadata: {},
          spec: {
            resourceAttributes: {
              namespace: 'default',
              verb: 'list',
              version: 'v1',
              resource: 'pods',
              fieldSelector: { requirements: [{ key: 'spec.nodeName', operator: 'In', values: ['x'] }] },
              labelSelector: { requirements: [{ key: 'app', operator: 'In', values: ['a'] }] },
            },
            user: 'alice',
            groups: ['devs', 'system:authenticated'],
            uid: '2',
          },
        },
      ],
    ])
    // No opinion of the webhook leaves it to RBAC; what the conditions don't fit is not asked.
    expect((await server.ask(secrets, { token: 'alicetoken' })).code).toBe(403)
    expect((await server.ask('/api/v1/namespaces/default/configmaps', { token: 'alicetoken' })).code).toBe(403)
    expect((await server.ask('/api/v1/nodes', { token: 'admintoken' })).code).toBe(200)
    expect(site.asked).toHaveLength(2)
    expect(await metric(/decisions_total\{[^}]*name="first"[^}]*\} \d+/)).toBe(
      'decisions_total{decision="allowed",name="first",type="Webhook"} 2',
    )
  })

  test('a webhook may deny, and its failure denies where the policy says so', async () => {
    await reload(
      configuration(
        server.folder,
        webhook('first', `${aboutAlice}\n    cacheUnauthorizedRequests: false`),
        '\n- {type: Node, name: node}',
      ),
    )
    decide = () => ({ allowed: false, denied: true, reason: 'not today' })
    const denied = await server.ask(secrets, { token: 'alicetoken' })
    expect([denied.code, denied.body['message']]).toEqual([
      403,
      'secrets is forbidden: User "alice" cannot list resource "secrets" in API group "" in the namespace "default": not today',
    ])
    const { reply } = site
    site.reply = () => ({
      code: 403,
      body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'no', reason: 'Forbidden', code: 403 },
    })
    const failed = await server.ask(secrets, { token: 'alicetoken' })
    expect(failed.code).toBe(500)
    site.reply = () => ({ delayMs: 3000 })
    const late = await server.ask(`${secrets}/late`, { token: 'alicetoken' })
    expect(late.code).toBe(500)
    site.reply = reply
    expect(await metric(/webhook_evaluations_total\{name="first",result="timeout"\} \d+/)).not.toBe('')
  })

  test('asks several webhooks in order', async () => {
    const noOpinion = 'failurePolicy: NoOpinion'
    await reload(
      configuration(
        server.folder,
        webhook('first', noOpinion) + webhook('second', noOpinion),
        '\n- {type: Node, name: node}',
      ),
    )
    decide = (_, path) => ({ allowed: path === '/second' })
    expect((await server.ask(secrets, { token: 'alicetoken' })).code).toBe(200)
    expect(site.asked.map(({ path }) => path)).toEqual(['/first', '/second'])
  })

  test('keeps what it has when the file leaves out who has to be there', async () => {
    await reload(
      `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n- {type: AlwaysAllow, name: alwaysallow}\n`,
      'failure',
    )
    decide = () => ({ allowed: false })
    expect((await server.ask('/api/v1/nodes', { token: 'alicetoken' })).code).toBe(403)
  })
})

describe('--authorization-mode', () => {
  test('Webhook is asked in the version that flags say', async () => {
    await using site = await startSite(({ body }) => ({
      body: { ...reviewOf(body), status: { allowed: reviewOf(body).spec.user === 'alice' } },
    }))
    await using server = await startApiServer(
      ['--authorization-mode=Webhook', '--authorization-webhook-config-file=@hook.yaml'],
      { 'hook.yaml': kubeconfigFor(site.url) },
    )
    expect((await server.ask(secrets, { token: 'alicetoken' })).code).toBe(200)
    const asked = site.asked.map(({ path, body }) => [path, JSON.parse(body)])
    expect(asked.at(-1)).toEqual([
      '/',
      expect.objectContaining({
        apiVersion: 'authorization.k8s.io/v1beta1',
        spec: {
          resourceAttributes: { namespace: 'default', verb: 'list', version: 'v1', resource: 'secrets' },
          user: 'alice',
          group: ['devs', 'system:authenticated'],
          uid: '2',
        },
      }),
    ])
  })

  test('ABAC decides by the lines of a file', async () => {
    const policy = (spec: object): string =>
      JSON.stringify({ apiVersion: 'abac.authorization.kubernetes.io/v1beta1', kind: 'Policy', spec })
    const lines = [
      '# who may what',
      policy({ group: 'devs', namespace: 'default', resource: 'pods', apiGroup: '*', readonly: true }),
      policy({ user: '*', nonResourcePath: '/vers*', readonly: true }),
    ]
    await using server = await startApiServer(
      ['--authorization-mode=ABAC', '--authorization-policy-file=@abac.jsonl'],
      {
        'abac.jsonl': lines.join('\n'),
      },
    )
    expect((await server.ask(pods, { token: 'alicetoken' })).code).toBe(200)
    expect((await server.ask('/version', { token: 'alicetoken' })).code).toBe(200)
    expect((await server.ask('/version')).code).toBe(403)
    const refused = await server.ask(pods, { method: 'DELETE', token: 'alicetoken' })
    expect([refused.code, refused.body['message']]).toEqual([
      403,
      'pods is forbidden: User "alice" cannot deletecollection resource "pods" in API group "" in the namespace "default": No policy matched.',
    ])
    const rules = await server.ask('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      method: 'POST',
      token: 'admintoken',
      headers: { 'impersonate-user': 'alice', 'impersonate-group': 'devs' },
      body: { kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1', spec: { namespace: 'default' } },
    })
    expect(rules.code).toBe(403)
  })

  test.each([
    [['--authorization-mode=Webhook'], "authorization-mode Webhook's authorization config file not passed"],
    [['--authorization-mode=ABAC'], "authorization-mode ABAC's authorization policy file not passed"],
    [['--authorization-mode=RBAC,RBAC'], 'authorization-mode ["RBAC" "RBAC"] has mode specified more than once'],
    [
      ['--authorization-config=@tokens.csv', '--authorization-mode=RBAC'],
      '--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined',
    ],
    [['--authorization-policy-file=@tokens.csv'], 'cannot specify --authorization-policy-file without mode ABAC'],
  ])('%j is refused', async (flags, message) => {
    await expect(startApiServer(flags)).rejects.toThrow(message)
  })
})
