import { expect, test } from 'vitest'
import { daemonsets, replicasets, statefulsets } from '#api/apps/v1'
import { nodes, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { TransportError } from '#client'
import type { Client } from '#client'
import { appSelector, isReady, itemsOf, livePods, startCluster, template } from './cluster.ts'
import type { TestCluster } from './cluster.ts'
import { LateNews } from './late-news.ts'

const namespace = 'default'
const key = { namespace, name: 'web' }
const imagePatch = (image: string) => ({
  type: 'strategic' as const,
  patch: { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } },
})

async function markReady(client: Client, pod: Pod): Promise<void> {
  const conditions = [{ type: 'Ready', status: 'True' }] as const
  const status = { ...pod.status, phase: 'Running' as const, conditions }
  await client.update(pods, { ...pod, status }, { subresource: 'status' })
}

test('a StatefulSet takes no second pod before it sees that the first one goes', async () => {
  const news = new LateNews()
  const select = ['statefulset-controller']
  await using cluster = await startCluster({ select, through: news.through })
  const { client, clock } = cluster
  const spec = { replicas: 3, serviceName: 'web', selector: appSelector, template: template('a') }
  await client.create(statefulsets, { metadata: key, spec })
  await cluster.until('three pods', async () => (await livePods(client)).filter(isReady).length === 3)
  let isHeld = false
  news.onDelete = async (path) => {
    if (!path.endsWith('/web-1') || isHeld) return
    news.hold()
    isHeld = true
  }
  await client.patch(statefulsets, key, imagePatch('b'))
  await cluster.until('the end of the second pod', async () => isHeld && (await livePods(client)).length === 2)
  // Now the last pod is one of an old revision as well.
  await client.patch(statefulsets, key, imagePatch('c'))
  await clock.advance(5000)
  expect((await livePods(client)).map(({ metadata }) => metadata.name)).toEqual(['web-0', 'web-2'])
  news.release()
  await cluster.until('the update', async () => {
    const live = await livePods(client)
    return live.length === 3 && live.every((pod) => isReady(pod) && pod.spec.containers[0]?.image === 'c')
  })
})

async function startReplicaSet(news: LateNews, replicas: number): Promise<TestCluster> {
  const cluster = await startCluster({ select: ['replicaset-controller'], through: news.through })
  const { client } = cluster
  const spec = { replicas, selector: appSelector, template: template('a') }
  await client.create(replicasets, { metadata: key, spec })
  await cluster.until('pods', async () => (await client.get(replicasets, key)).status?.availableReplicas === replicas)
  return cluster
}

const scaleTo = (client: Client, replicas: number): Promise<unknown> =>
  client.patch(replicasets, key, { type: 'merge', patch: { spec: { replicas } } })

test('a ReplicaSet that became smaller tells of its new size when it sees which pods go', async () => {
  const news = new LateNews()
  await using cluster = await startReplicaSet(news, 4)
  const { client, clock } = cluster
  news.onDelete = async () => news.hold()
  await scaleTo(client, 2)
  await clock.advance(5000)
  const { status } = await client.get(replicasets, key)
  expect({ left: (await livePods(client)).length, ...status }).toMatchObject({ left: 2, observedGeneration: 1 })
  news.release()
  await cluster.until('status', async () => (await client.get(replicasets, key)).status?.observedGeneration === 2)
  expect((await client.get(replicasets, key)).status).toMatchObject({ replicas: 2, availableReplicas: 2 })
})

test('a ReplicaSet finds out what became of a deletion whose answer was lost', async () => {
  const news = new LateNews()
  await using cluster = await startReplicaSet(news, 4)
  const { client, clock } = cluster
  const deleted = new Set<string>()
  news.onDelete = async (path) => {
    deleted.add(path.slice(path.lastIndexOf('/') + 1))
    if (deleted.size !== 2) return undefined
    // One of the others goes first from now on.
    const other = (await livePods(client)).find(({ metadata }) => !deleted.has(metadata.name ?? ''))
    const annotations = { 'controller.kubernetes.io/pod-deletion-cost': '-10' }
    const name = other?.metadata.name ?? ''
    await client.patch(pods, { namespace, name }, { type: 'merge', patch: { metadata: { annotations } } })
    news.hold()
    return 'lost' as const
  }
  await scaleTo(client, 2)
  await clock.advance(5000)
  expect(await livePods(client)).toHaveLength(2)
  news.release()
  await cluster.until('status', async () => (await client.get(replicasets, key)).status?.replicas === 2)
  expect(deleted.size).toBe(2)
})

test('a ReplicaSet that became smaller keeps as many pods available as it is asked for when the ill one becomes ready', async () => {
  const news = new LateNews()
  await using cluster = await startCluster({ select: ['replicaset-controller'], nodes: [], through: news.through })
  const { client, clock } = cluster
  await client.create(replicasets, {
    metadata: key,
    spec: { replicas: 3, selector: appSelector, template: template('a') },
  })
  await cluster.until('three pods', async () => (await livePods(client)).length === 3)
  const [first, second, third] = await livePods(client)
  if (!first || !second || !third) throw new Error('no pods')
  for (const pod of [first, second]) await markReady(client, pod)
  await clock.advance(1000)
  const deletions: string[] = []
  news.onDelete = async (path) => void deletions.push(path)
  news.hold()
  await markReady(client, third)
  await scaleTo(client, 2)
  await cluster.until('an attempt', async () => deletions.length > 0)
  await clock.advance(5000)
  expect(await livePods(client)).toHaveLength(3)
  news.release()
  await cluster.until('status', async () => (await client.get(replicasets, key)).status?.observedGeneration === 2)
  const left = await livePods(client)
  expect({ left: left.length, ready: left.filter(isReady).length }).toEqual({ left: 2, ready: 2 })
  expect((await client.get(replicasets, key)).status).toMatchObject({ replicas: 2, availableReplicas: 2 })
})

test('a deletion whose answer was lost and that did not arrive is made up for', async () => {
  const news = new LateNews()
  await using cluster = await startReplicaSet(news, 2)
  const { client } = cluster
  let failures = 0
  news.onDelete = async () => {
    if (failures++ === 0) throw new TransportError('Lost', 'the connection was lost')
  }
  await scaleTo(client, 1)
  await cluster.until('one pod', async () => (await livePods(client)).length === 1, 10_000)
  await cluster.until('status', async () => (await client.get(replicasets, key)).status?.replicas === 1, 10_000)
})

test('a DaemonSet lets a pod stay that became ready while it was thought to be ill', async () => {
  const news = new LateNews()
  const select = ['daemonset-controller']
  await using cluster = await startCluster({ select, nodes: [], through: news.through })
  const { client, clock } = cluster
  for (const name of ['n1', 'n2']) await client.create(nodes, { metadata: { name }, spec: {} })
  const { nodeName: _, ...podSpec } = template('a').spec ?? { containers: [] }
  await client.create(daemonsets, {
    metadata: key,
    spec: {
      selector: appSelector,
      template: { ...template('a'), spec: podSpec },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    },
  })
  await cluster.until('two pods', async () => (await livePods(client)).length === 2)
  const [first, second] = await livePods(client)
  if (!first || !second) throw new Error('no pods')
  await markReady(client, first)
  await clock.advance(1000)
  news.hold()
  await markReady(client, second)
  await client.patch(daemonsets, key, imagePatch('b'))
  await clock.advance(5000)
  expect((await livePods(client)).filter(isReady)).toHaveLength(2)
  news.release()
  await cluster.until('one pod to be replaced', async () => {
    const images = (await itemsOf(client, pods)).map(({ spec }) => spec.containers[0]?.image)
    return images.length === 2 && new Set(images).size === 2
  })
})
