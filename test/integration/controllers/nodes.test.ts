import { expect, it } from 'vitest'
import { nodes, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { silentLogger } from '#base'
import { createEventBroadcaster, createInformerFactory } from '#client'
import { controllers } from '#controllers'
import { startTestServer } from '../apiserver/server.ts'
import { isReady, itemsOf, startCluster, template } from './cluster.ts'

const select = [
  'node-lifecycle-controller',
  'taint-eviction-controller',
  'node-ipam-controller',
  'pod-garbage-collector-controller',
]

it('gives up a node that falls silent: it is Unknown, its pods are not ready, and leave it once they tolerate it no longer', async () => {
  await using cluster = await startCluster({ select, nodes: ['n1', 'n2', 'n3'] })
  const { client, clock } = cluster
  const { metadata, spec } = template('a')
  const tolerations = [
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
  ] as const
  const pod = (name: string, more: Partial<Pod['spec']>): Promise<Pod> =>
    client.create(pods, {
      metadata: { ...metadata, namespace: 'default', name },
      spec: { ...spec, ...more } as Pod['spec'],
    })
  await pod('brief', { tolerations })
  await pod('lasting', { tolerations: [{ operator: 'Exists' }] })
  await cluster.until('ready pods', async () => (await itemsOf(client, pods)).every(isReady))
  await cluster.stopNode('n1')
  const silentSince = clock.now()
  await cluster.until('taint', async () => {
    const { spec: silent } = await client.get(nodes, { name: 'n1' })
    return (silent.taints ?? []).some(
      ({ key, effect }) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute',
    )
  })
  expect(clock.now() - silentSince).toBeGreaterThan(40_000)
  const { status } = await client.get(nodes, { name: 'n1' })
  expect(status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  })
  expect((await itemsOf(client, pods)).some(isReady)).toBe(false)
  const leaving = async (): Promise<unknown[]> =>
    (await itemsOf(client, pods)).filter(({ metadata: of }) => of.deletionTimestamp).map(({ metadata: of }) => of.name)
  await clock.advance(50_000)
  expect(await leaving()).toEqual([])
  await clock.advance(20_000)
  expect(await leaving()).toEqual(['brief'])
})

it('gives every node a block of its own, and that of a node that is gone to another', async () => {
  const options = { clusterCIDRs: ['10.244.0.0/23'] }
  await using cluster = await startCluster({ select, nodes: [], options })
  const { client } = cluster
  const blocks = async (): Promise<string[]> =>
    (await client.list(nodes)).items.map(({ metadata, spec }) => `${metadata.name} ${spec?.podCIDR ?? '-'}`)
  for (const name of ['a', 'b', 'c']) await client.create(nodes, { metadata: { name }, spec: {} })
  await cluster.until('blocks', async () => (await blocks()).filter((block) => !block.endsWith('-')).length === 2)
  expect((await blocks()).map((block) => block.split(' ')[1] ?? '').toSorted()).toEqual([
    '-',
    '10.244.0.0/24',
    '10.244.1.0/24',
  ])
  const [taken] = await blocks()
  const [name = '', block = ''] = taken?.split(' ') ?? []
  await client.delete(nodes, { name })
  await cluster.until('block of a node that is gone', async () => (await blocks()).some((each) => each.endsWith(block)))
})

it('gives a node its block once, also while the informer does not show it yet', async () => {
  await using server = await startTestServer()
  const { client, clock } = server
  const shared = { client, clock, log: silentLogger }
  const informers = createInformerFactory(client, shared)
  const ipam = controllers.find(({ name }) => name === 'node-ipam-controller')
  const queue = { add: () => undefined, addAfter: () => undefined, addRateLimited: () => undefined }
  const events = createEventBroadcaster(shared).recorder({ component: 'test' })
  const options = { clusterCIDRs: ['10.244.0.0/16'], discover: () => Promise.reject(new Error('nobody asks')) }
  const controller = ipam?.create({ ...shared, informers, queue, events, options })
  await client.create(nodes, { metadata: { name: 'a' }, spec: {} })
  const informer = informers.informer(nodes)
  const stop = new AbortController()
  const running = informers.start(stop.signal)
  await clock.advance(0)
  await informer.synced(stop.signal)
  // It stays as it is from here on.
  stop.abort()
  await clock.advance(0)
  await running
  await controller?.reconcile('a', new AbortController().signal)
  const { spec } = await client.get(nodes, { name: 'a' })
  expect(spec.podCIDRs).toEqual(['10.244.0.0/24'])
  expect(informer.lister.get({ name: 'a' })?.spec.podCIDRs).toBeUndefined()
  await controller?.reconcile('a', new AbortController().signal)
  expect((await client.get(nodes, { name: 'a' })).spec).toEqual(spec)
})
