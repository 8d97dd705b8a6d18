import { expect, test } from 'vitest'
import { deployments } from '#api/apps/v1'
import { horizontalpodautoscalers } from '#api/autoscaling/v2'
import { appSelector, startCluster, template } from './cluster.ts'

test('an autoscaler tells that nobody serves the metrics that it asks for', async () => {
  await using cluster = await startCluster({})
  const { client } = cluster
  const metadata = { namespace: 'default', name: 'web' }
  await client.create(deployments, { metadata, spec: { replicas: 1, selector: appSelector, template: template('a') } })
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
  const target = { type: 'AverageValue', averageValue: '5' }
  const metrics = [{ type: 'Pods', pods: { metric: { name: 'rps' }, target } }]
  await client.create(horizontalpodautoscalers, { metadata, spec: { scaleTargetRef, maxReplicas: 3, metrics } })
  const problem = async (): Promise<string | undefined> => {
    const { status } = await client.get(horizontalpodautoscalers, metadata)
    return status?.conditions?.find(({ type }) => type === 'ScalingActive')?.message
  }
  await cluster.until('a condition', async () => (await problem()) !== undefined)
  expect(await problem()).toBe(
    'the HPA was unable to compute the replica count: unable to get metric rps: unable to fetch metrics from custom metrics API: ' +
      'no custom metrics API (custom.metrics.k8s.io) registered',
  )
})
