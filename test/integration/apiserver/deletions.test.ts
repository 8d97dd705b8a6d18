import type { Namespace, Pod } from '#api/core/v1'
import type { Status } from '#machinery'
import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

test('a system priority class goes with its collection alone', async () => {
  await using server = await startClusterServer()
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses'
  const url = `${classes}/system-node-critical`
  const refused = await server.request('DELETE', url)
  expect([refused.code, (refused.body as Status).message]).toEqual([
    403,
    'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
  ])
  expect((await server.request('GET', url)).code).toBe(200)
  expect((await server.request('DELETE', `${classes}?dryRun=All`)).code).toBe(200)
})

test('a deletion that was asked for before is accepted again where dependents go as well', async () => {
  await using server = await startClusterServer()
  await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })
  const pods = '/api/v1/namespaces/default/pods'
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] }
  expect((await server.request('POST', pods, { metadata: { name: 'a' }, spec })).code).toBe(201)
  for (const _ of ['first', 'second']) {
    const { code, body } = await server.request('DELETE', `${pods}/a?orphanDependents=false`)
    expect([code, (body as Pod).kind]).toEqual([202, 'Pod'])
  }
})

test('a namespace whose dependents are not to be orphaned waits for them', async () => {
  await using server = await startClusterServer()
  await server.request('POST', '/api/v1/namespaces', { metadata: { name: 'a' } })
  const { body } = await server.request('DELETE', '/api/v1/namespaces/a', { orphanDependents: false })
  expect((body as Namespace).metadata.finalizers).toEqual(['foregroundDeletion'])
})

test('an object that its last finalizer leaves is answered as it was sent', async () => {
  await using server = await startClusterServer()
  const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles'
  const finalizers = ['example.com/a']
  await server.request('POST', roles, { metadata: { name: 'a', finalizers }, rules: [] })
  await server.request('DELETE', `${roles}/a`)
  const { code, body } = await server.request('PUT', `${roles}/a`, { metadata: { name: 'a' }, rules: [] })
  expect([code, (body as { rules: unknown }).rules]).toEqual([200, []])
  expect((await server.request('GET', `${roles}/a`)).code).toBe(404)
})

test('what is answered of an object that is gone is of the version of its deletion', async () => {
  await using server = await startClusterServer()
  const services = '/api/v1/namespaces/default/services'
  const made = await server.request('POST', services, { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } })
  const gone = await server.request('DELETE', `${services}/a`)
  const next = await server.request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' } })
  const versions = [made, gone, next].map(({ body }) => Number((body as Pod).metadata.resourceVersion))
  expect(versions.toSorted((a, b) => a - b)).toEqual(versions)
  expect(new Set(versions).size).toBe(3)
})
