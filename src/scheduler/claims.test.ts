import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import { deviceclasses, resourceclaims, resourceslices } from '#api/resource/v1'
import type { Device, DeviceRequest, ResourceClaim, ResourceSlice } from '#api/resource/v1'
import { makeNode, makePod, startCluster } from './testing/cluster.ts'
import type { TestCluster } from './testing/cluster.ts'

const gpuClass = {
  apiVersion: 'resource.k8s.io/v1' as const,
  kind: 'DeviceClass' as const,
  metadata: { name: 'gpu' },
  spec: { selectors: [{ cel: { expression: 'device.driver == "gpu.example.com"' } }] },
}

function makeSlice(nodeName: string, devices: readonly Device[]): ResourceSlice {
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: `slice-${nodeName}` },
    spec: {
      driver: 'gpu.example.com',
      pool: { name: nodeName, generation: 1, resourceSliceCount: 1 },
      nodeName,
      devices,
    },
  }
}

function makeClaim(name: string, requests: readonly DeviceRequest[]): ResourceClaim {
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { namespace: 'default', name },
    spec: { devices: { requests } },
  }
}

const one = (selector?: string): DeviceRequest => ({
  name: 'gpu',
  exactly: { deviceClassName: 'gpu', ...(selector ? { selectors: [{ cel: { expression: selector } }] } : {}) },
})

async function start(): Promise<TestCluster> {
  const cluster = await startCluster({ nodes: [makeNode('plain'), makeNode('gpus')] })
  const model = (string: string): Device['attributes'] => ({ model: { string } })
  cluster.client.put(deviceclasses, gpuClass)
  cluster.client.put(
    resourceslices,
    makeSlice('gpus', [
      { name: 'gpu-0', attributes: model('small') ?? {} },
      { name: 'gpu-1', attributes: model('large') ?? {} },
    ]),
  )
  await cluster.settle()
  return cluster
}

const claiming = (resourceClaimName: string) => ({ resourceClaims: [{ name: 'gpu', resourceClaimName }] })
const claimOf = (cluster: TestCluster, name: string): ResourceClaim =>
  cluster.client.read(resourceclaims, { namespace: 'default', name })

test('a claim gets a device, and its pod goes where the device is', async () => {
  await using cluster = await start()
  cluster.client.put(resourceclaims, makeClaim('mine', [one('device.attributes["gpu.example.com"].model == "large"')]))
  await cluster.settle()
  cluster.client.put(pods, makePod('web', claiming('mine')))
  await cluster.settle()
  expect(cluster.nodeOf('web')).toBe('gpus')
  const { status, metadata } = claimOf(cluster, 'mine')
  expect(metadata.finalizers).toEqual(['resource.kubernetes.io/delete-protection'])
  expect(status).toMatchObject({
    allocation: {
      devices: { results: [{ request: 'gpu', driver: 'gpu.example.com', pool: 'gpus', device: 'gpu-1' }] },
      nodeSelector: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['gpus'] }] }],
      },
    },
    reservedFor: [{ resource: 'pods', name: 'web', uid: 'uid-of-web' }],
  })
})

test('no device is given twice, and who comes late is told', async () => {
  await using cluster = await start()
  const names = ['a', 'b', 'c']
  for (const name of names) cluster.client.put(resourceclaims, makeClaim(name, [one()]))
  await cluster.settle()
  for (const name of names) cluster.client.put(pods, makePod(name, claiming(name)))
  await cluster.settle()
  const given = names.map((name) => claimOf(cluster, name).status?.allocation?.devices?.results?.[0]?.device)
  expect(given.filter((device) => device !== undefined).sort()).toEqual(['gpu-0', 'gpu-1'])
  const late = names.find((_, i) => given[i] === undefined) ?? ''
  expect(cluster.whyNot(late)).toContain('0/2 nodes are available: 2 cannot allocate all claims. still not schedulable')
})

test('pods wait for claims that are not there, and for classes that are not', async () => {
  await using cluster = await start()
  cluster.client.put(pods, makePod('early', claiming('later')))
  cluster.client.put(resourceclaims, makeClaim('odd', [{ name: 'x', exactly: { deviceClassName: 'nope' } }]))
  await cluster.settle()
  cluster.client.put(pods, makePod('odd', claiming('odd')))
  await cluster.settle()
  expect(cluster.nodeOf('early')).toBe('')
  expect(cluster.whyNot('odd')).toContain('request x: device class nope does not exist')
  cluster.client.put(resourceclaims, makeClaim('later', [one()]))
  await cluster.settle(2000)
  expect(cluster.nodeOf('early')).toBe('gpus')
})

test('of alternatives the first that can be had is taken, with all devices of a request together', async () => {
  await using cluster = await start()
  const request: DeviceRequest = {
    name: 'either',
    firstAvailable: [
      { name: 'three', deviceClassName: 'gpu', count: 3 },
      { name: 'all', deviceClassName: 'gpu', allocationMode: 'All' },
    ],
  }
  cluster.client.put(resourceclaims, makeClaim('mine', [request]))
  await cluster.settle()
  cluster.client.put(pods, makePod('web', claiming('mine')))
  await cluster.settle()
  const results = claimOf(cluster, 'mine').status?.allocation?.devices?.results ?? []
  expect(results.map(({ request, device }) => `${request} ${device}`)).toEqual(['either/all gpu-0', 'either/all gpu-1'])
})

test('devices of a claim agree where a constraint asks them to', async () => {
  await using cluster = await start()
  const two: DeviceRequest = { name: 'pair', exactly: { deviceClassName: 'gpu', count: 2 } }
  const claim = makeClaim('mine', [two])
  const constraints = [{ matchAttribute: 'gpu.example.com/model' }]
  cluster.client.put(resourceclaims, { ...claim, spec: { devices: { ...claim.spec.devices, constraints } } })
  await cluster.settle()
  cluster.client.put(pods, makePod('web', claiming('mine')))
  await cluster.settle()
  expect(cluster.whyNot('web')).toContain('2 cannot allocate all claims')
})
