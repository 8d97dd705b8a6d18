import { expect, test } from 'vitest'
import { persistentvolumeclaims, persistentvolumes, pods } from '#api/core/v1'
import type { PersistentVolume, PersistentVolumeClaim, Volume } from '#api/core/v1'
import { csidrivers, csinodes, csistoragecapacities, storageclasses } from '#api/storage/v1'
import type { StorageClass } from '#api/storage/v1'
import { makeNode, makePod, startCluster } from './testing/cluster.ts'
import type { TestCluster } from './testing/cluster.ts'

const zone = 'topology.kubernetes.io/zone'
const threeNodes = ['a', 'b', 'c'].map((name) => makeNode(name, { labels: { [zone]: `zone-${name}` } }))

function makeClaim(name: string, facts: Partial<PersistentVolumeClaim['spec']> & { readonly bound?: string } = {}) {
  const { bound, ...spec } = facts
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      namespace: 'default',
      name,
      ...(bound ? { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } } : {}),
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...(bound ? { volumeName: bound } : {}),
      ...spec,
    },
    status: { phase: bound ? 'Bound' : 'Pending' },
  }
  return claim
}

function makeVolume(name: string, facts: Partial<PersistentVolume['spec']> & { readonly on?: string } = {}) {
  const { on, ...spec } = facts
  const volume: PersistentVolume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      ...(on
        ? {
            nodeAffinity: {
              required: { nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: 'In', values: [on] }] }] },
            },
          }
        : {}),
      ...spec,
    },
    status: { phase: 'Available' },
  }
  return volume
}

const waiting: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'waiting' },
  provisioner: 'disk.example.com',
  volumeBindingMode: 'WaitForFirstConsumer',
}

const uses = (...claims: readonly string[]): { readonly volumes: readonly Volume[] } => ({
  volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
})

/** Does what the volume controller does once a claim has its volume or its node. */
async function finishBinding(cluster: TestCluster, claim: string, volumeName: string): Promise<void> {
  const old = cluster.client.read(persistentvolumeclaims, { namespace: 'default', name: claim })
  cluster.client.put(persistentvolumeclaims, {
    ...old,
    metadata: {
      ...old.metadata,
      annotations: { ...old.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' },
    },
    spec: { ...old.spec, volumeName },
  })
  await cluster.settle(1500)
}

test('a pod goes where its volume can be reached, and says why it goes nowhere else', async () => {
  await using cluster = await startCluster({ nodes: threeNodes })
  cluster.client.put(persistentvolumes, makeVolume('disk', { on: 'zone-b' }))
  cluster.client.put(persistentvolumes, makeVolume('far', { on: 'zone-x' }))
  cluster.client.put(persistentvolumeclaims, makeClaim('data', { bound: 'disk' }))
  cluster.client.put(persistentvolumeclaims, makeClaim('lost', { bound: 'far' }))
  cluster.client.put(persistentvolumeclaims, makeClaim('gone', { bound: 'no-such-volume' }))
  await cluster.settle()
  cluster.client.put(pods, makePod('web', uses('data')))
  cluster.client.put(pods, makePod('astray', uses('lost')))
  cluster.client.put(pods, makePod('orphan', uses('gone')))
  cluster.client.put(pods, makePod('early', uses('not-made')))
  await cluster.settle()
  expect(cluster.nodeOf('web')).toBe('b')
  expect(cluster.whyNot('astray')).toContain("3 node(s) didn't match PersistentVolume's node affinity.")
  expect(cluster.whyNot('orphan')).toContain('persistentvolume "no-such-volume" not found')
  expect(cluster.whyNot('early')).toContain('persistentvolumeclaim "not-made" not found')
  cluster.client.put(persistentvolumes, makeVolume('other', { on: 'zone-c' }))
  cluster.client.put(persistentvolumeclaims, makeClaim('not-made', { bound: 'other' }))
  await cluster.settle(2000)
  expect(cluster.nodeOf('early')).toBe('c')
})

test('a claim that waits for its pod is bound to the smallest volume that will do, before the pod is', async () => {
  await using cluster = await startCluster({ nodes: threeNodes })
  cluster.client.put(storageclasses, waiting)
  for (const [name, storage] of [
    ['large', '9Gi'],
    ['right', '2Gi'],
    ['small', '500Mi'],
  ] as const) {
    cluster.client.put(
      persistentvolumes,
      makeVolume(name, { on: 'zone-c', capacity: { storage }, storageClassName: 'waiting' }),
    )
  }
  cluster.client.put(storageclasses, { ...waiting, provisioner: 'kubernetes.io/no-provisioner' })
  cluster.client.put(persistentvolumeclaims, makeClaim('data', { storageClassName: 'waiting' }))
  await cluster.settle()
  cluster.client.put(pods, makePod('web', uses('data')))
  await cluster.settle()
  expect(cluster.client.read(persistentvolumes, { name: 'right' }).spec?.claimRef).toMatchObject({ name: 'data' })
  expect(cluster.nodeOf('web')).toBe('')
  expect(cluster.client.read(pods, { namespace: 'default', name: 'web' }).status?.nominatedNodeName).toBe('c')
  await finishBinding(cluster, 'data', 'right')
  expect(cluster.nodeOf('web')).toBe('c')
})

test('two pods do not get the same volume', async () => {
  await using cluster = await startCluster({ nodes: threeNodes })
  cluster.client.put(storageclasses, { ...waiting, provisioner: 'kubernetes.io/no-provisioner' })
  cluster.client.put(persistentvolumes, makeVolume('only', { storageClassName: 'waiting' }))
  for (const name of ['one', 'two'])
    cluster.client.put(persistentvolumeclaims, makeClaim(name, { storageClassName: 'waiting' }))
  await cluster.settle()
  for (const name of ['one', 'two']) cluster.client.put(pods, makePod(name, uses(name)))
  await cluster.settle()
  const taken = cluster.client.read(persistentvolumes, { name: 'only' }).spec?.claimRef?.name ?? ''
  const other = taken === 'one' ? 'two' : 'one'
  expect(cluster.whyNot(other)).toContain("3 node(s) didn't find available persistent volumes to bind.")
  await finishBinding(cluster, taken, 'only')
  expect(cluster.nodeOf(taken)).not.toBe('')
})

test('where volumes are made, the claim is told the node, if the class and its capacity reach it', async () => {
  await using cluster = await startCluster({ nodes: threeNodes })
  cluster.client.put(storageclasses, {
    ...waiting,
    allowedTopologies: [{ matchLabelExpressions: [{ key: zone, values: ['zone-a', 'zone-b'] }] }],
  })
  cluster.client.put(csidrivers, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'disk.example.com' },
    spec: { storageCapacity: true },
  })
  for (const [name, capacity] of [
    ['a', '100Mi'],
    ['b', '5Gi'],
  ] as const) {
    cluster.client.put(csistoragecapacities, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIStorageCapacity',
      metadata: { namespace: 'default', name },
      storageClassName: 'waiting',
      nodeTopology: { matchLabels: { [zone]: `zone-${name}` } },
      capacity,
    })
  }
  cluster.client.put(persistentvolumeclaims, makeClaim('data', { storageClassName: 'waiting' }))
  const huge = { storageClassName: 'waiting', resources: { requests: { storage: '1Ti' } } }
  cluster.client.put(persistentvolumeclaims, makeClaim('huge', huge))
  await cluster.settle()
  cluster.client.put(pods, makePod('web', uses('data')))
  cluster.client.put(pods, makePod('greedy', uses('huge')))
  await cluster.settle()
  const claim = cluster.client.read(persistentvolumeclaims, { namespace: 'default', name: 'data' })
  expect(claim.metadata.annotations?.['volume.kubernetes.io/selected-node']).toBe('b')
  expect(cluster.whyNot('greedy')).toContain(
    "1 node(s) didn't find available persistent volumes to bind, 2 node(s) did not have enough free storage.",
  )
  cluster.client.put(persistentvolumes, makeVolume('made', { on: 'zone-b' }))
  await finishBinding(cluster, 'data', 'made')
  expect(cluster.nodeOf('web')).toBe('b')
})

test('a claim for one pod alone keeps others waiting until that pod is gone', async () => {
  await using cluster = await startCluster({ nodes: threeNodes })
  cluster.client.put(persistentvolumes, makeVolume('disk'))
  cluster.client.put(persistentvolumeclaims, makeClaim('data', { bound: 'disk', accessModes: ['ReadWriteOncePod'] }))
  await cluster.settle()
  cluster.client.put(pods, makePod('first', uses('data')))
  await cluster.settle()
  cluster.client.put(pods, makePod('second', uses('data')))
  await cluster.settle()
  expect(cluster.whyNot('second')).toContain(
    '3 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.',
  )
  await cluster.client.delete(pods, { namespace: 'default', name: 'first' })
  await cluster.settle(2000)
  expect(cluster.nodeOf('second')).not.toBe('')
})

test('nodes take so many volumes of a driver as they say', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('one')] })
  cluster.client.put(csinodes, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name: 'one' },
    spec: { drivers: [{ name: 'disk.example.com', nodeID: 'one', allocatable: { count: 2 } }] },
  })
  for (const name of ['v1', 'v2', 'v3']) {
    const csi = { driver: 'disk.example.com', volumeHandle: name }
    cluster.client.put(persistentvolumes, makeVolume(name, { csi }))
    cluster.client.put(persistentvolumeclaims, makeClaim(name, { bound: name }))
  }
  await cluster.settle()
  cluster.client.put(pods, makePod('two', uses('v1', 'v2')))
  await cluster.settle()
  cluster.client.put(pods, makePod('one-more', uses('v3')))
  cluster.client.put(pods, makePod('same', uses('v2')))
  await cluster.settle()
  expect(['two', 'same'].map((name) => cluster.nodeOf(name))).toEqual(['one', 'one'])
  expect(cluster.whyNot('one-more')).toContain('1 node(s) exceed max volume count.')
})

test('volumes with zones keep their pods in them', async () => {
  await using cluster = await startCluster({ nodes: threeNodes })
  const volume = makeVolume('disk')
  cluster.client.put(persistentvolumes, { ...volume, metadata: { name: 'disk', labels: { [zone]: 'zone-a__zone-c' } } })
  cluster.client.put(persistentvolumeclaims, makeClaim('data', { bound: 'disk' }))
  await cluster.settle()
  cluster.client.put(pods, makePod('web', { ...uses('data'), nodeSelector: { [zone]: 'zone-b' } }))
  cluster.client.put(pods, makePod('fine', { ...uses('data'), nodeSelector: { [zone]: 'zone-c' } }))
  await cluster.settle()
  expect(cluster.whyNot('web')).toContain('1 node(s) had no available volume zone')
  expect(cluster.nodeOf('fine')).toBe('c')
})
