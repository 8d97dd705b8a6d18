import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deployments } from '#api/apps/v1'
import { leases } from '#api/coordination/v1'
import { configmaps, endpoints, nodes, pods } from '#api/core/v1'
import { silentLogger, systemClock } from '#base'
import { createClient } from '#client'
import type { Client } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import { Etcd, withoutEtcd } from '../etcd/etcd.ts'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))
if (withoutEtcd !== undefined) console.warn(`servers of one cluster: skipped, ${withoutEtcd}`)

interface Server {
  readonly name: string
  readonly process: ChildProcess
  readonly output: () => string
  readonly client: Client
  readonly close: () => Promise<void>
}

describe.skipIf(withoutEtcd !== undefined)('servers of one cluster (k8ts server --etcd-servers)', () => {
  let etcd: Etcd
  let folder: string
  const started: ChildProcess[] = []

  beforeAll(async () => {
    etcd = await Etcd.start()
    folder = await mkdtemp(join(tmpdir(), 'k8ts-several-'))
  })
  afterAll(async () => {
    for (const process of started) {
      if (process.exitCode !== null || process.signalCode !== null) continue
      process.kill('SIGTERM')
      await once(process, 'exit')
    }
    await etcd.remove()
    await rm(folder, { recursive: true })
  })

  async function up(name: string, address: string, ...words: string[]): Promise<Server> {
    const environment = {
      ...process.env,
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      XDG_STATE_HOME: folder,
      KUBECONFIG: '',
    }
    const kubeconfig = join(folder, `${name}.kubeconfig`)
    const flags = {
      name,
      'data-dir': join(folder, name),
      kubeconfig,
      port: '0',
      'bind-address': '127.0.0.1',
      'advertise-address': address,
    }
    const child = spawn(
      process.execPath,
      [
        '--conditions=source',
        '--import',
        'tsx',
        main,
        'server',
        ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
        ...words,
      ],
      { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    started.push(child)
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    while (!output.includes('keeps its data')) {
      if (child.exitCode !== null) throw new Error(output)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { config } = await loadKubeconfig({ path: kubeconfig })
    const transport = createHttpTransport(config, { clock: systemClock, log: silentLogger })
    const client = createClient(transport.send, { userAgent: 'test/1.0' })
    return { name, process: child, output: () => output, client, close: () => transport.close() }
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
    const further = /^ {2}k8ts server (.*)$/m.exec(first.output())?.[1]?.split(' ') ?? []
    expect(further.slice(0, -1)).toEqual([...words, '--server-token'])
    expect(first.output()).toContain('k8ts agent --join https://localhost:')

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

    first.process.kill('SIGKILL')
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
