import { expect, test } from 'vitest'
import { pods, resourcequotas, serviceaccounts } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { deviceclasses, resourceclaims } from '#api/resource/v1'
import type { ResourceClaim } from '#api/resource/v1'
import type { ResourceList } from '#machinery'
import { startCluster } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const namespace = 'default'
const byClass = 'gpu.deviceclass.resource.k8s.io/devices'
const implicit = 'requests.deviceclass.resource.kubernetes.io/gpu'
const explicit = 'requests.example.com/gpu'
const hard = { [byClass]: '9', [implicit]: '9', [explicit]: '4', 'count/resourceclaims.resource.k8s.io': '9' }

const startQuota = async (): Promise<TestCluster> => {
  const cluster = await startCluster({ select: ['resourcequota-controller'], nodes: [], complete: true })
  await cluster.client.create(deviceclasses, {
    metadata: { name: 'gpu' },
    spec: { extendedResourceName: 'example.com/gpu' },
  })
  await cluster.client.create(serviceaccounts, { metadata: { namespace, name: 'default' } })
  await cluster.client.create(resourcequotas, { metadata: { namespace, name: 'q' }, spec: { hard } })
  await cluster.until('a status', async () => (await usedIn(cluster)) !== undefined)
  return cluster
}

const usedIn = async ({ client }: TestCluster): Promise<ResourceList | undefined> =>
  (await client.get(resourcequotas, { namespace, name: 'q' })).status?.used

const claim = (name: string, count: number, metadata: object = {}): ResourceClaim => ({
  metadata: { namespace, name, ...metadata },
  spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu', count } }] } },
})

const gpus = { 'example.com/gpu': '2' }
const asking: Pod = {
  metadata: { namespace, name: 'p' },
  spec: {
    containers: [{ name: 'c', image: 'i', resources: { requests: gpus, limits: gpus } }],
    automountServiceAccountToken: false,
  },
}

test('claims take of the quota of the extended resources that their devices stand for', async () => {
  await using cluster = await startQuota()
  const { client } = cluster
  const used = { [byClass]: '3', [implicit]: '3', [explicit]: '3', 'count/resourceclaims.resource.k8s.io': '1' }
  await client.create(resourceclaims, claim('a', 3))
  expect(await usedIn(cluster)).toEqual(used)
  await expect(client.create(resourceclaims, claim('b', 2))).rejects.toThrow(
    'resourceclaims.resource.k8s.io "b" is forbidden: exceeded quota: q, requested: requests.example.com/gpu=2, used: requests.example.com/gpu=3, limited: requests.example.com/gpu=4',
  )
  await expect(client.create(pods, asking)).rejects.toThrow(
    'pods "p" is forbidden: exceeded quota: q, requested: requests.example.com/gpu=2, used: requests.example.com/gpu=3, limited: requests.example.com/gpu=4',
  )
  await client.delete(resourceclaims, { namespace, name: 'a' })
  await cluster.until('less', async () => (await usedIn(cluster))?.[byClass] === '0')
  const none = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']))
  expect(await usedIn(cluster)).toEqual(none)
})

test('what a pod asks for counts once: for the pod, not for the claim that is made for it', async () => {
  await using cluster = await startQuota()
  const { client } = cluster
  const { metadata } = await client.create(pods, asking)
  expect((await usedIn(cluster))?.[explicit]).toBe('2')
  const ofPod = {
    annotations: { 'resource.kubernetes.io/extended-resource-claim': 'true' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: metadata.uid ?? '', controller: true }],
  }
  await client.create(resourceclaims, claim('made', 2, ofPod))
  const used = { [byClass]: '2', [implicit]: '2', [explicit]: '2', 'count/resourceclaims.resource.k8s.io': '1' }
  expect(await usedIn(cluster)).toEqual(used)
  // Counted anew from what there is, it is the same.
  const changed = { type: 'merge', patch: { spec: { hard: { ...hard, [explicit]: '5' } } } } as const
  const quota = await client.patch(resourcequotas, { namespace, name: 'q' }, changed)
  await cluster.until('another look', async () => {
    const { status } = await client.get(resourcequotas, { namespace, name: 'q' })
    return status?.hard?.[explicit] === quota.spec.hard?.[explicit]
  })
  expect(await usedIn(cluster)).toEqual(used)
  // The second of a pod counts whole.
  await client.create(resourceclaims, claim('more', 2, ofPod))
  expect((await usedIn(cluster))?.[explicit]).toBe('4')
})
