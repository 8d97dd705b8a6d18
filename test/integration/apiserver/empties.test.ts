import { expect, test } from 'vitest'
import type { EndpointSlice } from '#api/discovery/v1'
import type { CSINode } from '#api/storage/v1'
import { good, patch, refusals } from './groups/objects.ts'
import { startTestServer } from './server.ts'

const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
const nodes = '/apis/storage.k8s.io/v1/csinodes'
const apply = { 'content-type': 'application/apply-patch+yaml' }

const fields = (object: { readonly metadata: EndpointSlice['metadata'] }): readonly unknown[] =>
  (object.metadata.managedFields ?? []).map((entry) => entry.fieldsV1)

test('a list that is sent empty is owned, and is null once stored', async () => {
  await using server = await startTestServer()
  const sent = { metadata: { name: 'e' }, addressType: 'IPv4', endpoints: [], ports: [] }
  const made = good<EndpointSlice>(await server.request('POST', slices, sent))
  expect(fields(made)).toEqual([{ 'f:addressType': {}, 'f:endpoints': {}, 'f:ports': {} }])
  expect([made.endpoints, made.ports]).toEqual([null, null])
  const again = good<EndpointSlice>(await server.request('GET', `${slices}/e`))
  expect(again).toEqual(made)
})

test('a null, and a field that is not sent, are owned by nobody', async () => {
  await using server = await startTestServer()
  const made = good<CSINode>(await server.request('POST', nodes, { metadata: { name: 'a' }, spec: { drivers: null } }))
  expect([fields(made), made.spec.drivers]).toEqual([[], null])
  const empty = good<CSINode>(await server.request('POST', nodes, { metadata: { name: 'b' }, spec: { drivers: [] } }))
  expect([fields(empty), empty.spec.drivers]).toEqual([[{ 'f:spec': { 'f:drivers': {} } }], null])
})

test('lists that JSON leaves out when empty are owned by nobody, and do not change a spec', async () => {
  await using server = await startTestServer()
  const body = { metadata: { name: 'd', labels: {} }, spec: deployment({ volumes: [], nodeSelector: {} }) }
  const url = '/apis/apps/v1/namespaces/default/deployments'
  const made = good<{ readonly metadata: EndpointSlice['metadata'] }>(await server.request('POST', url, body))
  expect(JSON.stringify(fields(made))).not.toMatch(/f:volumes|f:nodeSelector|f:labels":\{\}/)
  const put = await server.request('PUT', `${url}/d`, body)
  const changed = await patch(server, `${url}/d`, { spec: { template: { spec: { tolerations: [] } } } })
  expect([put, changed].map((one) => good(one).metadata.generation)).toEqual([1, 1])
})

test('validation tells an empty list from none', async () => {
  await using server = await startTestServer()
  const url = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers'
  const scaler = (scaleDown: object): object => ({
    metadata: { name: 'h' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
      maxReplicas: 3,
      behavior: { scaleDown },
    },
  })
  expect(refusals(await server.request('POST', url, scaler({ policies: [] })))).toEqual([
    'spec.behavior.scaleDown.policies: Required value: must specify at least one Policy',
  ])
  good(await server.request('POST', url, scaler({})))
})

test('an applied empty list of items with keys is owned by nobody, a null by who applied it', async () => {
  await using server = await startTestServer()
  const made = async (name: string, drivers: readonly object[] | null): Promise<CSINode> => {
    const body = { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name }, spec: { drivers } }
    return good<CSINode>(await server.request('PATCH', `${nodes}/${name}?fieldManager=m`, body, apply))
  }
  const [empty, none] = [await made('a', []), await made('b', null)]
  expect([fields(empty), empty.spec.drivers]).toEqual([[], null])
  expect([fields(none), none.spec.drivers]).toEqual([[{ 'f:spec': { 'f:drivers': {} } }], null])
})

function deployment(pod: object): object {
  const labels = { app: 'x' }
  return {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }], ...pod } },
  }
}
