import { expect, it } from 'vitest'
import { events, nodes, persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { PersistentVolumeClaim } from '#api/core/v1'
import { storageclasses } from '#api/storage/v1'
import type { NodeFolders } from '#controllers'
import { itemsOf, startCluster } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const select = ['persistentvolume-binder-controller', 'local-volume-provisioner-controller']
const selected = 'volume.kubernetes.io/selected-node'

/** Folders of nodes, of which `full` has no room. */
class Folders implements NodeFolders {
  readonly all = new Set<string>()

  make(node: string, name: string): Promise<string> {
    if (node === 'full') return Promise.reject(new Error('no space left on device'))
    this.all.add(`${node}/${name}`)
    return Promise.resolve(`/volumes/${name}`)
  }

  remove(node: string, name: string): Promise<void> {
    this.all.delete(`${node}/${name}`)
    return Promise.resolve()
  }
}

async function start(folders: Folders): Promise<TestCluster> {
  const cluster = await startCluster({ select, nodes: [], options: { localVolumes: folders } })
  for (const name of ['one', 'full']) {
    await cluster.client.create(nodes, {
      metadata: { name, labels: { 'kubernetes.io/hostname': `host-${name}` } },
      spec: {},
    })
  }
  await cluster.client.create(storageclasses, {
    metadata: { name: 'local' },
    provisioner: 'k8ts.dev/local',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  })
  return cluster
}

/** A claim whose first pod is to run on a node. */
const claim = (node: string, spec: Partial<PersistentVolumeClaim['spec']> = {}): PersistentVolumeClaim => ({
  metadata: { namespace: 'default', name: 'data', annotations: { [selected]: node } },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'local',
    resources: { requests: { storage: '1Gi' } },
    ...spec,
  },
})

const key = { namespace: 'default', name: 'data' }

async function told({ client }: TestCluster, reason: string): Promise<string[]> {
  return (await itemsOf(client, events)).filter((event) => event.reason === reason).map(({ message = '' }) => message)
}

it('makes a folder on the node that was chosen, binds its volume, and removes both with the claim', async () => {
  const folders = new Folders()
  await using cluster = await start(folders)
  const { client } = cluster
  const { metadata } = await client.create(persistentvolumeclaims, claim('one'))
  const name = `pvc-${metadata.uid}`
  await cluster.until('bound', async () => (await client.get(persistentvolumeclaims, key)).status?.phase === 'Bound')
  expect([...folders.all]).toEqual([`one/${name}`])
  expect(await client.get(persistentvolumes, { name })).toMatchObject({
    metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': 'k8ts.dev/local' } },
    spec: {
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Delete',
      local: { path: `/volumes/${name}` },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', values: ['host-one'] }] }],
        },
      },
    },
    status: { phase: 'Bound' },
  })
  expect(await told(cluster, 'ProvisioningSucceeded')).toEqual([`Successfully provisioned volume ${name}`])
  await client.delete(persistentvolumeclaims, key)
  await cluster.until('gone', async () => (await client.list(persistentvolumes)).items.length === 0)
  expect(folders.all.size).toBe(0)
})

it('keeps the folder of a volume that is to be retained', async () => {
  const folders = new Folders()
  await using cluster = await start(folders)
  const { client, clock } = cluster
  await client.create(persistentvolumeclaims, claim('one'))
  await cluster.until('bound', async () => (await client.get(persistentvolumeclaims, key)).status?.phase === 'Bound')
  const [volume] = (await client.list(persistentvolumes)).items
  const retained = { type: 'merge', patch: { spec: { persistentVolumeReclaimPolicy: 'Retain' } } } as const
  await client.patch(persistentvolumes, { name: volume?.metadata.name ?? '' }, retained)
  await client.delete(persistentvolumeclaims, key)
  await clock.advance(60_000)
  expect((await client.list(persistentvolumes)).items.map(({ status }) => status?.phase)).toEqual(['Released'])
  expect(folders.all.size).toBe(1)
})

it('has the scheduler choose anew where a node can not do it', async () => {
  await using cluster = await start(new Folders())
  const { client } = cluster
  await client.create(persistentvolumeclaims, claim('full'))
  await cluster.until('the choice is taken back', async () => {
    const { metadata } = await client.get(persistentvolumeclaims, key)
    return metadata.annotations?.[selected] === undefined
  })
  expect(await told(cluster, 'ProvisioningFailed')).toEqual([
    'failed to provision volume with StorageClass "local": no space left on device',
  ])
})

it('refuses what a folder on one node can not be', async () => {
  await using cluster = await start(new Folders())
  await cluster.client.create(persistentvolumeclaims, claim('one', { accessModes: ['ReadWriteMany'] }))
  await cluster.until('told', async () => (await told(cluster, 'ProvisioningFailed')).length > 0)
  expect(await told(cluster, 'ProvisioningFailed')).toEqual([
    `failed to provision volume with StorageClass "local": volumes on one node can't be used as ReadWriteMany`,
  ])
  expect((await cluster.client.list(persistentvolumes)).items).toEqual([])
})
