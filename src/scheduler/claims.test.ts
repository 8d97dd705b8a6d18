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

const classed = (expression: string): typeof gpuClass => ({
  ...gpuClass,
  spec: { selectors: [{ cel: { expression } }] },
})

async function startWith(
  slices: readonly Partial<ResourceSlice['spec']>[],
  claims: readonly ResourceClaim[],
  nodeNames: readonly string[] = ['gpus'],
): Promise<TestCluster> {
  const cluster = await startCluster({ nodes: nodeNames.map((name) => makeNode(name)) })
  cluster.client.put(deviceclasses, classed('true'))
  slices.forEach((spec, i) => {
    const slice = makeSlice('gpus', [])
    const pool = { ...slice.spec.pool, resourceSliceCount: slices.length }
    cluster.client.put(resourceslices, {
      ...slice,
      metadata: { name: `slice-${i}` },
      spec: { ...slice.spec, pool, ...spec },
    })
  })
  for (const claim of claims) cluster.client.put(resourceclaims, claim)
  await cluster.settle()
  return cluster
}

async function schedule(cluster: TestCluster, name: string): Promise<string | undefined> {
  cluster.client.put(pods, makePod(name, claiming(name)))
  await cluster.settle(2000)
  return claimOf(cluster, name).status?.allocation?.devices?.results?.[0]?.device
}

test('devices that share counters are given as long as these last', async () => {
  const slot = (name: string, memory: string): Device => ({
    name,
    consumesCounters: [{ counterSet: 'chip', counters: { memory: { value: memory } } }],
  })
  const counters = { memory: { value: '80Gi' } }
  await using cluster = await startWith(
    [
      { devices: [slot('half-0', '40Gi'), slot('half-1', '40Gi'), slot('whole', '80Gi')] },
      { sharedCounters: [{ name: 'chip', counters }] },
    ],
    ['a', 'b', 'c'].map((name) => makeClaim(name, [one()])),
  )
  expect([await schedule(cluster, 'a'), await schedule(cluster, 'b')]).toEqual(['half-0', 'half-1'])
  expect(await schedule(cluster, 'c')).toBeUndefined()
  expect(cluster.whyNot('c')).toContain('cannot allocate all claims')
  const freed = claimOf(cluster, 'a')
  cluster.client.put(resourceclaims, { ...freed, status: {} })
  await cluster.settle(15_000)
  expect(claimOf(cluster, 'c').status?.allocation?.devices?.results).toMatchObject([{ device: 'half-0' }])
})

test('claims share a device as far as its capacity goes, in portions that it gives', async () => {
  const requestPolicy = { default: '1Gi', validRange: { min: '1Gi', step: '1Gi' } }
  const nic: Device = {
    name: 'nic',
    allowMultipleAllocations: true,
    capacity: { bandwidth: { value: '10Gi', requestPolicy } },
  }
  const wanting = (bandwidth: string): DeviceRequest => ({
    name: 'nic',
    exactly: { deviceClassName: 'gpu', capacity: { requests: { bandwidth } } },
  })
  await using cluster = await startWith(
    [{ devices: [nic] }],
    [
      makeClaim('a', [wanting('5500Mi')]),
      makeClaim('b', [one()]),
      makeClaim('c', [wanting('4Gi')]),
      makeClaim('d', [wanting('3Gi')]),
    ],
  )
  for (const name of ['a', 'b', 'c', 'd']) await schedule(cluster, name)
  const given = (name: string): unknown => {
    const [result] = claimOf(cluster, name).status?.allocation?.devices?.results ?? []
    return result && [result.device, result.consumedCapacity, typeof result.shareID]
  }
  expect(given('a')).toEqual(['nic', { bandwidth: '6Gi' }, 'string'])
  expect(given('b')).toEqual(['nic', { bandwidth: '1Gi' }, 'string'])
  expect(given('c')).toBeUndefined()
  expect(given('d')).toEqual(['nic', { bandwidth: '3Gi' }, 'string'])
})

const fabric: Device = {
  name: 'fabric',
  bindsToNode: true,
  bindingConditions: ['example.com/attached'],
  bindingFailureConditions: ['example.com/failed'],
}

function tell(cluster: TestCluster, type: string): void {
  const claim = claimOf(cluster, 'mine')
  const condition = { type, status: 'True' as const, reason: 'Told', message: 'so', lastTransitionTime: '' }
  const device = { driver: 'gpu.example.com', pool: 'gpus', device: 'fabric', conditions: [condition] }
  cluster.client.put(resourceclaims, { ...claim, status: { ...claim.status, devices: [device] } })
}

test('a pod is bound once its devices are, which are given to its node alone', async () => {
  const { nodeName: _, ...everywhere } = makeSlice('gpus', [fabric]).spec
  await using cluster = await startWith([{ ...everywhere, allNodes: true }], [makeClaim('mine', [one()])])
  const spec = cluster.client.read(resourceslices, { name: 'slice-0' }).spec
  const { nodeName: __, ...reachable } = spec
  cluster.client.put(resourceslices, { ...makeSlice('gpus', []), metadata: { name: 'slice-0' }, spec: reachable })
  await cluster.settle()
  await schedule(cluster, 'mine')
  expect(cluster.nodeOf('mine')).toBe('')
  expect(cluster.events('BindingConditionsPending').map(({ note }) => note)).toEqual([
    'waiting for binding conditions for device on node gpus',
  ])
  tell(cluster, 'example.com/attached')
  await cluster.settle(5000)
  expect(cluster.nodeOf('mine')).toBe('gpus')
  expect(claimOf(cluster, 'mine').status?.allocation).toMatchObject({
    nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ values: ['gpus'] }] }] },
    devices: { results: [{ bindingConditions: ['example.com/attached'] }] },
  })
})

test('devices that can not be bound are taken away again, and others tried', async () => {
  await using cluster = await startWith([{ devices: [fabric] }], [makeClaim('mine', [one()])])
  await schedule(cluster, 'mine')
  const plain = { ...makeSlice('gpus', [{ name: 'plain' }]), metadata: { name: 'slice-0' } }
  cluster.client.put(resourceslices, plain)
  tell(cluster, 'example.com/failed')
  await cluster.settle(30_000)
  const told = cluster.events('FailedScheduling').map(({ note = '' }) => note)
  expect(told).toContain('device binding failed: claim=mine, reason=Told, message="so"')
  expect(cluster.nodeOf('mine')).toBe('gpus')
  expect(claimOf(cluster, 'mine').status?.allocation?.devices?.results).toMatchObject([{ device: 'plain' }])
})

test('nodes that have what stands first in a list are preferred', async () => {
  const request: DeviceRequest = {
    name: 'any',
    firstAvailable: [
      {
        name: 'big',
        deviceClassName: 'gpu',
        selectors: [{ cel: { expression: 'device.driver == "big.example.com"' } }],
      },
      { name: 'small', deviceClassName: 'gpu' },
    ],
  }
  const on = (nodeName: string, driver: string): Partial<ResourceSlice['spec']> => ({
    nodeName,
    driver,
    pool: { name: nodeName, generation: 1, resourceSliceCount: 1 },
    devices: [{ name: 'x' }],
  })
  const nodeNames = ['n1', 'n2', 'n3']
  await using cluster = await startWith(
    [on('n1', 'small.example.com'), on('n2', 'big.example.com'), on('n3', 'small.example.com')],
    [makeClaim('mine', [request])],
    nodeNames,
  )
  await schedule(cluster, 'mine')
  expect(cluster.nodeOf('mine')).toBe('n2')
})

const backed = { ...gpuClass, spec: { ...gpuClass.spec, extendedResourceName: 'example.com/gpu' } }

test('devices stand for extended resources that a node does not have otherwise', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('plain'), makeNode('gpus')] })
  cluster.client.put(deviceclasses, backed)
  cluster.client.put(resourceslices, makeSlice('gpus', [{ name: 'gpu-0' }, { name: 'gpu-1' }]))
  await cluster.settle()
  cluster.client.put(pods, makePod('web', { requests: { 'example.com/gpu': '2', cpu: '1' } }))
  await cluster.settle()
  expect(cluster.nodeOf('web')).toBe('gpus')
  const [claim, ...others] = cluster.client.all(resourceclaims)
  expect(others).toEqual([])
  expect(claim).toMatchObject({
    metadata: {
      annotations: { 'resource.kubernetes.io/extended-resource-claim': 'true' },
      ownerReferences: [{ kind: 'Pod', name: 'web', controller: true }],
    },
    spec: {
      devices: { requests: [{ name: 'container-0-request-1', exactly: { deviceClassName: 'gpu', count: 2 } }] },
    },
    status: {
      allocation: { devices: { results: [{ device: 'gpu-0' }, { device: 'gpu-1' }] } },
      reservedFor: [{ name: 'web' }],
    },
  })
  const { status } = cluster.client.read(pods, { namespace: 'default', name: 'web' })
  expect(status?.extendedResourceClaimStatus).toEqual({
    resourceClaimName: claim?.metadata.name,
    requestMappings: [{ containerName: 'main', resourceName: 'example.com/gpu', requestName: 'container-0-request-1' }],
  })
  cluster.client.put(pods, makePod('late', { requests: { 'example.com/gpu': '1' } }))
  await cluster.settle()
  expect(cluster.whyNot('late')).toContain('2 cannot allocate all claims')
})

test('a node that has an extended resource itself needs no devices for it', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('own', { allocatable: { 'example.com/gpu': '1' } })] })
  cluster.client.put(deviceclasses, backed)
  await cluster.settle()
  cluster.client.put(pods, makePod('web', { requests: { 'example.com/gpu': '1' } }))
  cluster.client.put(pods, makePod('late', { requests: { 'example.com/gpu': '1' } }))
  await cluster.settle()
  expect([cluster.nodeOf('web'), cluster.nodeOf('late')]).toEqual(['own', ''])
  expect(cluster.client.all(resourceclaims)).toEqual([])
  expect(cluster.whyNot('late')).toContain('1 Insufficient example.com/gpu')
})
