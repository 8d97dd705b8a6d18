import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { deviceclasses, resourceclaims, resourceclaimtemplates, resourceslices } from '#api/resource/v1'
import type { ResourceClaim } from '#api/resource/v1'
import { waitFor } from '#client'
import { startCluster } from '#testing'
import type { Cluster } from '#testing'

const namespace = 'default'
const driver = 'gpu.example.com'

async function startWithDevices(): Promise<Cluster> {
  const cluster = await startCluster({ nodes: 2 })
  const { client } = cluster
  await client.create(deviceclasses, {
    metadata: { name: 'gpu' },
    spec: {
      extendedResourceName: 'example.com/gpu',
      selectors: [{ cel: { expression: `device.driver == "${driver}" && device.attributes["${driver}"].cores >= 8` } }],
    },
  })
  await client.create(resourceslices, {
    metadata: { name: 'gpus' },
    spec: {
      driver,
      nodeName: 'node-2',
      pool: { name: 'node-2', generation: 1, resourceSliceCount: 1 },
      devices: ['gpu-0', 'gpu-1'].map((name, i) => ({ name, attributes: { cores: { int: 4 * (i + 1) } } })),
    },
  })
  return cluster
}

async function until<T>(cluster: Cluster, condition: () => Promise<T | undefined>): Promise<T> {
  return waitFor(condition, { clock: cluster.clock, timeoutMs: 15_000 })
}

async function running({ client }: Cluster, name: string): Promise<Pod | undefined> {
  const pod = await client.get(pods, { namespace, name })
  return pod.status?.phase === 'Running' ? pod : undefined
}

const claimsIn = async ({ client }: Cluster): Promise<readonly ResourceClaim[]> =>
  (await client.list(resourceclaims, { namespace })).items

const devicesOf = ({ status }: ResourceClaim): readonly string[] =>
  status?.allocation?.devices?.results?.map(({ device }) => device) ?? []

test('a pod whose claim is made from a template gets a device, and leaves it to others when it is deleted', async () => {
  await using cluster = await startWithDevices()
  const { client } = cluster
  const requests = [{ name: 'gpu', exactly: { deviceClassName: 'gpu' } }]
  await client.create(resourceclaimtemplates, {
    metadata: { namespace, name: 'one-gpu' },
    spec: { spec: { devices: { requests } } },
  })
  const spec = {
    containers: [{ name: 'main', image: 'app', resources: { claims: [{ name: 'gpu' }] } }],
    resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'one-gpu' }],
    terminationGracePeriodSeconds: 0,
  }
  await client.create(pods, { metadata: { namespace, name: 'first' }, spec })
  const first = await until(cluster, () => running(cluster, 'first'))
  expect(first.spec.nodeName).toBe('node-2')
  expect((await claimsIn(cluster)).map(devicesOf)).toEqual([['gpu-1']])
  await client.create(pods, { metadata: { namespace, name: 'second' }, spec })
  await client.delete(pods, { namespace, name: 'first' })
  await until(cluster, () => running(cluster, 'second'))
  const [claim, ...others] = (await claimsIn(cluster)).filter((one) => devicesOf(one).length > 0)
  expect(others).toEqual([])
  expect(claim?.status?.reservedFor).toMatchObject([{ resource: 'pods', name: 'second' }])
})

test('a pod that asks for an extended resource gets devices, which are free again when it ends', async () => {
  await using cluster = await startWithDevices()
  const { client } = cluster
  const amount = { 'example.com/gpu': '1' }
  const containers = [{ name: 'main', image: 'app', resources: { requests: amount, limits: amount } }]
  const annotations = { 'simulation.k8ts.io/run-for': '500ms' }
  await client.create(pods, {
    metadata: { namespace, name: 'web', annotations },
    spec: { containers, restartPolicy: 'Never' },
  })
  const told = await until(cluster, async () => {
    const { status } = await client.get(pods, { namespace, name: 'web' })
    return status?.extendedResourceClaimStatus
  })
  expect(told.requestMappings).toEqual([
    { containerName: 'main', resourceName: 'example.com/gpu', requestName: 'container-0-request-0' },
  ])
  await until(cluster, async () => ((await claimsIn(cluster)).length === 0 ? true : undefined))
  expect((await client.get(pods, { namespace, name: 'web' })).status?.phase).toBe('Succeeded')
})
