import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import { makeNode, makePod, startCluster } from '../testing/cluster.ts'
import { decisionDocument } from './document.ts'
import type { SchedulingDecision } from './document.ts'
import type { TestCluster } from '../testing/cluster.ts'

function documentOf({ scheduler }: TestCluster, name: string): SchedulingDecision {
  const known = scheduler.explain(`uid-of-${name}`)
  if (!known) throw new Error(`the scheduler does not know ${name}`)
  return decisionDocument(known)
}

test('decisionDocument() stays small however many nodes there are', async () => {
  const nodes = Array.from({ length: 500 }, (_, i) =>
    makeNode(`n${i}`, { spec: { taints: [{ key: `k${i % 120}`, effect: 'NoSchedule' }] } }),
  )
  await using cluster = await startCluster({ nodes, pods: [makePod('web', { nodeSelector: { disk: 'ssd' } })] })
  const { now } = documentOf(cluster, 'web')
  expect(now?.groups.map(({ count }) => count).reduce((sum, count) => sum + count, 0)).toBe(500)
  expect(now?.groups.every(({ nodes: named }) => named.length <= 10)).toBe(true)
  expect(JSON.stringify(documentOf(cluster, 'web')).length).toBeLessThan(20_000)
})

test('decisionDocument() names who goes for a pod of higher priority', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('one', { cpu: '2' })],
    pods: [makePod('low', { nodeName: 'one', priority: 1, requests: { cpu: '2' } })],
  })
  // The victim takes its time.
  cluster.client.delete = async () => ({ kind: 'Status', apiVersion: 'v1', metadata: {} })
  cluster.client.put(pods, makePod('urgent', { priority: 10, requests: { cpu: '2' } }))
  await cluster.settle()
  expect(documentOf(cluster, 'urgent').lastAttempt).toMatchObject({
    outcome: 'Refused',
    nominatedNode: 'one',
    victims: [{ namespace: 'default', name: 'low', priority: 1 }],
  })
})
