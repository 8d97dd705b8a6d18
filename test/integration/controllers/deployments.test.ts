import { expect, it } from 'vitest'
import { deployments, replicasets } from '#api/apps/v1'
import type { Deployment } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import { appSelector, isReady, itemsOf, livePods, startCluster, template } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const select = ['deployment-controller', 'replicaset-controller', 'garbage-collector-controller']
const key = { namespace: 'default', name: 'web' }

const deployment = (image: string): Deployment => ({
  metadata: key,
  spec: { replicas: 4, selector: appSelector, template: template(image) },
})

async function isRolledOut({ client }: TestCluster, image: string): Promise<boolean> {
  const { metadata, status } = await client.get(deployments, key)
  const running = await itemsOf(client, pods)
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === 4 &&
    status.availableReplicas === 4 &&
    running.length === 4 &&
    running.every(({ spec }) => spec.containers[0]?.image === image)
  )
}

async function setImage({ client }: TestCluster, image: string): Promise<void> {
  const containers = [{ name: 'main', image }]
  await client.patch(deployments, key, { type: 'strategic', patch: { spec: { template: { spec: { containers } } } } })
}

it('replaces pods of the old template a quarter at a time, and takes the old replica set up again when it is undone', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  await client.create(deployments, deployment('a'))
  await cluster.until('rollout of a', () => isRolledOut(cluster, 'a'))
  await setImage(cluster, 'b')
  let fewest = 4
  let most = 4
  await cluster.until('rollout of b', async () => {
    const live = await livePods(client)
    fewest = Math.min(fewest, live.filter(isReady).length)
    most = Math.max(most, live.length)
    return isRolledOut(cluster, 'b')
  })
  expect({ fewest, most }).toEqual({ fewest: 3, most: 5 })
  await setImage(cluster, 'a')
  await cluster.until('rollout of a', () => isRolledOut(cluster, 'a'))
  const sets = await itemsOf(client, replicasets)
  const revisions = sets.map(({ metadata, spec }) => {
    const revision = metadata.annotations?.['deployment.kubernetes.io/revision'] ?? ''
    return `${spec?.template?.spec?.containers[0]?.image}: ${spec?.replicas} pods, revision ${revision}`
  })
  expect(revisions.toSorted()).toEqual(['a: 4 pods, revision 3', 'b: 0 pods, revision 2'])
})

it('counts revisions on from any number of 64 bits', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  const annotations = { 'deployment.kubernetes.io/revision': '3546343826724305832' }
  const old = { ...template('old'), metadata: { labels: { ...appSelector.matchLabels, 'pod-template-hash': 'x' } } }
  await client.create(replicasets, {
    metadata: { namespace: 'default', name: 'web-x', labels: appSelector.matchLabels, annotations },
    spec: { replicas: 1, selector: appSelector, template: old },
  })
  await client.create(deployments, deployment('a'))
  await cluster.until('rollout of a', () => isRolledOut(cluster, 'a'))
  const { metadata } = await client.get(deployments, key)
  expect(metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '3546343826724305833' })
})

it('names pods by the hash of their template that upstream has for it', async () => {
  await using cluster = await startCluster({ select })
  const spec = { replicas: 1, selector: appSelector, template: template('nginx:1') }
  await cluster.client.create(deployments, { metadata: key, spec })
  await cluster.until('replica set', async () => (await itemsOf(cluster.client, replicasets)).length === 1)
  const [set] = await itemsOf(cluster.client, replicasets)
  expect(set?.metadata.name).toBe('web-8664c87445')
})

it('says that it does not get on, once its time is over', async () => {
  await using cluster = await startCluster({ select, nodes: [] })
  const { client } = cluster
  await client.create(deployments, {
    ...deployment('a'),
    spec: { ...deployment('a').spec, progressDeadlineSeconds: 30 },
  })
  const reason = async (): Promise<string | undefined> => {
    const { status } = await client.get(deployments, key)
    return status?.conditions?.find(({ type }) => type === 'Progressing')?.reason
  }
  await cluster.until('progress', async () => (await reason()) === 'ReplicaSetUpdated')
  await cluster.until('deadline', async () => (await reason()) === 'ProgressDeadlineExceeded', 40_000)
})
