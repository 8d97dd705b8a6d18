import { expect, it } from 'vitest'
import { events, nodes, persistentvolumeclaims, persistentvolumes, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { volumeattachments } from '#api/storage/v1'
import { itemsOf, startCluster, template } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const select = ['persistentvolume-binder-controller', 'persistentvolume-attach-detach-controller']
const modes = ['ReadWriteOnce'] as const
const name = 'kubernetes.io/csi/disk.example.com^one'

async function startVolume({ client }: TestCluster): Promise<void> {
  const csi = { driver: 'disk.example.com', volumeHandle: 'one' }
  const storage = '1Gi'
  await client.create(persistentvolumes, {
    metadata: { name: 'disk' },
    spec: {
      capacity: { storage },
      accessModes: modes,
      csi,
      storageClassName: '',
      persistentVolumeReclaimPolicy: 'Retain',
    },
  })
  await client.create(persistentvolumeclaims, {
    metadata: { namespace: 'default', name: 'data' },
    spec: { accessModes: modes, storageClassName: '', resources: { requests: { storage } } },
  })
}

async function startPod({ client }: TestCluster, podName: string, nodeName: string): Promise<void> {
  const { metadata, spec } = template('a')
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  await client.create(pods, {
    metadata: { ...metadata, namespace: 'default', name: podName },
    spec: { ...spec, nodeName, volumes } as Pod['spec'],
  })
}

it('attaches a volume to the node of its pod, and to another only when the first has let go of it', async () => {
  await using cluster = await startCluster({ select, nodes: [] })
  const { client, clock } = cluster
  const annotations = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' }
  for (const node of ['n1', 'n2']) await client.create(nodes, { metadata: { name: node, annotations }, spec: {} })
  await startVolume(cluster)
  await startPod(cluster, 'one', 'n1')
  const attachments = async (): Promise<readonly string[]> =>
    (await client.list(volumeattachments)).items.map(
      ({ spec }) => `${spec.source.persistentVolumeName} ${spec.nodeName}`,
    )
  await cluster.until('attachment', async () => (await attachments()).length > 0)
  expect(await attachments()).toEqual(['disk n1'])
  const [attachment] = (await client.list(volumeattachments)).items
  const attached = { type: 'merge', patch: { status: { attached: true } } } as const
  await client.patch(volumeattachments, { name: attachment?.metadata.name ?? '' }, attached, { subresource: 'status' })
  await cluster.until('the node knows', async () => {
    const { status } = await client.get(nodes, { name: 'n1' })
    return status?.volumesAttached?.[0]?.name === name
  })
  const use = (volumesInUse: readonly string[]): Promise<unknown> =>
    client.patch(
      nodes,
      { name: 'n1' },
      { type: 'merge', patch: { status: { volumesInUse } } },
      { subresource: 'status' },
    )
  await use([name])

  await startPod(cluster, 'two', 'n2')
  await client.delete(pods, { namespace: 'default', name: 'one' }, { gracePeriodSeconds: 0 })
  await clock.advance(60_000)
  expect(await attachments()).toEqual(['disk n1'])
  const told = (await itemsOf(client, events)).map(
    ({ involvedObject, message }) => `${involvedObject.name}: ${message}`,
  )
  expect(told).toContain('one: AttachVolume.Attach succeeded for volume "disk" ')
  expect(told).toContain('two: Multi-Attach error for volume "disk" Volume is already used by pod(s) one')

  await use([])
  await cluster.until('the other node', async () => (await attachments()).includes('disk n2'))
  expect(await attachments()).toEqual(['disk n2'])
  expect((await client.get(nodes, { name: 'n1' })).status?.volumesAttached ?? []).toEqual([])
})

it.each([
  [{ local: { path: '/mnt' } }, 'no volume plugin matched'],
  [{ nfs: { server: 's', path: '/' } }, 'no deletable volume plugin matched'],
])('a volume of %j that nobody here deletes has failed', async (source, why) => {
  await using cluster = await startCluster({ select, nodes: [] })
  const { client } = cluster
  const terms = [{ matchExpressions: [{ key: 'a', operator: 'Exists' as const }] }]
  await client.create(persistentvolumes, {
    metadata: { name: 'disk' },
    spec: {
      ...source,
      capacity: { storage: '1Gi' },
      accessModes: modes,
      persistentVolumeReclaimPolicy: 'Delete',
      nodeAffinity: { required: { nodeSelectorTerms: terms } },
      claimRef: { namespace: 'default', name: 'gone', uid: 'gone' },
    },
  })
  const read = async (): Promise<string | undefined> =>
    (await client.get(persistentvolumes, { name: 'disk' })).status?.message
  await cluster.until('a failure', async () => (await read()) !== undefined)
  expect(await read()).toBe(`error getting deleter volume plugin for volume "disk": ${why}`)
})
