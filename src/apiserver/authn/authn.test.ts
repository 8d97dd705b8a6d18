import { describe, expect, test } from 'vitest'
import { VirtualClock } from '#base'
import type { Node, Pod, Secret, ServiceAccount } from '#api/core/v1'
import type { ApiRequest, Connection, Headers } from '#client'
import type { Authentication, Notes, TokenAuthenticator } from './authenticator.ts'
import { forAudiences } from './audiences.ts'
import { createAuthenticator } from './index.ts'
import type { AuthenticationOptions } from './index.ts'
import { standardProxyHeaders } from './request/front-proxy.ts'
import { legacyTokenClaims, tokenClaims } from './service-account/claims.ts'
import { serviceAccountAuthenticator } from './service-account/index.ts'
import type { TokenObjects } from './service-account/objects.ts'
import { accountUsername, parseAccountUsername } from './service-account/username.ts'
import { bootstrapTokenAuthenticator } from './token/bootstrap.ts'
import { cachedTokenAuthenticator } from './token/cache.ts'
import type { TokenClaims, TokenVerifier } from './token/signing.ts'
import { parseTokenFile, staticTokenAuthenticator } from './token/static.ts'

const clock = new VirtualClock()

function request(headers: Headers = {}, connection?: Connection, path = '/api'): ApiRequest {
  const signal = new AbortController().signal
  return { method: 'GET', path, query: '', headers, signal, ...(connection ? { connection } : {}) }
}

class Heard implements Notes {
  readonly warnings: string[] = []
  readonly annotations: { [key: string]: string } = {}
  warn(text: string): void {
    this.warnings.push(text)
  }
  annotate(key: string, value: string): void {
    this.annotations[key] = value
  }
}

const tokens = staticTokenAuthenticator(parseTokenFile('secret,alice,7,"devs,ops"\n'))

async function authenticate(
  options: Partial<AuthenticationOptions>,
  asked: ApiRequest,
  notes = new Heard(),
): Promise<Authentication> {
  return createAuthenticator({ clock, tokens: [tokens], anonymous: { paths: [] }, ...options }).authenticate(
    asked,
    notes,
  )
}

const alice = { name: 'alice', uid: '7', groups: ['devs', 'ops', 'system:authenticated'] }
const nobody = { user: { name: 'system:anonymous', groups: ['system:unauthenticated'] } }

describe('createAuthenticator()', () => {
  test('takes bearer tokens, whatever the case of the scheme', async () => {
    for (const authorization of ['Bearer secret', ' bearer secret', 'BEARER secret more'])
      expect(await authenticate({}, request({ authorization }))).toMatchObject({ user: alice })
  })

  test('a bad token is an error, no token is anonymous', async () => {
    const bad = { error: 'invalid bearer token' }
    expect(await authenticate({}, request({ authorization: 'Bearer other' }))).toEqual(bad)
    expect(await authenticate({}, request())).toEqual(nobody)
    expect(await authenticate({}, request({ authorization: 'Basic secret' }))).toEqual(nobody)
  })

  test('warns of a token behind two spaces, which is no token', async () => {
    const notes = new Heard()
    expect(await authenticate({}, request({ authorization: 'Bearer  secret' }), notes)).toEqual(nobody)
    expect(notes.warnings).toEqual([
      'the provided Authorization header contains extra space before the bearer token, and is ignored',
    ])
  })

  test('anonymous requests can be kept to some paths', async () => {
    const anonymous = { paths: ['/healthz'] }
    expect(await authenticate({ anonymous }, request({}, undefined, '/healthz'))).toEqual(nobody)
    expect(await authenticate({ anonymous }, request({}, undefined, '/healthz/x'))).toBeUndefined()
  })

  test('takes the token of a WebSocket from its protocols', async () => {
    const offer = (...protocols: string[]): Promise<Authentication> =>
      authenticate(
        {},
        request({
          connection: 'keep-alive, Upgrade',
          upgrade: 'websocket',
          'sec-websocket-protocol': protocols.join(', '),
        }),
      )
    const carrier = `base64url.bearer.authorization.k8s.io.${btoa('secret').replaceAll('=', '')}`
    expect(await offer(carrier, 'v5.channel.k8s.io')).toMatchObject({ user: alice })
    expect(await offer(carrier)).toEqual({ error: 'missing additional subprotocol' })
    expect(await offer(carrier, carrier)).toEqual({
      error: 'multiple base64.bearer.authorization tokens specified',
    })
    expect(await offer('base64url.bearer.authorization.k8s.io.x', 'a')).toEqual({
      error: 'invalid base64.bearer.authorization token encoding',
    })
    expect(await offer('v5.channel.k8s.io')).toEqual(nobody)
  })

  const certificate = {
    commonName: 'bob',
    organizations: ['admins'],
    fingerprint: 'abc',
    issuer: 'clients',
    notAfter: clock.now() + 1000,
  }
  const clientAuthorities = (): string[] => ['clients']

  test('reads users from client certificates of its authority, for as long as they live', async () => {
    expect(await authenticate({ clientAuthorities }, request({}, { clientCertificate: certificate }))).toEqual({
      user: {
        name: 'bob',
        groups: ['admins', 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=abc'] },
      },
    })
    const late = { ...certificate, notAfter: clock.now() - 1 }
    const foreign = { ...certificate, issuer: 'proxies' }
    for (const clientCertificate of [late, foreign]) {
      const answer = await authenticate({ clientAuthorities }, request({}, { clientCertificate }))
      expect(answer).toHaveProperty('error')
    }
    expect(await authenticate({ clientAuthorities }, request({}, { certificateError: 'x' }))).toHaveProperty('error')
    expect(
      await authenticate({ clientAuthorities }, request({ authorization: 'Bearer secret' }, { certificateError: 'x' })),
    ).toMatchObject({ user: alice })
  })

  test('it is told how long certificates have to live that clients show', async () => {
    const shown: number[] = []
    const certificates = { shown: (milliseconds: number) => void shown.push(milliseconds) }
    for (const clientCertificate of [certificate, { ...certificate, notAfter: clock.now() - 1, issuer: 'proxies' }])
      await authenticate({ clientAuthorities, certificates }, request({}, { clientCertificate }))
    await authenticate({ clientAuthorities, certificates }, request({ authorization: 'Bearer secret' }))
    expect(shown).toEqual([1000, -1])
  })

  test('the same certificate gives the same record', async () => {
    const authenticator = createAuthenticator({ clock, tokens: [], clientAuthorities })
    const asked = request({}, { clientCertificate: certificate })
    const first = await authenticator.authenticate(asked, new Heard())
    const second = await authenticator.authenticate(asked, new Heard())
    expect((first as { user: object }).user).toBe((second as { user: object }).user)
  })

  test('believes the headers of a front proxy whose certificate names it', async () => {
    const frontProxy = { ...standardProxyHeaders, authorities: () => ['proxies'], allowedNames: ['aggregator'] }
    const headers = {
      'x-remote-user': 'carol',
      'x-remote-uid': '9',
      'x-remote-group': 'a, b, system:masters',
      'x-remote-extra-scopes%2fx': 'one',
    }
    const proxied = (name: string, issuer: string): ApiRequest => ({
      ...request(headers, { clientCertificate: { ...certificate, commonName: name, issuer } }),
      headerValues: (header) => (header === 'x-remote-group' ? ['a, b', 'system:masters'] : [headers[header as never]]),
    })
    expect(await authenticate({ frontProxy }, proxied('aggregator', 'proxies'))).toEqual({
      user: {
        name: 'carol',
        uid: '9',
        groups: ['a, b', 'system:masters', 'system:authenticated'],
        extra: { 'scopes/x': ['one'] },
      },
    })
    expect(await authenticate({ frontProxy }, proxied('stranger', 'proxies'))).toEqual({
      error: 'x509: subject with cn=stranger is not in the allowed list',
    })
    expect(await authenticate({ frontProxy, clientAuthorities }, proxied('bob', 'clients'))).toMatchObject({
      user: { name: 'bob' },
    })
    expect(await authenticate({ frontProxy }, request(headers))).toEqual(nobody)
  })
})

describe('parseTokenFile()', () => {
  test('reads quoted groups, leaves out empty tokens and lines', () => {
    expect([...parseTokenFile('a,b,c\r\n\n,x,y\n"q""q",n,u,"g1,g2"')]).toEqual([
      ['a', { name: 'b', uid: 'c', groups: [] }],
      ['q"q', { name: 'n', uid: 'u', groups: ['g1', 'g2'] }],
    ])
  })
  test('refuses short records', () => {
    expect(() => parseTokenFile('a,b')).toThrow('at least 3 columns')
    expect(() => parseTokenFile('a,"b')).toThrow('quote')
  })
})

describe('cachedTokenAuthenticator()', () => {
  test('asks once while an answer holds, replays its notes, and shares questions under way', async () => {
    let asked = 0
    const slow: TokenAuthenticator = {
      async authenticate(token, _, notes) {
        asked++
        await Promise.resolve()
        notes.warn('w')
        return token === 'good' ? { user: alice } : undefined
      },
    }
    const cached = cachedTokenAuthenticator(slow, { clock, successMs: 10, failureMs: 0 })
    const notes = new Heard()
    const both = await Promise.all([
      cached.authenticate('good', undefined, notes),
      cached.authenticate('good', undefined, notes),
    ])
    expect(both).toEqual([{ user: alice }, { user: alice }])
    await cached.authenticate('good', undefined, notes)
    expect([asked, notes.warnings]).toEqual([1, ['w', 'w', 'w']])
    await cached.authenticate('good', ['x'], notes)
    expect(asked).toBe(2)
    await clock.advance(11)
    await cached.authenticate('good', undefined, notes)
    expect(asked).toBe(3)
    await cached.authenticate('bad', undefined, notes)
    await cached.authenticate('bad', undefined, notes)
    expect(asked).toBe(5)
  })
})

describe('bootstrapTokenAuthenticator()', () => {
  const encode = (data: { [key: string]: string }): Secret['data'] =>
    Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)]))
  const good = {
    'token-id': 'abcdef',
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-authentication': 'true',
    'auth-extra-groups': 'system:bootstrappers:z,system:bootstrappers:a',
  }
  const ask = (data: { [key: string]: string }, token = 'abcdef.0123456789abcdef', rest: Partial<Secret> = {}) =>
    bootstrapTokenAuthenticator({
      clock,
      secret: (name) =>
        name === 'bootstrap-token-abcdef'
          ? ({ metadata: { name }, type: 'bootstrap.kubernetes.io/token', data: encode(data), ...rest } as Secret)
          : undefined,
    }).authenticate(token, undefined, new Heard())

  test('knows a token by its secret', () => {
    expect(ask(good)).toEqual({
      user: {
        name: 'system:bootstrap:abcdef',
        groups: ['system:bootstrappers', 'system:bootstrappers:a', 'system:bootstrappers:z'],
      },
    })
  })

  test('does not know what is wrong in any way', () => {
    const future = new Date(clock.now() + 1000).toISOString()
    expect(ask({ ...good, expiration: future })).toBeDefined()
    for (const answer of [
      ask(good, 'abcdef.0123456789abcdee'),
      ask(good, 'abcdeg.0123456789abcdef'),
      ask(good, 'ABCDEF.0123456789abcdef'),
      ask({ ...good, 'token-id': 'other1' }),
      ask({ ...good, 'usage-bootstrap-authentication': 'yes' }),
      ask({ ...good, 'auth-extra-groups': 'system:masters' }),
      ask({ ...good, expiration: new Date(clock.now() - 1000).toISOString() }),
      ask({ ...good, expiration: 'tomorrow' }),
      ask(good, undefined, { type: 'Opaque' }),
      ask(good, undefined, { metadata: { deletionTimestamp: future } }),
    ])
      expect(answer).toBeUndefined()
  })
})

describe('forAudiences()', () => {
  test('knows tokens for the audiences of the server alone', () => {
    const own = forAudiences(['a', 'b'], tokens)
    expect(own.authenticate('secret', ['b', 'c'], new Heard())).toMatchObject({ audiences: ['b'] })
    expect(own.authenticate('secret', ['c'], new Heard())).toBeUndefined()
    expect(own.authenticate('secret', undefined, new Heard())).toMatchObject({ user: { name: 'alice' } })
  })
})

describe('serviceAccountAuthenticator()', () => {
  const encode = (value: object): string => btoa(JSON.stringify(value)).replaceAll('=', '')
  const sign = (claims: TokenClaims, signature = 'good'): string => `${encode({})}.${encode(claims)}.${signature}`
  const verifier: TokenVerifier = {
    verify(token) {
      const [, payload = '', signature] = token.split('.')
      return signature === 'good' ? { claims: JSON.parse(atob(payload)) } : { error: 'bad signature' }
    },
    ready: async () => {},
    keySet: () => ({ keys: [] }),
  }
  const meta = (name: string, uid: string): { metadata: { namespace: string; name: string; uid: string } } => ({
    metadata: { namespace: 'ns', name, uid },
  })
  const account = meta('sa', 'u1') as ServiceAccount
  const pod = meta('p', 'u2') as Pod
  const secret = meta('s', 'u3') as Secret
  const node = { metadata: { name: 'n', uid: 'u4' } } as Node
  const gone = <T extends { metadata: object }>(object: T, ago: number): T => ({
    ...object,
    metadata: { ...object.metadata, deletionTimestamp: new Date(clock.now() - ago).toISOString() },
  })

  interface Live {
    account?: ServiceAccount | undefined
    pod?: Pod | undefined
    secret?: Secret | undefined
    node?: Node | undefined
  }
  const all: Live = { account, pod, secret, node }
  const ask = (token: string, live: Live = all, wanted?: readonly string[], notes = new Heard()) => {
    const objects: TokenObjects = {
      serviceAccount: (namespace, name) => (namespace === 'ns' && name === 'sa' ? live.account : undefined),
      pod: () => live.pod,
      secret: () => live.secret,
      node: () => live.node,
    }
    return serviceAccountAuthenticator({
      clock,
      verifier,
      issuers: ['https://issuer', 'https://former'],
      audiences: ['api'],
      objects,
      used: ({ metadata }) => notes.annotate('used', metadata.name ?? ''),
    }).authenticate(token, wanted, notes)
  }
  const template = {
    issuer: 'https://issuer',
    account,
    audiences: ['api', 'other'],
    expirationSeconds: 600,
    warnAfterSeconds: 0,
  }

  test('knows the account, and where its token is bound', () => {
    const claims = tokenClaims({ ...template, pod, node }, clock)
    expect(ask(sign(claims))).toEqual({
      user: {
        name: 'system:serviceaccount:ns:sa',
        uid: 'u1',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'],
        extra: {
          'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
          'authentication.kubernetes.io/node-name': ['n'],
          'authentication.kubernetes.io/node-uid': ['u4'],
          'authentication.kubernetes.io/pod-name': ['p'],
          'authentication.kubernetes.io/pod-uid': ['u2'],
        },
      },
      audiences: ['api'],
    })
    expect(ask(sign(claims), all, ['other', 'x'])).toMatchObject({ audiences: ['other'] })
  })

  test('does not know tokens of other issuers, and refuses other signatures and audiences', () => {
    const claims = tokenClaims(template, clock)
    expect(ask(sign({ ...claims, iss: 'https://x' }))).toBeUndefined()
    expect(ask('no.token')).toBeUndefined()
    expect(ask('a.b.c')).toBeUndefined()
    expect(ask(sign({ ...claims, iss: 'https://former' }))).toHaveProperty('user')
    expect(ask(sign(claims, 'other'))).toEqual({ error: 'bad signature' })
    expect(ask(sign(claims), all, ['x', 'y'])).toEqual({
      error: 'token audiences ["api" "other"] is invalid for the target audiences ["x" "y"]',
    })
  })

  test('ends with time, give or take a minute', () => {
    const claims = tokenClaims(template, clock)
    const now = Math.floor(clock.now() / 1000)
    const at = (changes: object): Authentication | Promise<Authentication> => ask(sign({ ...claims, ...changes }))
    expect(at({ exp: now - 59 })).toHaveProperty('user')
    expect(at({ exp: now - 62 })).toEqual({ error: 'service account token has expired' })
    expect(at({ nbf: now + 62 })).toEqual({ error: 'service account token is not valid yet' })
    expect(at({ iat: now + 62 })).toEqual({ error: 'service account token is issued in the future' })
  })

  test.each<[string, object, Live, string | undefined]>([
    ['account is gone', {}, { ...all, account: undefined }, 'serviceaccounts "sa" not found'],
    [
      'account is another',
      {},
      { ...all, account: meta('sa', 'x') },
      'service account UID (x) does not match claim (u1)',
    ],
    [
      'account is being deleted',
      {},
      { ...all, account: gone(account, 61_000) },
      'service account ns/sa has been deleted',
    ],
    ['account was deleted just now', {}, { ...all, account: gone(account, 1000) }, undefined],
    ['pod is gone', { pod }, { ...all, pod: undefined }, 'service account token has been invalidated'],
    [
      'pod is another',
      { pod },
      { ...all, pod: meta('p', 'x') as Pod },
      'pod UID (x) does not match service account pod ref claim (u2)',
    ],
    [
      'pod is on its way out',
      { pod },
      { ...all, pod: gone(pod, 61_000) },
      'service account token has been invalidated',
    ],
    ['node of a pod is gone', { pod, node }, { ...all, node: undefined }, undefined],
    ['node is gone', { node }, { ...all, node: undefined }, 'service account token has been invalidated'],
    [
      'node is another',
      { node },
      { ...all, node: { metadata: { uid: 'x' } } as Node },
      'node UID (x) does not match service account node ref claim (u4)',
    ],
    ['secret is gone', { secret }, { ...all, secret: undefined }, 'service account token has been invalidated'],
  ])('a bound token when the %s', (_, bound, live, error) => {
    const answer = ask(sign(tokenClaims({ ...template, ...bound }, clock)), live)
    if (error === undefined) expect(answer).toHaveProperty('user')
    else expect(answer).toEqual({ error })
  })

  test('notes tokens that should have been read anew', async () => {
    const token = sign(tokenClaims({ ...template, expirationSeconds: 10_000, warnAfterSeconds: 600 }, clock))
    const early = new Heard()
    void ask(token, all, undefined, early)
    expect(early.annotations).toEqual({})
    await clock.advance(607_000)
    const late = new Heard()
    void ask(token, all, undefined, late)
    expect(late.annotations).toEqual({
      'authentication.k8s.io/stale-token': 'subject: system:serviceaccount:ns:sa, seconds after warning threshold: 7',
    })
  })

  describe('with tokens of secrets', () => {
    const token = sign(legacyTokenClaims(account, secret))
    const holder = (rest: object = {}): Secret => ({ ...secret, data: { token: btoa(token) }, ...rest })

    test('knows the account while the secret has the token, and notes the use', () => {
      const notes = new Heard()
      expect(ask(token, { account, secret: holder() }, undefined, notes)).toEqual({
        user: {
          name: 'system:serviceaccount:ns:sa',
          uid: 'u1',
          groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'],
        },
        audiences: ['api'],
      })
      expect(notes.annotations).toEqual({
        'authentication.k8s.io/legacy-token': 'system:serviceaccount:ns:sa',
        'authentication.k8s.io/legacy-token-manual-secret': 's',
        used: 's',
      })
    })

    test('warns of those that the cluster made by itself', () => {
      const notes = new Heard()
      void ask(token, { account: { ...account, secrets: [{ name: 's' }] }, secret: holder() }, undefined, notes)
      expect(notes.warnings).toEqual([
        'Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.',
      ])
    })

    test.each<[string, Live]>([
      ['Token has been invalidated', { account, secret: undefined }],
      ['Token has been invalidated', { account, secret: gone(holder(), 0) }],
      ["Token does not match server's copy", { account, secret: holder({ data: { token: btoa('x') } }) }],
      ['serviceaccounts "sa" not found', { account: undefined, secret: holder() }],
      ['ServiceAccount ns/sa has been deleted', { account: gone(account, 0), secret: holder() }],
      ['ServiceAccount UID (x) does not match claim (u1)', { account: meta('sa', 'x'), secret: holder() }],
    ])('refuses: %s', (error, live) => {
      expect(ask(token, live)).toEqual({ error })
    })

    test('refuses what is marked invalid, and claims that do not fit together', () => {
      const labels = { 'kubernetes.io/legacy-token-invalid-since': '2026-01-01' }
      const marked = holder({ metadata: { ...secret.metadata, labels } })
      expect(ask(token, { account, secret: marked })).toMatchObject({ error: expect.stringMatching(/marked invalid/) })
      const claims = legacyTokenClaims(account, secret)
      const without = (name: string): Authentication | Promise<Authentication> => ask(sign({ ...claims, [name]: '' }))
      expect(without('sub')).toEqual({ error: 'sub claim is missing' })
      expect(without('kubernetes.io/serviceaccount/secret.name')).toEqual({ error: 'secretName claim is missing' })
      expect(ask(sign({ ...claims, sub: 'system:serviceaccount:ns:other' }))).toEqual({ error: 'sub claim is invalid' })
    })
  })
})

test('parseAccountUsername() reads what accountUsername() writes, and nothing else', () => {
  expect(parseAccountUsername(accountUsername({ namespace: 'a', name: 'b.c' }))).toEqual({
    namespace: 'a',
    name: 'b.c',
  })
  for (const name of ['x', 'system:serviceaccount:a', 'system:serviceaccount:a:b:c', 'system:serviceaccount:A:b'])
    expect(parseAccountUsername(name)).toBeUndefined()
})
