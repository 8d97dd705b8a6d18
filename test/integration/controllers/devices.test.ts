import { expect, it } from 'vitest'
import { events, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { resourceclaims, resourceclaimtemplates, resourceslices } from '#api/resource/v1'
import type { DeviceTaint, DeviceToleration, ResourceClaim } from '#api/resource/v1'
import { isNotFound } from '#machinery'
import { itemsOf, startCluster } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const claimController = 'resourceclaim-controller'
const evictionController = 'device-taint-eviction-controller'
const namespace = 'default'
const finalizer = 'resource.kubernetes.io/delete-protection'
const requests = [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } }]
const result = { request: 'gpu', driver: 'gpu.example.com', pool: 'n1', device: 'gpu-0' }

async function startPod(
  { client }: TestCluster,
  name: string,
  resourceClaims: Pod['spec']['resourceClaims'],
  spec: Partial<Pod['spec']> = {},
): Promise<Pod> {
  const containers = [{ name: 'main', image: 'a' }]
  const claims = resourceClaims ? { resourceClaims } : {}
  return client.create(pods, { metadata: { namespace, name }, spec: { containers, ...claims, ...spec } })
}

const fromTemplate = [{ name: 'gpu', resourceClaimTemplateName: 'one-gpu' }]

async function makeTemplate({ client }: TestCluster): Promise<void> {
  await client.create(resourceclaimtemplates, {
    metadata: { namespace, name: 'one-gpu' },
    spec: { metadata: { labels: { of: 'template' } }, spec: { devices: { requests } } },
  })
}

/** What the scheduler does: gives the claim a device, for one pod. */
async function allocate(
  { client }: TestCluster,
  name: string,
  pod: Pod | undefined,
  tolerations?: readonly DeviceToleration[],
): Promise<ResourceClaim> {
  const claim = await client.get(resourceclaims, { namespace, name })
  const metadata = { ...claim.metadata, finalizers: [finalizer] }
  const held = await client.update(resourceclaims, { ...claim, metadata })
  const devices = { results: [{ ...result, ...(tolerations ? { tolerations } : {}) }] }
  const { name: podName = '', uid = '' } = pod?.metadata ?? {}
  const reservedFor = pod ? { reservedFor: [{ resource: 'pods', name: podName, uid }] } : {}
  const status = { allocation: { devices }, ...reservedFor }
  return client.update(resourceclaims, { ...held, status }, { subresource: 'status' })
}

const claimsIn = ({ client }: TestCluster): Promise<readonly ResourceClaim[]> => itemsOf(client, resourceclaims)

async function toldOf({ client }: TestCluster, pod: string): Promise<readonly string[]> {
  const all = await itemsOf(client, events)
  return all
    .filter(({ involvedObject }) => involvedObject.name === pod)
    .map(({ reason, message }) => `${reason}: ${message}`)
}

it('makes a claim from a template once the template is there, and tells the pod of it', async () => {
  await using cluster = await startCluster({ select: [claimController], nodes: [] })
  const pod = await startPod(cluster, 'web', fromTemplate)
  await cluster.until('complaint', async () => (await toldOf(cluster, 'web')).length > 0)
  expect(await toldOf(cluster, 'web')).toEqual([
    'FailedResourceClaimCreation: PodResourceClaim gpu: resource claim template "one-gpu": resourceclaimtemplate.resource.k8s.io "one-gpu" not found',
  ])
  await makeTemplate(cluster)
  await cluster.until('claim', async () => (await claimsIn(cluster)).length > 0, 5000)
  await cluster.clock.advance(60_000)
  const [claim, ...others] = await claimsIn(cluster)
  expect(others).toEqual([])
  expect(claim?.metadata).toMatchObject({
    generateName: 'web-gpu-',
    labels: { of: 'template' },
    annotations: { 'resource.kubernetes.io/pod-claim-name': 'gpu' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web', uid: pod.metadata.uid, controller: true }],
  })
  expect((await cluster.client.get(pods, { namespace, name: 'web' })).status?.resourceClaimStatuses).toEqual([
    { name: 'gpu', resourceClaimName: claim?.metadata.name },
  ])
})

it('makes one of two claims anew when it is deleted, and leaves the other as it is told', async () => {
  await using cluster = await startCluster({ select: [claimController], nodes: [] })
  await makeTemplate(cluster)
  await startPod(cluster, 'web', [...fromTemplate, { name: 'second', resourceClaimTemplateName: 'one-gpu' }])
  const statuses = async (): Promise<NonNullable<NonNullable<Pod['status']>['resourceClaimStatuses']>> =>
    (await cluster.client.get(pods, { namespace, name: 'web' })).status?.resourceClaimStatuses ?? []
  await cluster.until('claims', async () => (await statuses()).length === 2)
  const before = await statuses()
  const nameOf = (list: typeof before, entry: string): string =>
    list.find(({ name }) => name === entry)?.resourceClaimName ?? ''
  await cluster.client.delete(resourceclaims, { namespace, name: nameOf(before, 'gpu') })
  await cluster.until('another', async () => nameOf(await statuses(), 'gpu') !== nameOf(before, 'gpu'))
  await cluster.clock.advance(60_000)
  const after = await statuses()
  expect(nameOf(after, 'second')).toBe(nameOf(before, 'second'))
  expect(new Set((await claimsIn(cluster)).map(({ metadata }) => metadata.name))).toEqual(
    new Set(after.map(({ resourceClaimName }) => resourceClaimName)),
  )
})

it('releases a claim when its pod is done: named claims lose their devices, made ones are deleted', async () => {
  await using cluster = await startCluster({ select: [claimController], nodes: [] })
  const { client } = cluster
  await makeTemplate(cluster)
  await client.create(resourceclaims, { metadata: { namespace, name: 'shared' }, spec: { devices: { requests } } })
  const pod = await startPod(cluster, 'web', [...fromTemplate, { name: 'own', resourceClaimName: 'shared' }])
  await cluster.until('claim', async () => (await claimsIn(cluster)).length === 2)
  for (const { metadata } of await claimsIn(cluster)) await allocate(cluster, metadata.name ?? '', pod)
  await cluster.clock.advance(10_000)
  expect((await claimsIn(cluster)).map(({ status }) => status?.reservedFor?.length)).toEqual([1, 1])

  const ended = { type: 'merge', patch: { status: { phase: 'Succeeded' } } } as const
  await client.patch(pods, { namespace, name: 'web' }, ended, { subresource: 'status' })
  await cluster.until('release', async () => (await claimsIn(cluster)).length === 1)
  const [claim] = await claimsIn(cluster)
  expect({ name: claim?.metadata.name, finalizers: claim?.metadata.finalizers, status: claim?.status ?? {} }).toEqual({
    name: 'shared',
    finalizers: undefined,
    status: {},
  })
})

it('takes away reservations of pods that are gone, and keeps those of what is no pod', async () => {
  await using cluster = await startCluster({ select: [claimController], nodes: [] })
  const { client } = cluster
  await client.create(resourceclaims, { metadata: { namespace, name: 'shared' }, spec: { devices: { requests } } })
  const claim = await allocate(cluster, 'shared', undefined)
  const other = { apiGroup: 'example.com', resource: 'gangs', name: 'a', uid: 'u1' }
  const reservedFor = [{ resource: 'pods', name: 'never-was', uid: 'u2' }, other]
  await client.update(resourceclaims, { ...claim, status: { ...claim.status, reservedFor } }, { subresource: 'status' })
  const now = (): Promise<ResourceClaim> => client.get(resourceclaims, { namespace, name: 'shared' })
  await cluster.until('release', async () => (await now()).status?.reservedFor?.length === 1)
  expect((await now()).status).toMatchObject({ reservedFor: [other], allocation: { devices: { results: [result] } } })
})

it('reserves claims for pods that came to a node without the scheduler', async () => {
  await using cluster = await startCluster({ select: [claimController], nodes: [] })
  const { client } = cluster
  await client.create(resourceclaims, { metadata: { namespace, name: 'shared' }, spec: { devices: { requests } } })
  await allocate(cluster, 'shared', undefined)
  const pod = await startPod(cluster, 'web', [{ name: 'own', resourceClaimName: 'shared' }], { nodeName: 'n1' })
  const now = (): Promise<ResourceClaim> => client.get(resourceclaims, { namespace, name: 'shared' })
  await cluster.until('reservation', async () => (await now()).status?.reservedFor !== undefined)
  expect((await now()).status?.reservedFor).toEqual([{ resource: 'pods', name: 'web', uid: pod.metadata.uid }])
})

interface Tainted {
  readonly tolerations?: readonly DeviceToleration[]
}

/** A pod on a node with the device that {@link taint} then makes unfit. */
async function startWithDevice(cluster: TestCluster, { tolerations }: Tainted = {}): Promise<void> {
  const { client } = cluster
  await client.create(resourceclaims, { metadata: { namespace, name: 'shared' }, spec: { devices: { requests } } })
  const claims = [{ name: 'own', resourceClaimName: 'shared' }]
  const spec = { nodeName: 'n1', terminationGracePeriodSeconds: 0 }
  await allocate(cluster, 'shared', await startPod(cluster, 'web', claims, spec), tolerations)
  await client.create(resourceslices, {
    metadata: { name: 'slice' },
    spec: {
      driver: result.driver,
      nodeName: 'n1',
      pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
      devices: [{ name: 'gpu-0' }],
    },
  })
  await cluster.clock.advance(1000)
}

async function taint({ client }: TestCluster, taints: readonly Omit<DeviceTaint, 'timeAdded'>[]): Promise<void> {
  const slice = await client.get(resourceslices, { name: 'slice' })
  await client.update(resourceslices, { ...slice, spec: { ...slice.spec, devices: [{ name: 'gpu-0', taints }] } })
}

async function exists({ client }: TestCluster): Promise<boolean> {
  try {
    const pod = await client.get(pods, { namespace, name: 'web' })
    return pod.metadata.deletionTimestamp === undefined
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

it('evicts pods from devices with NoExecute taints, and from no others', async () => {
  await using cluster = await startCluster({ select: [evictionController], nodes: [] })
  await startWithDevice(cluster)
  await taint(cluster, [{ key: 'busy', effect: 'NoSchedule' }])
  await cluster.clock.advance(10_000)
  expect(await exists(cluster)).toBe(true)
  await taint(cluster, [{ key: 'broken', effect: 'NoExecute' }])
  await cluster.until('eviction', async () => !(await exists(cluster)))
  await cluster.clock.advance(1000)
  expect(await toldOf(cluster, 'web')).toEqual(['DeviceTaintManagerEviction: Marking for deletion'])
})

it('waits as long as the claim tolerates a taint, and lets go of it when the taint goes', async () => {
  await using cluster = await startCluster({ select: [evictionController], nodes: [] })
  const tolerations = [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }] as const
  await startWithDevice(cluster, { tolerations })
  await taint(cluster, [{ key: 'broken', effect: 'NoExecute' }])
  await cluster.clock.advance(50_000)
  await taint(cluster, [])
  await cluster.clock.advance(60_000)
  expect(await exists(cluster)).toBe(true)
  expect(await toldOf(cluster, 'web')).toEqual(['DeviceTaintManagerEviction: Cancelling deletion'])
  await taint(cluster, [{ key: 'broken', effect: 'NoExecute' }])
  await cluster.clock.advance(58_000)
  expect(await exists(cluster)).toBe(true)
  await cluster.clock.advance(3000)
  expect(await exists(cluster)).toBe(false)
})
