import { expect, test } from 'vitest'
import type { TokenRequest } from '#api/authentication/v1'
import { startClusterServer } from '../server.ts'

const accounts = '/api/v1/namespaces/default/serviceaccounts'

test('a token whose life nobody asked for lives for an hour, however that was not asked for', async () => {
  const issuer = {
    url: 'https://issuer',
    signer: { sign: (claims: object) => Promise.resolve(JSON.stringify(claims)) },
    verifier: {
      ready: () => Promise.resolve(),
      verify: () => ({ error: 'nobody is believed' }),
      keySet: () => ({ keys: [] }),
    },
    extends: true,
  }
  await using server = await startClusterServer({}, { serviceAccounts: { issuer } })
  await server.request('POST', accounts, { metadata: { name: 'robot' } })
  for (const request of [{}, { spec: {} }, { spec: { audiences: null, expirationSeconds: null } }]) {
    const { code, body } = await server.request('POST', `${accounts}/robot/token`, request)
    expect(code).toBe(201)
    const { spec, status } = body as TokenRequest
    expect(spec).toMatchObject({ expirationSeconds: 3600, audiences: ['https://issuer'] })
    expect(Date.parse(status?.expirationTimestamp ?? '')).toBe(server.clock.now() + 3_600_000)
  }
})

test('kinds that are answered and not kept come in no tables', async () => {
  await using server = await startClusterServer()
  const review = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } }
  const post = async (as: string): Promise<number> =>
    (
      await server.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, {
        accept: `application/json;as=${as};v=v1;g=meta.k8s.io`,
      })
    ).code
  expect(await post('Table')).toBe(406)
  expect(await post('PartialObjectMetadata')).toBe(201)
})
