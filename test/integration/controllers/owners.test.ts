import { expect, it } from 'vitest'
import { replicasets } from '#api/apps/v1'
import { configmaps, namespaces, pods } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import { isNotFound } from '#machinery'
import type { OwnerReference } from '#machinery'
import { appSelector, itemsOf, startCluster, template } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const select = ['garbage-collector-controller', 'namespace-controller', 'replicaset-controller']
const key = { namespace: 'default', name: 'web' }

async function startReplicaSet(cluster: TestCluster): Promise<void> {
  const spec = { replicas: 2, selector: appSelector, template: template('a') }
  await cluster.client.create(replicasets, { metadata: key, spec })
  await cluster.until('pods', async () => (await itemsOf(cluster.client, pods)).length === 2)
}

const exists = async ({ client }: TestCluster): Promise<boolean> =>
  client.get(replicasets, key).then(
    () => true,
    (error: unknown) => {
      if (isNotFound(error)) return false
      throw error
    },
  )

it('deletes what an owner leaves behind', async () => {
  await using cluster = await startCluster({ select })
  await startReplicaSet(cluster)
  await cluster.client.delete(replicasets, key, { propagationPolicy: 'Background' })
  expect(await exists(cluster)).toBe(false)
  await cluster.until('no pods', async () => (await itemsOf(cluster.client, pods)).length === 0)
})

it('keeps an owner that is deleted in the foreground until its dependents are gone', async () => {
  await using cluster = await startCluster({ select })
  await startReplicaSet(cluster)
  const [pod] = await itemsOf(cluster.client, pods)
  const podKey = { namespace: 'default', name: pod?.metadata.name ?? '' }
  const hold = (finalizers: readonly string[]): Promise<unknown> =>
    cluster.client.patch(pods, podKey, { type: 'merge', patch: { metadata: { finalizers } } })
  await hold(['example.com/hold'])
  await cluster.client.delete(replicasets, key, { propagationPolicy: 'Foreground' })
  await cluster.until('one pod', async () => (await itemsOf(cluster.client, pods)).length === 1)
  await cluster.clock.advance(10_000)
  expect(await exists(cluster)).toBe(true)
  await hold([])
  await cluster.until('owner gone', async () => !(await exists(cluster)))
  expect(await itemsOf(cluster.client, pods)).toEqual([])
})

it('lets dependents of an orphaning deletion live without an owner', async () => {
  await using cluster = await startCluster({ select })
  await startReplicaSet(cluster)
  await cluster.client.delete(replicasets, key, { propagationPolicy: 'Orphan' })
  await cluster.until('owner gone', async () => !(await exists(cluster)))
  await cluster.clock.advance(5000)
  const left = await itemsOf(cluster.client, pods)
  expect(left.map(({ metadata }) => metadata.ownerReferences ?? [])).toEqual([[], []])
})

it('deletes an object whose owner never was, but not one with another owner that is', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  const owner = await client.create(configmaps, { metadata: { namespace: 'default', name: 'owner' } })
  const reference = (name: string, uid: string): OwnerReference => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid })
  const absent = reference('absent', 'c0a8e1b6-0000-4000-8000-000000000000')
  const present = reference('owner', owner.metadata.uid ?? '')
  const dependent = (name: string, ownerReferences: readonly OwnerReference[]): Promise<ConfigMap> =>
    client.create(configmaps, { metadata: { namespace: 'default', name, ownerReferences } })
  await dependent('lost', [absent])
  await dependent('kept', [absent, present])
  const names = async (): Promise<unknown> => (await itemsOf(client, configmaps)).map(({ metadata }) => metadata.name)
  await cluster.until('lost is gone', async () => !JSON.stringify(await names()).includes('lost'))
  await cluster.until('the reference is gone', async () => {
    const kept = await client.get(configmaps, { namespace: 'default', name: 'kept' })
    return kept.metadata.ownerReferences?.length === 1
  })
  expect(await names()).toEqual(['kept', 'owner'])
})

it('empties a namespace that is deleted, and says what holds it', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  await client.create(namespaces, { metadata: { name: 'team' }, spec: {} })
  const metadata = { namespace: 'team', name: 'held', finalizers: ['example.com/hold'] }
  await client.create(configmaps, { metadata })
  await client.create(configmaps, { metadata: { namespace: 'team', name: 'free' } })
  await client.delete(namespaces, { name: 'team' })
  const messages = async (): Promise<string> => {
    const { status } = await client.get(namespaces, { name: 'team' })
    return (status?.conditions ?? [])
      .map(({ type, status: value, message }) => `${type} ${value} ${message}`)
      .join('\n')
  }
  await cluster.until('conditions', async () => (await messages()).includes('NamespaceFinalizersRemaining True'))
  expect(await messages()).toContain(
    'NamespaceContentRemaining True Some resources are remaining: configmaps. has 1 resource instances',
  )
  expect(await messages()).toContain(
    'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  )
  await client.patch(configmaps, metadata, { type: 'merge', patch: { metadata: { finalizers: [] } } })
  const isGone = (): Promise<boolean> =>
    client.get(namespaces, { name: 'team' }).then(
      () => false,
      (error: unknown) => isNotFound(error),
    )
  await cluster.until('gone', isGone)
})
