import { join } from 'node:path'
import type { Client } from '#client'
import { importImage } from '#kubelet/host'
import { runCommand } from '#network'
import type { Cleanup } from '../../bench/cleanup.ts'
import { freePort } from '../run/free-port.ts'
import type { Program } from '../../bench/machine/program.ts'
import { Programs } from '../../bench/machine/programs.ts'
import type { Binaries } from '../../bench/systems/binaries.ts'
import { clientOf } from '../../bench/systems/client.ts'
import { programCommand } from '../../bench/systems/k8ts/program-file.ts'
import { nodeReady } from '../../bench/systems/node-ready.ts'
import { apiReady } from '../../bench/systems/ready.ts'
import { temporaryLayout } from '../../bench/systems/temporary-layout.ts'
import {
  apiServerFlags,
  controllerManagerFlags,
  kubeletFlags,
  proxyFlags,
  schedulerFlags,
} from '../../bench/systems/upstream/flags.ts'
import { startEtcd } from '../../bench/systems/upstream/etcd.ts'
import { prepareNode, startRuntime } from '../../bench/systems/upstream/node.ts'
import { makeSite } from '../../bench/systems/upstream/site.ts'
import type { Site } from '../../bench/systems/upstream/site.ts'
import { dnsUser, startDns } from './dns.ts'
import { parts, verbs } from './parts.ts'
import type { Part, Swap } from './parts.ts'

/** A cluster of one node whose parts are ours or upstream's. */
export interface SwapCluster {
  readonly client: Client
  readonly site: Site
  /** Path of the program. */
  readonly kubectl: string
  /** What each part wrote. */
  readonly logs: readonly { readonly part: Part; readonly ours: boolean; readonly file: string }[]
  /** Starts a part, or one more of it. */
  start(part: Part, ours: boolean): Promise<Program>
  stop(): Promise<void>
}

/** Milliseconds after which a program that gave up is started again. */
const restartMs = 500

const onNode: readonly Part[] = ['kubelet', 'kube-proxy']

async function flagsOf(part: Part, site: Site, store: string): Promise<readonly string[]> {
  if (part === 'kube-apiserver') return [store, ...apiServerFlags(site)]
  if (part === 'kubelet') return kubeletFlags(site)
  if (part === 'kube-proxy') return proxyFlags(site)
  const port = await freePort()
  return part === 'kube-scheduler' ? schedulerFlags(site, port) : controllerManagerFlags(site, port)
}

/** @param archives images for the node. @throws Error when it does not come up. */
export async function startCluster(
  { ours, left = [] }: Swap,
  binaries: Binaries,
  archives: readonly string[],
  cleanup: Cleanup,
): Promise<SwapCluster> {
  const { layout, remove } = await temporaryLayout(cleanup)
  const port = await freePort()
  const site = await makeSite(layout, port, { dns: dnsUser })
  const { folder, node } = site
  // Pods reach the API server, which answers their addresses.
  await runCommand(['ip', 'route', 'replace', site.podBlock, 'via', node.address])
  const programs = new Programs(cleanup)
  const logs: SwapCluster['logs'][number][] = []
  const etcd = ours.includes('kube-apiserver') ? undefined : await startEtcd(programs, binaries, folder)
  const store = etcd === undefined ? `--data-dir=${layout.dataDir}/api` : `--etcd-servers=${etcd}`
  const start = async (part: Part, isOurs = ours.includes(part)): Promise<Program> => {
    const program = isOurs ? [...programCommand(undefined), verbs[part]] : [binaries.find(part)]
    const words = [...program, ...(await flagsOf(part, site, store))]
    const file = join(folder, `${part}-${logs.length}.log`)
    logs.push({ part, ours: isOurs, file })
    const [first = '', ...rest] = onNode.includes(part) ? ['nsenter', `--net=${node.namespace}`, '--', ...words] : words
    return programs.start({ name: part, log: file, command: [first, ...rest], restartMs }, { patienceMs: 5000 })
  }
  await start('kube-apiserver')
  await prepareNode(site)
  await Promise.all([startRuntime(programs, site), apiReady(port, programs.all)])
  for (const archive of archives)
    await importImage(join(layout.node(node.name).containerdState, 'containerd.sock'), archive, 'overlayfs')
  for (const part of parts) if (part !== 'kube-apiserver' && !left.includes(part)) await start(part)
  const connection = clientOf({ host: '127.0.0.1', port, ...site.admin }, cleanup)
  await nodeReady(connection.client, node.name)
  await startDns(programs, site, connection.client)
  return {
    client: connection.client,
    site,
    kubectl: binaries.find('kubectl'),
    logs,
    start,
    async stop() {
      await connection[Symbol.asyncDispose]()
      await programs.stop()
      await remove()
    },
  }
}
