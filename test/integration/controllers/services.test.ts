import { expect, it } from 'vitest'
import { endpoints, namespaces, pods, services } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { isReady, itemsOf, startCluster, template } from './cluster.ts'
import type { TestCluster } from './cluster.ts'

const select = ['endpoints-controller', 'endpointslice-controller']

async function startPods({ client }: TestCluster, names: readonly string[]): Promise<void> {
  const { metadata, spec } = template('a')
  for (const name of names) {
    await client.create(pods, { metadata: { ...metadata, namespace: 'default', name }, spec: spec as Pod['spec'] })
  }
}

async function exposeWeb({ client }: TestCluster): Promise<void> {
  await client.create(services, {
    metadata: { namespace: 'default', name: 'web' },
    spec: { selector: { app: 'web' }, clusterIP: 'None', ports: [{ port: 80, targetPort: 8080 }] },
  })
}

it('lists the addresses of pods that are ready, and those of others as not ready', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  await exposeWeb(cluster)
  await startPods(cluster, ['one', 'two'])
  await cluster.until('ready pods', async () => (await itemsOf(client, pods)).every(isReady))
  const failing = [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z' }]
  await cluster.stopNode('n1')
  const patch = { type: 'strategic', patch: { status: { conditions: failing } } } as const
  await client.patch(pods, { namespace: 'default', name: 'two' }, patch, { subresource: 'status' })
  await cluster.until('endpoints', async () => {
    const [subset] = (await client.get(endpoints, { namespace: 'default', name: 'web' })).subsets ?? []
    return subset?.addresses?.length === 1 && subset.notReadyAddresses?.length === 1
  })
  const { subsets } = await client.get(endpoints, { namespace: 'default', name: 'web' })
  expect(subsets?.[0]).toMatchObject({
    addresses: [{ targetRef: { kind: 'Pod', name: 'one' }, nodeName: 'n1' }],
    notReadyAddresses: [{ targetRef: { kind: 'Pod', name: 'two' } }],
    ports: [{ port: 8080, protocol: 'TCP' }],
  })
  const [slice] = await itemsOf(client, endpointslices)
  expect(slice?.endpoints?.map(({ targetRef, conditions }) => [targetRef?.name, conditions?.ready]).toSorted()).toEqual(
    [
      ['one', true],
      ['two', false],
    ],
  )
})

it('puts at most a hundred endpoints into a slice, and others into one more', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  await exposeWeb(cluster)
  const sizes = async (): Promise<number[]> =>
    (await itemsOf(client, endpointslices)).map((slice) => slice.endpoints?.length ?? 0).toSorted((a, b) => a - b)
  const count = async (): Promise<number> => (await sizes()).reduce((sum, size) => sum + size, 0)
  const names = Array.from({ length: 125 }, (_, index) => `pod-${index}`)
  await startPods(cluster, names)
  await cluster.until('125 endpoints', async () => (await count()) === 125)
  const [small = 0, large = 0, ...others] = await sizes()
  expect(small + large).toBe(125)
  expect(large).toBeLessThanOrEqual(100)
  expect(others).toEqual([])
})

it('takes pods that have all labels of the selector, as long as they have them, and those of its namespace alone', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  await client.create(namespaces, { metadata: { name: 'other' }, spec: {} })
  await client.create(services, {
    metadata: { namespace: 'default', name: 'web' },
    spec: { selector: { app: 'web', tier: 'front' }, clusterIP: 'None', ports: [{ port: 80 }] },
  })
  const { spec } = template('a')
  const start = (namespace: string, name: string, labels: { readonly [key: string]: string }): Promise<Pod> =>
    client.create(pods, { metadata: { namespace, name, labels }, spec: spec as Pod['spec'] })
  await start('default', 'both', { app: 'web', tier: 'front', color: 'red' })
  await start('default', 'one', { app: 'web' })
  await start('default', 'another', { tier: 'front' })
  await start('other', 'elsewhere', { app: 'web', tier: 'front' })
  const named = async (): Promise<readonly string[]> => {
    const [subset] = (await client.get(endpoints, { namespace: 'default', name: 'web' })).subsets ?? []
    const [slice] = await itemsOf(client, endpointslices)
    const both = [subset?.addresses ?? [], slice?.endpoints ?? []].map((found) =>
      found
        .map(({ targetRef }) => targetRef?.name ?? '')
        .toSorted()
        .join(),
    )
    return [...new Set(both)]
  }
  const label = (name: string, labels: { readonly [key: string]: string | null }): Promise<unknown> =>
    client.patch(pods, { namespace: 'default', name }, { type: 'merge', patch: { metadata: { labels } } })
  await cluster.until('the one pod', async () => (await named()).join(';') === 'both')
  await label('one', { tier: 'front' })
  await cluster.until('a pod that got a label', async () => (await named()).join(';') === 'both,one')
  await label('both', { app: 'api' })
  await cluster.until('a pod that lost a label', async () => (await named()).join(';') === 'one')
})
