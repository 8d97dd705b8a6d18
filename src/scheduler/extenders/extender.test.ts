import { expect, test } from 'vitest'
import type { Node } from '#api/core/v1'
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
