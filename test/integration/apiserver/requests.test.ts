import { expect, test } from 'vitest'
import { startClusterServer, startTestServer } from './server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const pods = '/api/v1/namespaces/default/pods'

test.each([
  ['GET', '..', `may not be '..'`],
  ['GET', '.', `may not be '.'`],
  ['DELETE', '..', `may not be '..'`],
  ['GET', 'a%25b', `may not contain '%'`],
])('%s of an object whose name is %s is refused for its name', async (method, name, why) => {
  await using server = await startTestServer()
  const { body } = await server.request(method, `${maps}/${name}`)
  const decoded = decodeURIComponent(name)
  expect(body).toMatchObject({ code: 400, message: `Name parameter invalid: "${decoded}": ${why}` })
})

test('a token to go on with that is no JSON is refused for where it stops being that', async () => {
  await using server = await startTestServer()
  const ask = async (token: string): Promise<unknown> => {
    const { body } = await server.request('GET', `${maps}?continue=${btoa(token).replaceAll('=', '')}`)
    return (body as { readonly message: string }).message.replace(/.*not valid: /, '')
  }
  expect(await ask('{"v":"a"')).toBe('unexpected end of JSON input')
  expect(await ask('{"v":"a"} x')).toBe("invalid character 'x' after top-level value")
  expect(await ask(`{'v':1}`)).toBe("invalid character '\\'' looking for beginning of object key string")
  expect(await ask('xyz')).toBe("invalid character 'x' looking for beginning of value")
})

test.each([
  ['x', 'invalid syntax'],
  ['-1', 'invalid syntax'],
  ['65536', 'value out of range'],
])('ports to forward are told from %s', async (port, why) => {
  await using server = await startClusterServer()
  const { body } = await server.request('POST', `${pods}/a/portforward?ports=80&ports=${port}`)
  const message = `cannot convert to []int32: strconv.ParseUint: parsing "${port}": ${why}`
  expect(body).toMatchObject({ code: 400, message })
})

test('a pod is not evicted by a policy that there is not', async () => {
  await using server = await startClusterServer()
  await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  const spec = { containers: [{ name: 'c', image: 'x' }] }
  await server.request('POST', pods, { metadata: { name: 'a' }, spec })
  const { code, body } = await server.request('POST', `${pods}/a/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'a' },
    deleteOptions: { propagationPolicy: 'x' },
  })
  expect([code, (body as { readonly message: string }).message]).toEqual([
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "x": supported values: "Foreground", "Background", "Orphan", "nil"',
  ])
  expect((await server.request('GET', `${pods}/a`)).body).not.toHaveProperty('status.conditions')
})

test('YAML that can not be read is refused in the words of its reader alone where options of a deletion are', async () => {
  await using server = await startTestServer()
  const yaml = { 'content-type': 'application/yaml' }
  const { body } = await server.request('DELETE', `${maps}/a`, 'a: [', yaml)
  expect(body).toMatchObject({ code: 400, message: 'yaml: line 1: did not find expected node content' })
})

test('a request keeps the audit id that its client gave it, however long', async () => {
  await using server = await startClusterServer()
  const id = 'x'.repeat(200)
  expect((await server.request('GET', '/version', undefined, { 'audit-id': id })).headers['audit-id']).toBe(id)
})

test.each([
  ['GET', '//api/v1/namespaces', 404],
  ['GET', '/api/v1/namespaces/default/namespaces', 404],
  ['GET', '/api/v1/namespaces/default/namespaces/default', 404],
  ['PUT', '/api/v1/namespaces/default/finalize', 400],
  ['GET', '/api/v1/namespaces/default', 200],
  ['TRACE', `${pods}/a/proxy`, 405],
  ['TRACE', '/api/v1/nodes/n/proxy', 405],
])('%s of %s is answered with %i', async (method, path, code) => {
  await using server = await startClusterServer()
  expect((await server.request(method, path)).code).toBe(code)
})

test('the log of a pod that runs nowhere yet is nothing, of no type', async () => {
  await using server = await startClusterServer()
  await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  await server.request('POST', pods, { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'x' }] } })
  const { code, contentType } = (await server.server.handle({
    method: 'GET',
    path: `${pods}/a/log`,
    query: '',
    headers: {},
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })) as { readonly code: number; readonly contentType: string }
  expect([code, contentType]).toEqual([204, ''])
})
