import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import { makeNode, makePod, startCluster } from '../testing/cluster.ts'

test('explain() of a bound pod tells the scores of its node', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('a'), makeNode('b')],
    pods: [makePod('busy', { nodeName: 'a', requests: { cpu: '2' } }), makePod('web', { requests: { cpu: '1' } })],
  })
  const { decision, ...rest } = cluster.scheduler.explain('uid-of-web') ?? {}
  expect(rest).toMatchObject({ namespace: 'default', name: 'web', place: 'bound', node: 'b' })
  expect(decision).toMatchObject({ kind: 'placed', node: 'b', feasible: 2, evaluated: 2 })
  const scores = decision?.kind === 'placed' ? decision.scores : []
  expect(scores).toContainEqual({ plugin: 'NodeResourcesFit', weight: 1, score: 86 })
  const total = scores.reduce((sum, { score, weight }) => sum + score * weight, 0)
  expect(decision?.kind === 'placed' && decision.total).toBe(total)
  expect(cluster.scheduler.explain('nobody')).toBeUndefined()
})

test('explain() of a pod that waits tells every plugin against every node, and the smallest change', async () => {
  const taint = { key: 'team', value: 'a', effect: 'NoSchedule' as const }
  await using cluster = await startCluster({
    nodes: [
      makeNode('small', { cpu: '1' }),
      makeNode('tainted', { cpu: '1', spec: { taints: [taint] } }),
      makeNode('nearly', { cpu: '3500m', labels: { disk: 'ssd' } }),
      makeNode('slow', { cpu: '8' }),
    ],
    pods: [makePod('web', { requests: { cpu: '4' }, nodeSelector: { disk: 'ssd' } })],
  })
  const explained = cluster.scheduler.explain('uid-of-web')
  expect(explained).toMatchObject({
    place: 'unschedulable',
    attempts: 1,
    waitsFor: ['NodeAffinity', 'TaintToleration', 'NodeResourcesFit'],
    decision: {
      kind: 'refused',
      message: cluster.whyNot('web'),
      verdicts: [
        { status: { plugin: 'NodeAffinity' }, nodes: ['small', 'slow'] },
        { status: { plugin: 'TaintToleration' }, nodes: ['tainted'] },
        { status: { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'] }, nodes: ['nearly'] },
      ],
    },
  })
  expect(explained?.nodes?.map((group) => [group.nodes, group.against.map(({ plugin }) => plugin)])).toEqual([
    [['small'], ['NodeAffinity', 'NodeResourcesFit']],
    [['tainted'], ['TaintToleration', 'NodeAffinity', 'NodeResourcesFit']],
    [['nearly'], ['NodeResourcesFit']],
    [['slow'], ['NodeAffinity']],
  ])
  expect(explained?.smallestChange).toEqual({
    node: 'slow',
    changes: [{ kind: 'label', key: 'disk', wanted: 'ssd' }],
  })
  await cluster.client.delete(nodes, { name: 'slow' })
  await cluster.settle()
  expect(cluster.scheduler.explain('uid-of-web')?.smallestChange).toEqual({
    node: 'nearly',
    changes: [{ kind: 'resource', resource: 'cpu', requested: 4000, free: 3500, short: 500 }],
  })
})

test('explain() of a gated pod names the gate', async () => {
  await using cluster = await startCluster({
    nodes: [makeNode('one')],
    pods: [makePod('web', { schedulingGates: [{ name: 'example.com/wait' }] })],
  })
  expect(cluster.scheduler.explain('uid-of-web')).toMatchObject({
    place: 'gated',
    attempts: 0,
    waitsFor: ['SchedulingGates'],
    nodes: [{ nodes: ['one'], against: [] }],
  })
})
