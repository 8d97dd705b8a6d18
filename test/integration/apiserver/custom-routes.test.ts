import { expect, test } from 'vitest'
import { group, serverOfWidgets, widget, widgets } from './widgets.ts'

const no = (verb: string): string => `${verb} is not supported on resources of kind "widgets.odd.example"`
const unknownPath = '404 page not found\n'

test.each([
  ['PUT', 'widgets', 400, 'name must be provided'],
  ['OPTIONS', 'widgets', 405, no('')],
  ['POST', 'widgets/a/status', 405, no('create')],
  ['DELETE', 'widgets/a/scale', 405, no('delete')],
  ['GET', 'widgets/a/nope', 404, 'widgets.odd.example "a" not found'],
  ['GET', 'widgets/a/status/more', 200, undefined],
  ['POST', 'widgets/whatever', 201, undefined],
  ['HEAD', 'widgets/a', 200, undefined],
  ['GET', 'nopes', 404, unknownPath],
])('%s of %s is answered by what its verb says, %i', async (method, path, code, message) => {
  await using server = await serverOfWidgets()
  const body = method === 'POST' || method === 'PUT' ? widget('b') : undefined
  const answer = await server.request(method, `${group}/namespaces/default/${path}`, body)
  expect(answer.code).toBe(code)
  const said = typeof answer.body === 'string' ? answer.body : (answer.body as { readonly message?: string }).message
  if (message !== undefined) expect(said).toBe(message)
})

test.each([
  ['POST', `${group}/widgets`],
  ['GET', `${group}/widgets/a`],
  ['GET', '/apis/odd.example/v2'],
])('%s of %s is no path at all', async (method, path) => {
  await using server = await serverOfWidgets()
  const { code, body } = await server.request(method, path, method === 'POST' ? widget('b') : undefined)
  expect([code, body]).toEqual([404, unknownPath])
})

test('what can not be read as the scale of a custom resource is told of in the same words, whatever it is', async () => {
  await using server = await serverOfWidgets()
  const put = async (body: unknown, query = ''): Promise<string> => {
    const answer = await server.request('PUT', `${widgets}/a/scale${query}`, body)
    return (answer.body as { readonly message: string }).message
  }
  const unknown = `no kind is registered for the type v1.Scale in scheme "k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go:781"`
  expect(await put(widget('a'))).toBe(unknown)
  expect(await put({ spec: { replicas: 2147483648 } })).toBe(unknown)
  expect(await put({ metadata: { name: 'a' }, spec: { replicas: 1, more: 1 } }, '?fieldValidation=Strict')).toContain(
    'unknown field "spec.more"',
  )
})

test('versions of custom resources are listed whatever the method, with their verbs in an order of their own', async () => {
  await using server = await serverOfWidgets()
  const { code, body } = await server.request('POST', group, {})
  const { resources } = body as { readonly resources: readonly { readonly name: string; readonly verbs: string[] }[] }
  expect(code).toBe(200)
  expect(resources.map(({ name }) => name)).toEqual(['widgets', 'widgets/status', 'widgets/scale'])
  expect(resources[0]?.verbs.join()).toBe('delete,deletecollection,get,list,patch,create,update,watch')
  const refused = await server.request('GET', `${widgets}/a`, undefined, { accept: 'text/plain' })
  expect(refused.body).toMatchObject({
    code: 406,
    message:
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  })
})
