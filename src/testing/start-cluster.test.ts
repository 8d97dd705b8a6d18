import { describe, expect, test } from 'vitest'
import { silentLogger, systemClock, VirtualClock } from '#base'
import { configmaps, nodes } from '#api/core/v1'
import { leases } from '#api/coordination/v1'
import { createClient, waitForObject } from '#client'
import { createHttpTransport } from '#client/http'
import { isForbidden } from '#machinery'
import { parse } from 'yaml'
import { startCluster } from './start-cluster.ts'

describe('startCluster()', () => {
  test('has a node that is ready', async () => {
    await using cluster = await startCluster()
    const ready = await waitForObject(
      cluster.client,
      nodes,
      { name: 'node-1' },
      (node) => node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
      { clock: systemClock, timeoutMs: 5000 },
    )
    expect(ready?.metadata.name).toBe('node-1')
  })

  test('lets time pass when the test says so', async () => {
    const clock = new VirtualClock()
    await using cluster = await startCluster({ clock })
    const age = async (): Promise<number> => {
      const { spec } = await cluster.client.get(leases, { name: 'node-1', namespace: 'kube-node-lease' })
      return clock.now() - Date.parse(spec?.renewTime ?? '')
    }
    await clock.advance(5000)
    expect(await age()).toBeLessThanOrEqual(5000)
    // Ten minutes of heartbeats, in no time.
    await clock.advance(600_000)
    expect(await age()).toBeLessThan(15_000)
  })

  test('knows who asks', async () => {
    await using cluster = await startCluster({ nodes: 0 })
    const alice = cluster.clientAs({ name: 'alice', groups: ['system:authenticated'] })
    const outcome = alice.list(configmaps, { namespace: 'default' })
    await expect(outcome).rejects.toSatisfy(isForbidden)
  })

  test('serves the API over TLS to whoever has its kubeconfig', async () => {
    await using cluster = await startCluster({ nodes: 0, listen: true })
    const config = parse(cluster.kubeconfig()) as {
      readonly clusters: readonly { readonly cluster: { readonly [key: string]: string } }[]
      readonly users: readonly { readonly user: { readonly [key: string]: string } }[]
    }
    const pem = (base64: string | undefined): { readonly pem: string } => ({
      pem: Buffer.from(base64 ?? '', 'base64').toString(),
    })
    const transport = createHttpTransport(
      {
        server: config.clusters[0]?.cluster['server'] ?? '',
        ca: pem(config.clusters[0]?.cluster['certificate-authority-data']),
        clientCertificate: pem(config.users[0]?.user['client-certificate-data']),
        clientKey: pem(config.users[0]?.user['client-key-data']),
      },
      { clock: systemClock, log: silentLogger },
    )
    try {
      const client = createClient(transport.send, { userAgent: 'test/1.0' })
      const { items } = await client.list(nodes)
      expect(items).toEqual([])
    } finally {
      await transport.close()
    }
  })

  test('without a port has no address', async () => {
    await using cluster = await startCluster({ nodes: 0 })
    expect(() => cluster.server).toThrow('the cluster does not listen: start it with { listen: true }')
  })
})
