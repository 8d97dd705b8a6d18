import { expect, test } from 'vitest'
import type { KubeObject } from '#machinery'
import { good } from './groups/objects.ts'
import { startTestServer } from './server.ts'

const partial = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' }
const merge = { 'content-type': 'application/merge-patch+json' }
const annotation = 'deprecated.daemonset.template.generation'

test('metadata alone lacks the annotations in which a version keeps what is elsewhere', async () => {
  await using server = await startTestServer()
  const url = '/apis/apps/v1/namespaces/default/daemonsets'
  const labels = { a: 'b' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const made = await server.request('POST', url, {
    metadata: { name: 'd', annotations: { own: '1' } },
    spec: { selector: { matchLabels: labels }, template },
  })
  expect(good(made).metadata.annotations).toEqual({ own: '1', [annotation]: '1' })
  const alone = await server.request('GET', `${url}/d`, undefined, partial)
  expect(good(alone).metadata.annotations).toEqual({ own: '1' })
})

test('who writes what a version keeps in annotations owns the annotations', async () => {
  await using server = await startTestServer()
  const url = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers'
  const spec = { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } }
  good(await server.request('POST', url, { metadata: { name: 'h' }, spec }))
  const status = { currentReplicas: 1, desiredReplicas: 1, currentCPUUtilizationPercentage: 50 }
  const written: KubeObject = good(await server.request('PATCH', `${url}/h/status`, { status }, merge))
  const own = written.metadata.managedFields?.find(({ subresource }) => subresource === 'status')
  expect(own?.fieldsV1).toMatchObject({
    'f:metadata': { 'f:annotations': { 'f:autoscaling.alpha.kubernetes.io/current-metrics': {} } },
  })
})
