import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import { poddisruptionbudgets } from '#api/policy/v1'
import { isNotFound } from '#machinery'
import { makeNode, makePod, startCluster } from './testing/cluster.ts'
import type { PodFacts, TestCluster } from './testing/cluster.ts'

const on = (nodeName: string, priority: number, cpu: string, more: PodFacts = {}): PodFacts => ({
  nodeName,
  priority,
  requests: { cpu },
  ...more,
})

const gone = (cluster: TestCluster, name: string): boolean => {
  try {
    cluster.client.read(pods, { namespace: 'default', name })
    return false
  } catch (error) {
    return isNotFound(error)
  }
}

test('a pod of higher priority takes the place of the least important ones that are enough', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('one', { cpu: '3' })],
    pods: [
      makePod('low', on('one', 1, '1')),
      makePod('lower', on('one', 0, '1')),
      makePod('equal', on('one', 10, '1')),
      makePod('urgent', { priority: 10, requests: { cpu: '1' } }),
    ],
  })
  await cluster.settle(2000)
  expect(['low', 'lower', 'equal'].map((name) => gone(cluster, name))).toEqual([false, true, false])
  expect(cluster.nodeOf('urgent')).toBe('one')
  expect(cluster.events('Preempted')).toMatchObject([
    {
      type: 'Normal',
      action: 'Preempting',
      note: 'Preempted by pod uid-of-urgent on node one',
      regarding: { name: 'lower' },
      related: { name: 'urgent' },
    },
  ])
})

test('victims get a condition that says who wanted their place', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('one', { cpu: '1' })] })
  cluster.client.put(pods, makePod('low', on('one', 1, '1')))
  const patches: unknown[] = []
  const patch = cluster.client.patch.bind(cluster.client)
  cluster.client.patch = (resource, key, body) => {
    if (key.name === 'low') patches.push(body.patch)
    return patch(resource, key, body)
  }
  cluster.client.put(pods, makePod('urgent', { priority: 10, requests: { cpu: '1' } }))
  await cluster.settle(2000)
  expect(patches).toMatchObject([
    {
      status: {
        conditions: [
          {
            type: 'DisruptionTarget',
            status: 'True',
            reason: 'PreemptionByScheduler',
            message: 'default-scheduler: preempting to accommodate a higher priority pod',
          },
        ],
      },
    },
  ])
})

test('while victims end, the pod has the node promised and others leave it alone', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('one', { cpu: '1' })] })
  cluster.client.put(pods, makePod('low', on('one', 1, '1')))
  // The kubelet takes its time: the deletion only marks the pod.
  cluster.client.delete = async (resource, key) => {
    const pod = cluster.client.read(resource, key)
    cluster.client.put(resource, { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } })
    return { kind: 'Status', apiVersion: 'v1', metadata: {} }
  }
  cluster.client.put(pods, makePod('urgent', { priority: 10, requests: { cpu: '1' } }))
  await cluster.settle(2000)
  const promised = cluster.client.read(pods, { namespace: 'default', name: 'urgent' })
  expect(promised.status?.nominatedNodeName).toBe('one')
  cluster.client.put(pods, makePod('other', { priority: 5, requests: { cpu: '1' } }))
  await cluster.settle(2000)
  const low = cluster.client.read(pods, { namespace: 'default', name: 'low' })
  cluster.client.put(pods, { ...low, status: { phase: 'Failed' } })
  await cluster.settle(15_000)
  expect(cluster.nodeOf('urgent')).toBe('one')
  expect(cluster.nodeOf('other')).toBe('')
})

test('budgets are kept where another node can do without breaking one', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('a', { cpu: '1' }), makeNode('b', { cpu: '1' })] })
  cluster.client.put(poddisruptionbudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace: 'default', name: 'guard' },
    spec: { selector: { matchLabels: { app: 'guarded' } } },
    status: { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 },
  })
  cluster.client.put(pods, makePod('guarded', on('a', 0, '1', { labels: { app: 'guarded' } })))
  cluster.client.put(pods, makePod('free', on('b', 5, '1')))
  cluster.client.put(pods, makePod('urgent', { priority: 10, requests: { cpu: '1' } }))
  await cluster.settle(2000)
  expect(gone(cluster, 'guarded')).toBe(false)
  expect(cluster.nodeOf('urgent')).toBe('b')
})

test('nothing is preempted for pods that say never, or where it would not help', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('one', { cpu: '1' })],
    pods: [
      makePod('low', on('one', 0, '1')),
      makePod('never', { priority: 10, preemptionPolicy: 'Never', requests: { cpu: '1' } }),
      makePod('huge', { priority: 10, requests: { cpu: '2' } }),
      makePod('equal', { priority: 0, requests: { cpu: '1' } }),
    ],
  })
  expect(gone(cluster, 'low')).toBe(false)
  expect(cluster.whyNot('never')).toMatch(/preemption: not eligible due to preemptionPolicy=Never\.$/)
  expect(cluster.whyNot('huge')).toMatch(
    /preemption: 0\/1 nodes are available: 1 Preemption is not helpful for scheduling\.$/,
  )
  expect(cluster.whyNot('equal')).toMatch(
    /preemption: 0\/1 nodes are available: 1 No preemption victims found for incoming pod\.$/,
  )
})

test('a pod whose anti-affinity keeps another out gives way to it', async () => {
  const hostile = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
      ],
    },
  }
  await using cluster = await startCluster({
    nodes: [makeNode('one')],
    pods: [
      makePod('hostile', on('one', 0, '100m', { affinity: hostile })),
      makePod('peaceful', on('one', 0, '100m')),
      makePod('web', { priority: 10, labels: { app: 'web' }, requests: { cpu: '100m' } }),
    ],
  })
  await cluster.settle(2000)
  expect(['hostile', 'peaceful'].map((name) => gone(cluster, name))).toEqual([true, false])
  expect(cluster.nodeOf('web')).toBe('one')
})
