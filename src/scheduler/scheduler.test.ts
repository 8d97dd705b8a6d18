import { expect, test } from 'vitest'
import { nodes, pods } from '#api/core/v1'
import { makeNode, makePod, startCluster } from './testing/cluster.ts'

test('a pod is bound to a node with room, and an event tells of it', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('small', { cpu: '1' }), makeNode('large')],
    pods: [makePod('web', { requests: { cpu: '2' } })],
  })
  expect(cluster.nodeOf('web')).toBe('large')
  expect(cluster.events('Scheduled')).toMatchObject([
    {
      type: 'Normal',
      action: 'Binding',
      note: 'Successfully assigned default/web to large',
      reportingController: 'default-scheduler',
      regarding: { kind: 'Pod', name: 'web', namespace: 'default' },
    },
  ])
})

test('a pod that fits nowhere says why in its condition and in an event, and goes when room comes', async () => {
  await using cluster = await startCluster({
    nodes: [
      makeNode('full', { cpu: '1' }),
      makeNode('cordoned', { spec: { unschedulable: true } }),
      makeNode('tainted', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }),
    ],
    pods: [makePod('web', { requests: { cpu: '2' } })],
  })
  expect(cluster.nodeOf('web')).toBe('')
  expect(cluster.whyNot('web')).toMatch(
    /^0\/3 nodes are available: 1 Insufficient cpu, 1 node\(s\) had untolerated taint\(s\), 1 node\(s\) were unschedulable\./,
  )
  expect(cluster.events('FailedScheduling')).toMatchObject([{ type: 'Warning', action: 'Scheduling' }])
  expect(cluster.scheduler.pending).toEqual({ active: 0, backoff: 0, unschedulable: 1 })
  cluster.client.put(nodes, makeNode('new'))
  await cluster.settle(1000)
  expect(cluster.nodeOf('web')).toBe('new')
})

test('without nodes pods wait, and say so', async () => {
  await using cluster = await startCluster({ pods: [makePod('web')] })
  expect(cluster.whyNot('web')).toBe('no nodes available to schedule pods')
})

test('pods of other schedulers are left alone, but take their room', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('one', { cpu: '2' })],
    pods: [
      makePod('theirs', { schedulerName: 'other' }),
      makePod('placed', { schedulerName: 'other', nodeName: 'one', requests: { cpu: '1500m' } }),
      makePod('ours', { requests: { cpu: '1' } }),
    ],
  })
  expect(cluster.nodeOf('theirs')).toBe('')
  expect(cluster.whyNot('ours')).toContain('1 Insufficient cpu')
})

test('a pod that ends gives its room to one that waits', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('one', { cpu: '1' })],
    pods: [makePod('first', { nodeName: 'one', requests: { cpu: '1' } }), makePod('next', { requests: { cpu: '1' } })],
  })
  expect(cluster.nodeOf('next')).toBe('')
  const first = cluster.client.read(pods, { namespace: 'default', name: 'first' })
  cluster.client.put(pods, { ...first, status: { phase: 'Succeeded' } })
  await cluster.settle(1000)
  expect(cluster.nodeOf('next')).toBe('one')
})

test('a binding that fails is tried again after a while, with the room given back meanwhile', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('one', { cpu: '1' })] })
  let failures = 1
  cluster.client.fault = (verb) => (verb === 'binding' && failures-- > 0 ? new Error('no connection') : undefined)
  cluster.client.put(pods, makePod('web', { requests: { cpu: '1' } }))
  await cluster.settle()
  expect(cluster.whyNot('web')).toBe('no connection')
  expect(cluster.nodeOf('web')).toBe('')
  await cluster.settle(2000)
  expect(cluster.nodeOf('web')).toBe('one')
})

test('pods with gates wait without being tried until the gates are gone', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('one')],
    pods: [makePod('web', { schedulingGates: [{ name: 'example.com/wait' }] })],
  })
  expect(cluster.scheduler.pending.unschedulable).toBe(1)
  expect(cluster.events('FailedScheduling')).toEqual([])
  const pod = cluster.client.read(pods, { namespace: 'default', name: 'web' })
  const { schedulingGates: _, ...spec } = pod.spec ?? { containers: [] }
  cluster.client.put(pods, { ...pod, spec })
  await cluster.settle()
  expect(cluster.nodeOf('web')).toBe('one')
})

test('pods of higher priority go first', async () => {
  await using cluster = await startCluster()
  for (const [name, priority] of [
    ['low', 1],
    ['high', 10],
    ['middle', 5],
  ] as const) {
    cluster.client.put(pods, makePod(name, { priority, requests: { cpu: '1' } }))
  }
  await cluster.settle()
  cluster.client.put(nodes, makeNode('one', { cpu: '2' }))
  await cluster.settle(2000)
  expect(['high', 'middle', 'low'].map((name) => cluster.nodeOf(name))).toEqual(['one', 'one', ''])
})

test('hundreds of pods spread evenly over nodes that are alike', async () => {
  await using cluster = await startCluster({
    nodes: Array.from({ length: 10 }, (_, i) => makeNode(`node-${i}`)),
    pods: Array.from({ length: 200 }, (_, i) => makePod(`pod-${i}`, { requests: { cpu: '100m', memory: '100Mi' } })),
  })
  const counts = new Map<string, number>()
  for (let i = 0; i < 200; i++) {
    const node = cluster.nodeOf(`pod-${i}`)
    counts.set(node, (counts.get(node) ?? 0) + 1)
  }
  expect([...counts.values()]).toEqual(Array.from({ length: 10 }, () => 20))
})

test('pods that no event helps are tried again after five minutes', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('one', { cpu: '1' })] })
  cluster.client.put(pods, makePod('web', { requests: { cpu: '2' } }))
  await cluster.settle()
  expect(cluster.events('FailedScheduling')).toHaveLength(1)
  await cluster.settle(4 * 60_000)
  expect(cluster.events('FailedScheduling')).toHaveLength(1)
  await cluster.settle(2 * 60_000)
  expect(cluster.events('FailedScheduling')).toHaveLength(2)
})
