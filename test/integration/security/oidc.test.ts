import { createHash, createSign, constants, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../run/eventually.ts'
import { authority, startApiServer, startSite } from './support.ts'
import type { TestApiServer, TestSite } from './support.ts'

interface Key {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
  readonly jwk: object
}

function keyOf(kid: string, alg: string): Key {
  const curves: { readonly [alg: string]: string } = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }
  const curve = curves[alg]
  const { privateKey, publicKey } =
    curve === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: curve })
  return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg } }
}

function tokenOf({ kid, alg, privateKey }: Key, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const content = `${encode({ alg, kid })}.${encode(claims)}`
  const hash = `sha${alg.slice(2)}`
  let signature: Buffer
  if (alg.startsWith('ES')) signature = sign(hash, Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  else if (alg.startsWith('PS')) {
    const padding = constants.RSA_PKCS1_PSS_PADDING
    signature = sign(hash, Buffer.from(content), { key: privateKey, padding, saltLength: 32 })
  } else signature = createSign(hash).update(content).sign(privateKey)
  return `${content}.${signature.toString('base64url')}`
}

const indented = (text: string): string => text.trimEnd().replaceAll('\n', '\n      ')

/** An issuer of tokens, with keys of its own. */
interface Issuer extends AsyncDisposable {
  readonly site: TestSite
  keys: readonly Key[]
}

async function startIssuer(keys: readonly Key[], cacheControl = ''): Promise<Issuer> {
  const site = await startSite(({ path }) => {
    if (path === '/.well-known/openid-configuration' || path === '/elsewhere') {
      return { body: { issuer: site.url, jwks_uri: `${site.url}/keys` } }
    }
    const headers = cacheControl === '' ? {} : { 'cache-control': cacheControl }
    return path === '/keys' ? { headers, body: { keys: issuer.keys.map(({ jwk }) => jwk) } } : { code: 404 }
  })
  const issuer: Issuer = { site, keys, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() }
  return issuer
}

const soon = (): number => Math.floor(Date.now() / 1000) + 600
const rsa = keyOf('one', 'RS256')

describe('--authentication-config', () => {
  let issuer: Issuer
  let server: TestApiServer
  const configuration = (mappings: string, rest = ''): string => `
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: ${issuer.site.url}
    certificateAuthority: |
      ${indented(authority.certificate)}
    audiences: [k8ts, other]
    audienceMatchPolicy: MatchAny
  claimMappings:
${mappings}
${rest}
`
  const byClaims = `
    username: {claim: sub, prefix: "oidc:"}
    groups: {claim: roles, prefix: "g:"}
    uid: {claim: uid}`
  const byExpressions = `
    username: {expression: 'claims.name.split("@")[0] + (claims.admin ? "+" : "")'}
    groups: {expression: 'claims.roles.map(role, "x-" + role)'}
    uid: {expression: 'claims.meta.a__dot__b'}
    extra:
    - {key: example.org/tenant, valueExpression: 'claims.tenant'}
    - {key: example.org/none, valueExpression: '""'}
  claimValidationRules:
  - {claim: hd, requiredValue: example.org}
  - {expression: 'claims.level > 2.0', message: too low}
  userValidationRules:
  - {expression: "!user.username.startsWith('system:')", message: reserved}`

  beforeAll(async () => {
    issuer = await startIssuer([rsa])
    server = await startApiServer(['--authentication-config=@authn.yaml'], { 'authn.yaml': configuration(byClaims) })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await issuer[Symbol.asyncDispose]()
  })
  const claims = (more: object = {}): object => ({
    iss: issuer.site.url,
    aud: 'k8ts',
    sub: 'jane',
    exp: soon(),
    ...more,
  })
  /** Keys come a moment after the start. */
  const knownUser = (token: string): Promise<unknown> =>
    eventually(async () => {
      const user = await server.whoIs(token)
      if (user === 401) throw new Error('unauthorized')
      return user
    })
  const reload = async (text: string): Promise<void> => {
    const before = await successes()
    await server.write('authn.yaml', text)
    await eventually(async () => {
      if ((await successes()) === before) throw new Error('not read yet')
    })
  }
  const metric = async (pattern: RegExp): Promise<string> => {
    const { text } = await server.ask('/metrics', { token: 'admintoken' })
    return pattern.exec(text)?.[0] ?? ''
  }
  const successes = (): Promise<string> =>
    metric(/apiserver_authentication_config_controller_automatic_reloads_total\{[^}]*status="success"\} \d+/)
  const failures = (): Promise<string> =>
    metric(/apiserver_authentication_config_controller_automatic_reloads_total\{[^}]*status="failure"\} \d+/)

  test('maps claims to name, groups and uid, with prefixes and the id of the token', async () => {
    const token = tokenOf(rsa, claims({ roles: ['dev', 'ops'], uid: '77', jti: 'abc' }))
    expect(await knownUser(token)).toEqual({
      username: 'oidc:jane',
      uid: '77',
      groups: ['g:dev', 'g:ops', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': ['JTI=abc'] },
    })
    const one = tokenOf(rsa, claims({ roles: 'dev', uid: '1', aud: ['x', 'other'] }))
    expect(await server.whoIs(one)).toMatchObject({ groups: ['g:dev', 'system:authenticated'] })
  })

  test('refuses what is out of date, for others, by others, or signed by nobody it knows', async () => {
    await knownUser(tokenOf(rsa, claims({ uid: '1' })))
    const refusals: readonly (readonly [string, string])[] = [
      [
        tokenOf(rsa, claims({ uid: '1', exp: 1000 })),
        'oidc: token is expired (Token Expiry: 1970-01-01 00:16:40 +0000 UTC)',
      ],
      [
        tokenOf(rsa, claims({ uid: '1', aud: 'foreign' })),
        'oidc: expected audience in ["k8ts" "other"] got ["foreign"]',
      ],
      [
        tokenOf(keyOf('one', 'RS256'), claims({ uid: '1' })),
        'failed to verify signature: failed to verify id token signature',
      ],
      [tokenOf(rsa, claims({ uid: '1', nbf: soon() })), 'before the nbf (not before) time'],
      [tokenOf({ ...rsa, alg: 'HS256' }, claims({ uid: '1' })).replace(/\.[^.]*$/, '.AAAA'), 'unsupported algorithm'],
      [tokenOf(rsa, claims()), 'oidc: parse uid claim "uid": claim not present'],
      [tokenOf(rsa, claims({ uid: 7 })), 'oidc: parse uid claim "uid": json: cannot unmarshal number'],
      [tokenOf(rsa, claims({ uid: '1', iss: 'https://elsewhere' })), 'invalid bearer token'],
    ]
    for (const [token, why] of refusals) {
      expect(await server.whoIs(token)).toBe(401)
      const review = await server.ask('/apis/authentication.k8s.io/v1/tokenreviews', {
        method: 'POST',
        token: 'admintoken',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } },
      })
      expect((review.body['status'] as { error: string }).error).toContain(why)
    }
  })

  test('takes keys that the issuer begins to use, of all algorithms, and reads them no oftener than that', async () => {
    await knownUser(tokenOf(rsa, claims({ uid: '1' })))
    const others = ['ES256', 'ES384', 'ES512', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) =>
      keyOf(alg, alg),
    )
    issuer.keys = [rsa, ...others]
    const reads = (): number => issuer.site.asked.filter(({ path }) => path === '/keys').length
    const before = reads()
    for (const key of others) {
      expect(await server.whoIs(tokenOf(key, claims({ uid: '1', sub: key.alg })))).toMatchObject({
        username: `oidc:${key.alg}`,
      })
    }
    expect(reads() - before).toBe(1)
    const hash = createHash('sha256')
      .update(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }))
      .digest('hex')
    expect(await metric(/jwks_fetch_last_key_set_info\{.*/)).toContain(`sha256:${hash}`)
  })

  test('goes by the file when it changes: expressions, and rules of claims and users', async () => {
    await reload(configuration(byExpressions))
    const good = {
      name: 'joe@x',
      admin: true,
      roles: ['a'],
      meta: { 'a.b': 'u' },
      tenant: ['t1', 't2'],
      hd: 'example.org',
      level: 3,
    }
    expect(await server.whoIs(tokenOf(rsa, claims(good)))).toEqual({
      username: 'joe+',
      uid: 'u',
      groups: ['x-a', 'system:authenticated'],
      extra: { 'example.org/tenant': ['t1', 't2'] },
    })
    for (const bad of [
      { hd: 'example.com' },
      { level: 2 },
      { name: 'system:x@x' },
      { name: '', admin: false },
      { roles: [1] },
    ]) {
      expect(await server.whoIs(tokenOf(rsa, claims({ ...good, ...bad })))).toBe(401)
    }
    await reload(configuration(byClaims))
    expect(await server.whoIs(tokenOf(rsa, claims({ ...good, uid: '1' })))).toMatchObject({ username: 'oidc:jane' })
  })

  test('keeps what it has when the file can not be used', async () => {
    const before = await failures()
    await server.write('authn.yaml', configuration(byClaims).replace('claim: sub', 'claims: sub'))
    await eventually(async () => {
      if ((await failures()) === before) throw new Error('not read yet')
    })
    expect(await server.whoIs(tokenOf(rsa, claims({ uid: '1', sub: 'kept' })))).toMatchObject({ username: 'oidc:kept' })
    await reload(configuration(byClaims, '# read again'))
  })
})

describe('issuers', () => {
  test('groups may be with another issuer, where the token says', async () => {
    await using issuer = await startIssuer([rsa])
    const { url } = issuer.site
    const found = tokenOf(rsa, { iss: url, aud: 'k8ts', exp: soon(), groups: ['far'] })
    const { reply } = issuer.site
    issuer.site.reply = (asked) => (asked.path === '/groups' ? { body: found } : reply(asked))
    await using server = await startApiServer(
      [
        `--oidc-issuer-url=${url}`,
        '--oidc-client-id=k8ts',
        '--oidc-ca-file=@ca.pem',
        '--oidc-username-prefix=-',
        '--oidc-groups-claim=groups',
      ],
      { 'ca.pem': authority.certificate },
    )
    const sources = {
      _claim_names: { groups: 'src' },
      _claim_sources: { src: { endpoint: `${url}/groups`, access_token: 'secret' } },
    }
    const token = tokenOf(rsa, { iss: url, aud: 'k8ts', exp: soon(), sub: 'jane', ...sources })
    await eventually(async () => {
      expect(await server.whoIs(token)).toEqual({ username: 'jane', groups: ['far', 'system:authenticated'] })
    })
    expect(issuer.site.asked.findLast(({ path }) => path === '/groups')?.headers.authorization).toBe('Bearer secret')
  })

  test('flags name the issuer, its prefix and required claims, and algorithms', async () => {
    await using issuer = await startIssuer([rsa, keyOf('two', 'ES256')], 'max-age=3600')
    const { url } = issuer.site
    await using server = await startApiServer(
      [
        `--oidc-issuer-url=${url}`,
        '--oidc-client-id=k8ts',
        '--oidc-ca-file=@ca.pem',
        '--oidc-required-claim=team=a,b',
        '--oidc-required-claim=hd=x',
      ],
      { 'ca.pem': authority.certificate },
    )
    const claims = { iss: url, aud: 'k8ts', exp: soon(), sub: 'jane', team: 'a,b', hd: 'x' }
    await eventually(async () => {
      expect(await server.whoIs(tokenOf(rsa, claims))).toEqual({
        username: `${url}#jane`,
        groups: ['system:authenticated'],
      })
    })
    expect(await server.whoIs(tokenOf(rsa, { ...claims, team: 'a' }))).toBe(401)
    const [, es] = issuer.keys
    expect(es && (await server.whoIs(tokenOf(es, claims)))).toBe(401)
  })

  test('a discovery document may lie elsewhere', async () => {
    await using issuer = await startIssuer([rsa])
    const { url } = issuer.site
    const { reply } = issuer.site
    issuer.site.reply = (asked) => (asked.path.startsWith('/.well-known') ? { code: 404 } : reply(asked))
    const jwt = [
      {
        issuer: {
          url,
          discoveryURL: `${url}/elsewhere`,
          certificateAuthority: authority.certificate,
          audiences: ['k8ts'],
        },
        claimMappings: { username: { claim: 'email', prefix: '' } },
      },
    ]
    const file = JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt })
    await using server = await startApiServer(['--authentication-config=@authn.json'], { 'authn.json': file })
    const claims = { iss: url, aud: 'k8ts', exp: soon(), email: 'j@x' }
    await eventually(async () => {
      expect(await server.whoIs(tokenOf(rsa, claims))).toMatchObject({ username: 'j@x' })
    })
    expect(await server.whoIs(tokenOf(rsa, { ...claims, email_verified: false }))).toBe(401)
  })
})

describe('requests without credentials', () => {
  const anonymous = (text: string): string =>
    `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nanonymous: ${text}\n`

  test('are let in on the paths that the configuration names', async () => {
    await using server = await startApiServer(['--authentication-config=@a.yaml'], {
      'a.yaml': anonymous('{enabled: true, conditions: [{path: /livez}]}'),
    })
    expect((await server.ask('/livez')).code).toBe(200)
    expect((await server.ask('/healthz')).code).toBe(401)
    expect((await server.ask('/version')).code).toBe(401)
  })

  test('are said to be let in by one alone: the file, or the flag', async () => {
    const files = { 'a.yaml': anonymous('{enabled: false}') }
    await expect(startApiServer(['--authentication-config=@a.yaml', '--anonymous-auth=true'], files)).rejects.toThrow(
      'anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file',
    )
  })
})
