import { describe, expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

const core = '/api/v1/namespaces/default'
const notFound = 'the server could not find the requested resource'
const notAllowed = 'the server does not allow this method on the requested resource'
const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'

describe('Paths and methods', () => {
  test.each([
    ['GET', '/version/x', 404, notFound],
    ['POST', `${core}/pods/a/status/b`, 404, notFound],
    ['GET', `${core}/pods/a/log/b`, 404, notFound],
    ['GET', `${core}/pods/a%2Fb`, 404, notFound],
    ['HEAD', `${core}/pods/a/log`, 405, notAllowed],
    ['POST', '/api/v1/watch/namespaces', 405, notAllowed],
    ['HEAD', '/api/v1/watch/pods/a', 404, notFound],
  ])('%s %s is answered with %i', async (method, path, code, message) => {
    await using server = await startClusterServer()
    const answer = await server.request(method, path, method === 'POST' ? {} : undefined)
    expect([answer.code, answer.body]).toMatchObject([code, { message }])
  })

  test.each(['/api/v1/watch', '/apis/apps/v1/watch/', '/api/v1/watch?limit=1'])(
    '%s names nothing to watch, whoever asks',
    async (path) => {
      await using server = await startClusterServer()
      const answer = await server.request('GET', path)
      const why = `failed to create RequestInfo: unable to determine kind and namespace from url, ${path}`
      expect(answer.code).toBe(500)
      expect(answer.body).toBe(`Internal Server Error: "${path}": ${why}\n`)
      expect(answer.headers['cache-control']).toBeUndefined()
    },
  )

  test.each(['PUT', 'DELETE'])('groups are told whatever the method: %s', async (method) => {
    await using server = await startClusterServer()
    expect((await server.request(method, '/apis')).body).toMatchObject({ kind: 'APIGroupList' })
    expect((await server.request(method, '/apis/apps')).body).toMatchObject({ kind: 'APIGroup', name: 'apps' })
    expect((await server.request(method, '/apis/apps/v1')).code).toBe(405)
  })

  test.each(['/openapi/v3/', '/openapi/v3/apis/none'])('%s describes nothing, without a word', async (path) => {
    await using server = await startClusterServer()
    expect(await server.request('GET', path)).toMatchObject({ code: 404, body: '' })
  })

  test('discovery in one document may be kept by others', async () => {
    await using server = await startClusterServer()
    const accept = 'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io'
    const { headers } = await server.request('GET', '/apis', undefined, { accept })
    expect(headers['cache-control']).toBe('public')
  })

  test.each([
    ['/apis', `only the following media types are accepted: ${types}`],
    ['/apis/apps', `only the following media types are accepted: ${types}`],
    ['/apis/apps/v1', `406: Not Acceptable\n\nAvailable representations: ${types}`],
  ])('%s has no page', async (path, message) => {
    await using server = await startClusterServer()
    const answer = await server.request('GET', path, undefined, { accept: 'text/html' })
    expect([answer.code, answer.body]).toMatchObject([406, { message }])
  })

  test('who may not impersonate is refused as others are, and paths are told decoded', async () => {
    await using server = await startClusterServer()
    const alice = { name: 'alice', groups: ['system:authenticated'] }
    const as = { 'impersonate-user': 'bob' }
    const { code, headers } = await server.request('GET', `${core}/pods`, undefined, as, alice)
    expect([code, headers['x-content-type-options']]).toEqual([403, 'nosniff'])
    const { body } = await server.request('GET', '/logs/a%20b', undefined, {}, alice)
    expect(body).toMatchObject({ message: 'forbidden: User "alice" cannot get path "/logs/a b"' })
  })

  test('what is not acceptable is not warned of', async () => {
    await using server = await startClusterServer()
    const { code, headers } = await server.request('GET', `${core}/endpoints`, undefined, { accept: 'text/html' })
    expect([code, headers['warning']]).toEqual([406, undefined])
  })
})

describe('Reads of a revision', () => {
  const maps = `${core}/configmaps`

  test('a list of any revision comes whole, of a certain one in pages', async () => {
    await using server = await startClusterServer()
    for (const name of ['a', 'b', 'c']) await server.request('POST', maps, { metadata: { name } })
    const names = async (query: string): Promise<readonly string[]> => {
      const { body } = await server.request('GET', `${maps}?fieldSelector=metadata.name!%3Dkube-root-ca.crt&${query}`)
      return (body as { readonly items: readonly { readonly metadata: { readonly name: string } }[] }).items.map(
        ({ metadata }) => metadata.name,
      )
    }
    expect(await names('limit=2&resourceVersion=0')).toEqual(['a', 'b', 'c'])
    expect(await names('limit=2')).toEqual(['a', 'b'])
  })

  test('a revision that is no number is refused otherwise for one object than for a list', async () => {
    await using server = await startClusterServer()
    const why = 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'
    const one = await server.request('GET', `${maps}/a?resourceVersion=x`)
    expect([one.code, one.body]).toMatchObject([500, { message: why }])
    const list = await server.request('GET', `${maps}?resourceVersion=x`)
    expect([list.code, list.body]).toMatchObject([400, { message: `invalid resource version: ${why}` }])
  })

  test('an exact revision that is to come is refused, without a time to ask again', async () => {
    await using server = await startClusterServer()
    const answer = await server.request('GET', `${maps}?resourceVersion=999999&resourceVersionMatch=Exact`)
    expect([answer.code, answer.body]).toMatchObject([504, { reason: 'Timeout' }])
    expect(answer.body).not.toHaveProperty('details.retryAfterSeconds')
  })

  test('a collection is deleted as it was at the revision that is named', async () => {
    await using server = await startClusterServer()
    await server.request('POST', maps, { metadata: { name: 'a' } })
    const { body } = await server.request('DELETE', `${maps}?resourceVersion=1`)
    expect(body).toMatchObject({ kind: 'ConfigMapList', items: [] })
    expect((await server.request('GET', `${maps}/a`)).code).toBe(200)
  })
})
