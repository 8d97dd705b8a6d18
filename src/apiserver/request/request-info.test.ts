import { expect, test } from 'vitest'
import { parseRequestInfo } from './request-info.ts'

const info = (method: string, url: string): object => {
  const [path = '', query = ''] = url.split('?')
  const { verb, isResource, group, version, resource, subresource, namespace, name } = parseRequestInfo(
    method,
    path,
    new URLSearchParams(query),
  )
  return isResource ? { verb, group, version, resource, subresource, namespace, name } : { verb }
}

const resource = (fields: object): object => ({
  group: '',
  version: 'v1',
  subresource: '',
  namespace: '',
  name: '',
  ...fields,
})

test.each([
  ['GET', '/api/v1/namespaces', resource({ verb: 'list', resource: 'namespaces' })],
  ['GET', '/api/v1/namespaces/a', resource({ verb: 'get', resource: 'namespaces', namespace: 'a', name: 'a' })],
  [
    'PUT',
    '/api/v1/namespaces/a/finalize',
    resource({ verb: 'update', resource: 'namespaces', namespace: 'a', name: 'a', subresource: 'finalize' }),
  ],
  ['GET', '/api/v1/namespaces/a/pods', resource({ verb: 'list', resource: 'pods', namespace: 'a' })],
  ['GET', '/api/v1/namespaces/a/pods?watch=true', resource({ verb: 'watch', resource: 'pods', namespace: 'a' })],
  ['GET', '/api/v1/watch/namespaces/a/pods', resource({ verb: 'watch', resource: 'pods', namespace: 'a' })],
  [
    'GET',
    '/api/v1/namespaces/a/pods/p/log',
    resource({ verb: 'get', resource: 'pods', namespace: 'a', name: 'p', subresource: 'log' }),
  ],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dp', resource({ verb: 'list', resource: 'pods', name: 'p' })],
  [
    'DELETE',
    '/apis/apps/v1/namespaces/a/deployments',
    resource({ verb: 'deletecollection', group: 'apps', resource: 'deployments', namespace: 'a' }),
  ],
  ['POST', '/apis/apps/v1', { verb: 'post' }],
  ['GET', '/healthz', { verb: 'get' }],
])('parseRequestInfo() reads %s %s', (method, url, expected) => {
  expect(info(method, url)).toEqual(expected)
})
