import { expect, test } from 'vitest'
import type { Node, Pod } from '#api/core/v1'
import { pods } from '#api/core/v1'
import { makeNode, makePod, startCluster } from '../testing/cluster.ts'
import type { ExtenderCall } from './extender.ts'

interface Arguments {
  readonly Pod: { readonly metadata: { readonly name: string } }
  readonly NodeNames?: readonly string[]
  readonly Nodes?: { readonly items: readonly Node[] }
}

const nodes = ['a', 'b', 'c'].map((name) => makeNode(name))

test('an extender filters, ranks and binds beside the plugins', async () => {
  const calls: string[] = []
  const callExtender: ExtenderCall = async (url, body) => {
    calls.push(url)
    const { NodeNames = [] } = body as Arguments
    if (url.endsWith('/filter'))
      return { NodeNames: NodeNames.filter((name) => name !== 'a'), FailedNodes: { a: 'no' } }
    if (url.endsWith('/rank')) return NodeNames.map((Host) => ({ Host, Score: Host === 'c' ? 10 : 0 }))
    return { Error: '' }
  }
  const extender = {
    urlPrefix: 'http://extender/v1/',
    filterVerb: 'filter',
    prioritizeVerb: 'rank',
    bindVerb: 'bind',
    weight: 5,
    nodeCacheCapable: true,
  }
  await using cluster = await startCluster(
    { nodes, pods: [makePod('web')] },
    { callExtender, config: { extenders: [extender] } },
  )
  expect(calls).toEqual(['http://extender/v1/filter', 'http://extender/v1/rank', 'http://extender/v1/bind'])
  expect(cluster.scheduler.explain('uid-of-web')).toMatchObject({ place: 'being bound', node: 'c' })
})

test('what an extender refuses is told, and pods come back when anything happens', async () => {
  let refuses = true
  const callExtender: ExtenderCall = async (_url, body) => {
    const items = (body as Arguments).Nodes?.items ?? []
    return refuses
      ? {
          nodes: { items: [] },
          failedNodes: Object.fromEntries(items.map(({ metadata }) => [metadata.name, 'licence used up'])),
        }
      : { nodes: { items } }
  }
  const config = { extenders: [{ urlPrefix: 'http://extender', filterVerb: 'filter' }] }
  await using cluster = await startCluster({ nodes, pods: [makePod('web')] }, { callExtender, config })
  expect(cluster.whyNot('web')).toMatch(/^0\/3 nodes are available: 3 licence used up\./)
  refuses = false
  cluster.client.put({ group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false }, makeNode('d'))
  await cluster.settle(3000)
  expect(cluster.nodeOf('web')).not.toBe('')
})

test('an extender that fails stops its pods, unless it may be ignored; others are not asked', async () => {
  const callExtender: ExtenderCall = async () => {
    throw new Error('connection refused')
  }
  const managedResources = [{ name: 'example.com/gpu', ignoredByScheduler: true }]
  const strict = { urlPrefix: 'http://strict', filterVerb: 'filter', managedResources }
  const lax = { urlPrefix: 'http://lax', filterVerb: 'filter', ignorable: true }
  const asking = makePod('asking', { requests: { 'example.com/gpu': '1' } })
  await using cluster = await startCluster(
    { nodes, pods: [asking, makePod('other')] },
    { callExtender, config: { extenders: [strict, lax] } },
  )
  expect(cluster.whyNot('asking')).toBe('connection refused')
  expect(cluster.nodeOf('other')).not.toBe('')
})

const crowd = [
  makePod('low-a', { nodeName: 'a', priority: 0, requests: { cpu: '8' } }),
  makePod('low-b', { nodeName: 'b', priority: 1, requests: { cpu: '8' } }),
]
const urgent = makePod('urgent', { priority: 10, requests: { cpu: '4' } })
const full = ['a', 'b'].map((name) => makeNode(name, { cpu: '8' }))

interface Victims {
  readonly Pods: readonly (Pod & { readonly UID: string })[]
  readonly NumPDBViolations: number
}

test('an extender has a say in who goes for a pod of higher priority', async () => {
  const asked: unknown[] = []
  const callExtender: ExtenderCall = async (_url, body) => {
    const { NodeNameToVictims = {} } = body as { readonly NodeNameToVictims?: { readonly [node: string]: Victims } }
    asked.push(Object.entries(NodeNameToVictims).map(([node, { Pods }]) => [node, Pods[0]?.metadata.name]))
    return { nodeNameToMetaVictims: { b: { pods: [{ uid: 'uid-of-low-b' }], numPDBViolations: 0 } } }
  }
  const config = { extenders: [{ urlPrefix: 'http://extender', preemptVerb: 'preempt' }] }
  await using cluster = await startCluster({ nodes: full, pods: [...crowd, urgent] }, { callExtender, config })
  await cluster.settle(2000)
  expect(new Map(asked[0] as [])).toEqual(
    new Map([
      ['a', 'low-a'],
      ['b', 'low-b'],
    ]),
  )
  expect(cluster.client.all(pods).map(({ metadata }) => metadata.name)).toEqual(['low-a', 'urgent'])
  expect(cluster.nodeOf('urgent')).toBe('b')
})

test('preemption by an extender that names pods of elsewhere is told, and nobody goes', async () => {
  const callExtender: ExtenderCall = async () => ({ NodeNameToMetaVictims: { a: { Pods: [{ UID: 'uid-of-low-b' }] } } })
  const config = { extenders: [{ urlPrefix: 'http://extender', preemptVerb: 'preempt' }] }
  await using cluster = await startCluster({ nodes: full, pods: [...crowd, urgent] }, { callExtender, config })
  await cluster.settle(2000)
  expect(cluster.whyNot('urgent')).toContain('extender: http://extender claims to preempt pod')
  expect(cluster.client.all(pods)).toHaveLength(3)
})
