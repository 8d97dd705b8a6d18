import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deployments } from '#api/apps/v1'
import { leases } from '#api/coordination/v1'
import { configmaps, endpoints, nodes, pods } from '#api/core/v1'
import { silentLogger, systemClock } from '#base'
import { createClient } from '#client'
import type { Client } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import { Etcd, withoutEtcd } from '../etcd/etcd.ts'
import { homeIn, startProgram } from './program.ts'
import type { Program } from './program.ts'

if (withoutEtcd !== undefined) console.warn(`servers of one cluster: skipped, ${withoutEtcd}`)

interface Server {
  readonly program: Program
  readonly client: Client
  readonly close: () => Promise<void>
}

describe.skipIf(withoutEtcd !== undefined)('servers of one cluster (k8ts server --etcd-servers)', () => {
  let etcd: Etcd
  let folder: string
  const started: Program[] = []

  beforeAll(async () => {
    etcd = await Etcd.start()
    folder = await mkdtemp(join(tmpdir(), 'k8ts-several-'))
  })
  afterAll(async () => {
    for (const { process, ended } of started) {
      process.kill('SIGTERM')
      await ended
    }
    await etcd.remove()
    await rm(folder, { recursive: true })
  })

  async function up(name: string, address: string, ...words: string[]): Promise<Server> {
    const kubeconfig = join(folder, `${name}.kubeconfig`)
    const flags = {
      name,
      'data-dir': join(folder, name),
      kubeconfig,
      port: '0',
      'bind-address': '127.0.0.1',
      'advertise-address': address,
    }
    const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value])
    const program = startProgram(['server', ...given, ...words], homeIn(folder))
    started.push(program)
    await program.said('keeps its data')
    const { config } = await loadKubeconfig({ path: kubeconfig })
    const transport = createHttpTransport(config, { clock: systemClock, log: silentLogger })
    const client = createClient(transport.send, { userAgent: 'test/1.0' })
    return { program, client, close: () => transport.close() }
  }

  const deploy = (client: Client, name: string): Promise<unknown> => {
    const labels = { app: name }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'image' }] } }
    const spec = { replicas: 2, selector: { matchLabels: labels }, template }
    return client.create(deployments, { metadata: { namespace: 'default', name }, spec })
  }
  /** Waits until controllers have made the pods, and the scheduler has placed them. */
  const isPlaced = (client: Client, app: string): Promise<void> =>
    expect
      .poll(
        async () => {
          const { items } = await client.list(pods, { namespace: 'default' })
          return items.filter(({ metadata }) => metadata.labels?.['app'] === app).map(({ spec }) => spec.nodeName)
        },
        { timeout: 60_000, interval: 200 },
      )
      .toEqual(['somewhere', 'somewhere'])
  const leaderOf = async (client: Client, name: string): Promise<string> =>
    (await client.get(leases, { namespace: 'kube-system', name })).spec?.holderIdentity ?? ''

  test('one is killed, the other leads on; who comes later takes keys and addresses from the etcd, by its token', async () => {
    const words = ['--etcd-servers', etcd.endpoint, '--control-plane-endpoint', 'localhost']
    const block = ['--service-cluster-ip-range', '10.7.0.0/16']
    const first = await up('one', '192.0.2.1', ...words, ...block)
    const further = /^ {2}k8ts server (.*)$/m.exec(first.program.output())?.[1]?.split(' ') ?? []
    expect(further.slice(0, -1)).toEqual([...words, '--server-token'])
    expect(first.program.output()).toContain('k8ts agent --join https://localhost:')

    const second = await up('two', '192.0.2.2', ...further)
    const file = (name: string, path: string): Promise<string> => readFile(join(folder, name, 'pki', path), 'utf8')
    for (const path of ['ca.crt', 'ca.key', 'front-proxy-ca.key', 'sa.key'])
      expect(await file('two', path)).toBe(await file('one', path))
    const info = await second.client.get(configmaps, { namespace: 'kube-public', name: 'cluster-info' })
    expect(info.data?.['kubeconfig']).toContain('https://localhost:')

    const capacity = { cpu: '4', memory: '4Gi', pods: '20' }
    await first.client.create(nodes, { metadata: { name: 'somewhere' }, spec: {} })
    const conditions = [{ type: 'Ready', status: 'True' }]
    const patch = { status: { capacity, allocatable: capacity, conditions } }
    await first.client.patch(nodes, { name: 'somewhere' }, { type: 'merge', patch }, { subresource: 'status' })
    await deploy(second.client, 'before')
    await isPlaced(second.client, 'before')
    const before = await Promise.all(
      ['kube-controller-manager', 'kube-scheduler'].map((name) => leaderOf(second.client, name)),
    )

    first.program.process.kill('SIGKILL')
    await first.close()
    await deploy(second.client, 'after')
    await isPlaced(second.client, 'after')
    for (const [index, name] of ['kube-controller-manager', 'kube-scheduler'].entries())
      expect(await leaderOf(second.client, name)).not.toBe(before[index])
    const addresses = async (): Promise<readonly string[]> => {
      const { subsets } = await second.client.get(endpoints, { namespace: 'default', name: 'kubernetes' })
      return (subsets ?? []).flatMap((subset) => (subset.addresses ?? []).map(({ ip }) => ip))
    }
    await expect.poll(addresses, { timeout: 60_000, interval: 500 }).toEqual(['192.0.2.2'])

    const again = await up('one', '192.0.2.1')
    expect((await again.client.list(pods, { namespace: 'default' })).items).toHaveLength(4)
    await again.close()
    await second.close()
  }, 240_000)
})
