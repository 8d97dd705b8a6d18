import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { E2eCluster } from './support/cluster.ts'
import { leftoversOf } from './support/leftovers.ts'
import { Machine, machineMissing } from './support/machine.ts'

const missing = await machineMissing()

describe.skipIf(missing)(`life of a cluster${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('is up in seconds, leaves nothing when it stops, and finds its objects when it starts again', async () => {
    const cluster = await E2eCluster.start()
    try {
      expect(cluster.output).toContain(`Context k8ts-${cluster.name} was added to ${cluster.kubeconfig}`)
      await cluster.kubectl('create namespace kept')
      await cluster.end('SIGINT')
      expect(await leftoversOf(cluster.name, cluster.machine)).toEqual([])
      await cluster.up()
      expect(await cluster.kubectl('get namespace kept -o name')).toBe('namespace/kept\n')
      expect(await cluster.k8ts(['status'])).toMatch(/^Cluster e2e-\w+ runs: https:\/\/127\.0\.0\.1:6443, process \d+/)
      await cluster.k8ts(['down'])
      expect(await leftoversOf(cluster.name, cluster.machine)).toEqual([])
      await cluster.k8ts(['down', '--delete'])
      expect(existsSync(cluster.dataDir)).toBe(false)
    } finally {
      await cluster[Symbol.asyncDispose]()
    }
  })

  test('two clusters live side by side on one machine', async () => {
    await using machine = await Machine.create()
    await using first = await E2eCluster.start({ machine })
    await using second = await E2eCluster.start({ machine, flags: ['--nodes', '2'] })
    await first.kubectl('create namespace one')
    await second.kubectl('create namespace two')
    expect(await first.kubectl('get namespaces -o name')).not.toContain('namespace/two')
    expect((await second.kubectl('get nodes -o name')).trim().split('\n')).toEqual([
      `node/${second.name}-1`,
      `node/${second.name}-2`,
    ])
  })
})
