import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { TokenReview } from '#api/authentication/v1'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../run/eventually.ts'
import { kubeconfigFor, startApiServer, startSite } from './support.ts'
import type { TestApiServer } from './support.ts'

const reviewOf = (body: string): TokenReview => JSON.parse(body) as TokenReview

describe('--authentication-token-webhook-config-file', () => {
  test('asks about tokens that nobody knows, in the version that flags say, and keeps answers', async () => {
    await using site = await startSite(({ body }) => {
      const { token, audiences } = reviewOf(body).spec
      const user = { username: 'wendy', uid: 'w', groups: ['g'], extra: { k: ['v'] } }
      if (token === 'broken') return { body: { ...reviewOf(body), status: { error: 'who is that' } } }
      return { body: { ...reviewOf(body), status: { authenticated: token === 'far', user, audiences } } }
    })
    const flags = ['--authentication-token-webhook-config-file=@hook.yaml', '--authentication-token-webhook-version=v1']
    await using server = await startApiServer(
      [...flags, '--service-account-issuer=https://one', '--service-account-issuer=https://two'],
      {
        'hook.yaml': kubeconfigFor(`${site.url}/tokens`),
      },
    )
    const wendy = { username: 'wendy', uid: 'w', groups: ['g', 'system:authenticated'], extra: { k: ['v'] } }
    expect(await server.whoIs('far')).toEqual(wendy)
    expect(await server.whoIs('far')).toEqual(wendy)
    expect(site.asked.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      [
        '/tokens',
        {
          kind: 'TokenReview',
          apiVersion: 'authentication.k8s.io/v1',
          metadata: {},
          spec: { token: 'far', audiences: ['https://one', 'https://two'] },
        },
      ],
    ])
    expect(await server.whoIs('alicetoken')).toMatchObject({ username: 'alice' })
    expect(site.asked).toHaveLength(1)
    expect(await server.whoIs('stranger')).toBe(401)
    const review = await server.ask('/apis/authentication.k8s.io/v1/tokenreviews', {
      method: 'POST',
      token: 'admintoken',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'broken' } },
    })
    expect(review.body['status']).toEqual({ user: {}, error: '[invalid bearer token, who is that]' })
  })

  test('its silence is no answer', async () => {
    await using site = await startSite(() => ({ code: 500 }))
    await using server = await startApiServer(['--authentication-token-webhook-config-file=@hook.yaml'], {
      'hook.yaml': kubeconfigFor(site.url),
    })
    const begun = Date.now()
    expect(await server.whoIs('far')).toBe(401)
    expect(Date.now() - begun).toBeGreaterThan(500)
    expect(site.asked).toHaveLength(5)
  })
})

describe('service accounts', () => {
  const accounts = '/api/v1/namespaces/default/serviceaccounts'
  const pem = (curve: string): { readonly key: KeyObject; readonly text: string } => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve })
    return { key: privateKey, text: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  }
  const signed = (key: KeyObject, claims: object): string => {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const content = `${encode({ alg: 'ES256' })}.${encode(claims)}`
    return `${content}.${sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  /** An account, once there is its namespace. */
  const created = (server: TestApiServer, name: string): Promise<{ readonly uid: string }> =>
    eventually(async () => {
      const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }
      const answer = await server.ask(accounts, { method: 'POST', token: 'admintoken', body })
      expect(answer.code).toBe(201)
      return answer.body['metadata'] as { readonly uid: string }
    })
  const request = (spec: object): object => ({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec })

  test('the first issuer issues, and the tokens of all are taken, by any key of the files', async () => {
    const [first, second] = [pem('P-256'), pem('P-256')]
    await using server = await startApiServer(
      [
        '--service-account-issuer=https://new',
        '--service-account-issuer=https://old',
        '--service-account-key-file=@keys.pem',
        '--service-account-signing-key-file=@sign.pem',
        '--service-account-jwks-uri=https://keys.example.org/jwks',
        '--service-account-max-token-expiration=2h',
      ],
      { 'keys.pem': first.text + second.text, 'sign.pem': first.text },
    )
    const { uid } = await created(server, 'robot')
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      aud: ['https://old'],
      exp: now + 600,
      iat: now,
      nbf: now,
      iss: 'https://old',
      sub: 'system:serviceaccount:default:robot',
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid } },
    }
    const robot = { username: 'system:serviceaccount:default:robot', uid }
    expect(await server.whoIs(signed(second.key, claims))).toMatchObject(robot)
    expect(await server.whoIs(signed(second.key, { ...claims, iss: 'https://other' }))).toBe(401)
    expect(await server.whoIs(signed(pem('P-256').key, claims))).toBe(401)

    const issued = await server.ask(`${accounts}/robot/token`, {
      method: 'POST',
      token: 'admintoken',
      body: request({ expirationSeconds: 100_000 }),
    })
    expect(issued.body['spec']).toEqual({
      audiences: ['https://new', 'https://old'],
      expirationSeconds: 7200,
      boundObjectRef: null,
    })
    expect(issued.headers['warning']).toBe('299 - "requested expiration of 100000 seconds shortened to 7200 seconds"')
    const { token } = issued.body['status'] as { readonly token: string }
    expect(await server.whoIs(token)).toMatchObject(robot)
    const discovery = await server.ask('/.well-known/openid-configuration', { token: 'admintoken' })
    expect(discovery.body).toMatchObject({ issuer: 'https://new', jwks_uri: 'https://keys.example.org/jwks' })
    expect((await server.ask('/openid/v1/jwks', { token: 'admintoken' })).code).toBe(406)
    const any = { token: 'admintoken', headers: { accept: '*/*' } }
    const keys = await server.ask('/openid/v1/jwks', any)
    expect(keys.body['keys']).toHaveLength(2)
    for (const path of ['/openid/v1/jwks/', '/.well-known/openid-configuration/'])
      expect((await server.ask(path, { method: 'POST', token: 'admintoken' })).code).toBe(405)
  })

  test('what a token is bound to has to have a name', async () => {
    await using server = await startApiServer([])
    await created(server, 'robot')
    for (const kind of ['Pod', 'Secret', 'Node']) {
      const answer = await server.ask(`${accounts}/robot/token`, {
        method: 'POST',
        token: 'admintoken',
        body: request({ boundObjectRef: { apiVersion: 'v1', kind } }),
      })
      expect([answer.code, answer.body['message']]).toEqual([400, 'Name parameter required.'])
    }
  })

  test.each([
    [['--service-account-issuer=a', '--service-account-issuer=a'], 'service-account-issuer "a" is already specified'],
    [['--service-account-jwks-uri=http://x'], 'service-account-jwks-uri requires https scheme, parsed as: http://x'],
    [
      ['--service-account-max-token-expiration=30m'],
      'the service-account-max-token-expiration must be between 1 hour and 2^32 seconds',
    ],
  ])('%j is refused', async (flags, message) => {
    await expect(startApiServer(flags)).rejects.toThrow(message)
  })
})

test('a binding to a role that is not there says so in the name of the binding', async () => {
  await using server = await startApiServer(['--authorization-mode=RBAC'])
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const bindings = `${rbac}/clusterrolebindings`
  const apiGroup = 'rbac.authorization.k8s.io'
  const post = (path: string, token: string, body: object): ReturnType<TestApiServer['ask']> =>
    server.ask(path, { method: 'POST', token, body })
  const rules = [{ apiGroups: [apiGroup], resources: ['clusterrolebindings'], verbs: ['create'] }]
  const bound = (name: string): object => ({
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup, kind: 'ClusterRole', name },
    subjects: [{ apiGroup, kind: 'User', name: 'alice' }],
  })
  await post(`${rbac}/clusterroles`, 'admintoken', {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'binder' },
    rules,
  })
  await post(bindings, 'admintoken', bound('binder'))
  const answer = await post(bindings, 'alicetoken', bound('absent'))
  expect([answer.code, answer.body['message']]).toEqual([
    404,
    'clusterrolebindings.rbac.authorization.k8s.io "absent" not found',
  ])
})
