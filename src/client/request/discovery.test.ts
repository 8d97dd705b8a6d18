import { expect, test } from 'vitest'
import type { ApiResponse, Transport } from '../transport.ts'
import { discoverResources } from './discovery.ts'

/** A server of fixed answers, by path; aggregated ones only for those who ask. */
function server(answers: { readonly [path: string]: unknown }, speaksAggregated: boolean): Transport {
  return async ({ path, headers }) => {
    const wanted =
      speaksAggregated && headers['accept']?.includes('APIGroupDiscoveryList') ? `${path} aggregated` : path
    const object = answers[wanted]
    const found: ApiResponse = {
      kind: 'object',
      code: 200,
      object,
      encode: () => ({ contentType: '', bytes: new Uint8Array() }),
    }
    return object === undefined
      ? { ...found, code: 503, object: { kind: 'Status', status: 'Failure', code: 503 } }
      : found
  }
}

const apps = (version: string, ...names: readonly string[]): object => ({
  kind: 'APIResourceList',
  groupVersion: `apps/${version}`,
  resources: names.map((name) => ({
    name,
    singularName: '',
    namespaced: true,
    kind: 'Deployment',
    verbs: ['get', 'list'],
  })),
})

const plain = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      { name: 'nodes', singularName: 'node', namespaced: false, kind: 'Node', verbs: ['get'] },
      { name: 'nodes/status', singularName: '', namespaced: false, kind: 'Node', verbs: ['patch'] },
    ],
  },
  '/apis': {
    kind: 'APIGroupList',
    groups: [
      { name: 'apps', versions: [{ groupVersion: 'apps/v1' }, { groupVersion: 'apps/v1beta1' }] },
      { name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1' }] },
    ],
  },
  '/apis/apps/v1': apps('v1', 'deployments'),
  '/apis/apps/v1beta1': apps('v1beta1', 'deployments', 'scales'),
}

const resource = (name: string, kind: string, scope: string, subresources: readonly string[] = []): object => ({
  resource: name,
  responseKind: { group: '', version: '', kind },
  scope,
  singularResource: '',
  verbs: kind === 'Node' ? ['get'] : ['get', 'list'],
  subresources: subresources.map((subresource) => ({ subresource, verbs: [] })),
})

const aggregated = {
  '/api aggregated': {
    kind: 'APIGroupDiscoveryList',
    metadata: {},
    items: [
      { metadata: {}, versions: [{ version: 'v1', resources: [resource('nodes', 'Node', 'Cluster', ['status'])] }] },
    ],
  },
  '/apis aggregated': {
    kind: 'APIGroupDiscoveryList',
    metadata: {},
    items: [
      {
        metadata: { name: 'apps' },
        versions: [
          { version: 'v1', resources: [resource('deployments', 'Deployment', 'Namespaced')] },
          {
            version: 'v1beta1',
            resources: [
              resource('deployments', 'Deployment', 'Namespaced'),
              resource('scales', 'Deployment', 'Namespaced'),
            ],
          },
        ],
      },
      { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1', freshness: 'Stale' }] },
    ],
  },
}

test.each([
  ['aggregated', aggregated],
  ['plain', plain],
])('discoverResources() reads %s discovery', async (kind, answers) => {
  const found = await discoverResources(server(answers, kind === 'aggregated'), { userAgent: 'test' })
  const lines = found.resources.map(({ resource, verbs, subresources, preferred }) => {
    const { group, version, plural, namespaced } = resource
    return [group, version, plural, resource.kind, namespaced, verbs.join(), subresources.join(), preferred]
  })
  expect(lines).toEqual([
    ['', 'v1', 'nodes', 'Node', false, 'get', 'status', true],
    ['apps', 'v1', 'deployments', 'Deployment', true, 'get,list', '', true],
    ['apps', 'v1beta1', 'deployments', 'Deployment', true, 'get,list', '', false],
    ['apps', 'v1beta1', 'scales', 'Deployment', true, 'get,list', '', true],
  ])
  expect(found.failed).toEqual(['metrics.k8s.io/v1'])
})

test('discoverResources() fails when the server does not say what it has', async () => {
  await expect(discoverResources(server({}, true), { userAgent: 'test' })).rejects.toThrow()
})
