import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#base'
import { deployments } from '#api/apps/v1'
import { leases } from '#api/coordination/v1'
import { pods } from '#api/core/v1'
import { waitFor, waitForObject } from '#client'
import { runControllerManager, runDns, runScheduler } from '#cluster'
import type { LeaderSettings } from '#cluster'
import { startCluster } from '#testing'
import type { Cluster } from '#testing'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-components-'))
})
afterEach(() => rm(folder, { recursive: true }))

const waiting = { clock: systemClock, timeoutMs: 20_000 }
const leader = (name: string): LeaderSettings => ({
  namespace: 'kube-system',
  name,
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2000,
})

async function kubeconfigOf(cluster: Cluster): Promise<string> {
  const path = join(folder, 'kubeconfig')
  await writeFile(path, cluster.kubeconfig())
  return path
}

describe('controller manager and scheduler by themselves', () => {
  test('do over the wire what they do in the server, and hold their leases', async () => {
    await using cluster = await startCluster({ controllers: [], scheduler: false, listen: true })
    const { client } = cluster
    const kubeconfig = await kubeconfigOf(cluster)
    const stop = new AbortController()
    const common = { kubeconfig, logLevel: 'error' } as const
    const running = Promise.all([
      runControllerManager({ ...common, controllers: ['*'], leader: leader('cm'), options: {} }, stop.signal),
      runScheduler({ ...common, leader: leader('sched') }, stop.signal),
    ])
    try {
      await client.create(deployments, {
        metadata: { name: 'web', namespace: 'default' },
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: 'web' } },
          template: {
            metadata: { labels: { app: 'web' } },
            spec: { containers: [{ name: 'nginx', image: 'nginx:1.20.1' }] },
          },
        },
      })
      const key = { namespace: 'default', name: 'web' }
      await waitForObject(client, deployments, key, (object) => object?.status?.readyReplicas === 3, waiting)
      const { items } = await client.list(pods, { namespace: 'default' })
      expect(items.map(({ spec }) => spec?.nodeName)).toEqual(['node-1', 'node-1', 'node-1'])
      for (const name of ['cm', 'sched']) {
        const lease = await client.get(leases, { namespace: 'kube-system', name })
        expect(lease.spec?.holderIdentity).toMatch(/_[-0-9a-f]{36}$/)
      }
    } finally {
      stop.abort()
      await running
    }
    await waitFor(async () => {
      const lease = await client.get(leases, { namespace: 'kube-system', name: 'cm' })
      return (lease.spec?.holderIdentity ?? '') === ''
    }, waiting)
  })

  test('name what is wrong with their settings', async () => {
    const never = new AbortController().signal
    const common = { kubeconfig: join(folder, 'none'), logLevel: 'error' } as const
    await expect(runScheduler(common, never)).rejects.toThrow(/does not exist or is empty: give one with --kubeconfig$/)
    await expect(runControllerManager({ ...common, controllers: ['x'], options: {} }, never)).rejects.toThrow(
      'flag --controllers: "x" is not in the list of known controllers',
    )
  })
})

test('the cluster DNS by itself names a port that is taken', async () => {
  await using cluster = await startCluster({ controllers: [], scheduler: false, listen: true })
  const kubeconfig = await kubeconfigOf(cluster)
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  const settings = { kubeconfig, domain: 'cluster.local', addresses: ['127.0.0.1'], port, upstreams: [], ttl: 5 }
  await expect(
    runDns({ ...settings, resolverFile: '/etc/resolv.conf', logLevel: 'error' }, new AbortController().signal),
  ).rejects.toThrow(`port ${port} of 127.0.0.1 is taken: choose another with --port`)
  await new Promise((resolve) => taken.close(resolve))
})
