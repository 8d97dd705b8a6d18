import type { LowLevelRuntime } from '#kubelet/host'
import type { Cleanup } from '../../cleanup.ts'
import { freePort } from '../../../test/run/free-port.ts'
import { totalCpuMs } from '../../machine/processes.ts'
import { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'
import { clientOf } from '../client.ts'
import type { Cluster, RunningCluster } from '../cluster.ts'
import { nodeReady } from '../node-ready.ts'
import { temporaryLayout } from '../temporary-layout.ts'
import { startControlPlane } from './control-plane.ts'
import { prepareNode, startNode, startRuntime } from './node.ts'
import { makeSite } from './site.ts'
import type { Site } from './site.ts'

export interface ClusterOptions {
  readonly binaries: Binaries
  readonly cleanup: Cleanup
  /** What starts containers; what ours has when absent. */
  readonly lowLevelRuntime: LowLevelRuntime | undefined
}

/** All of upstream's programs, installed: certificates, network and configuration are in place before the first start. */
export async function prepareCluster(options: ClusterOptions): Promise<Cluster> {
  const { layout, remove } = await temporaryLayout(options.cleanup)
  const port = await freePort()
  const site = await makeSite(layout, port)
  return { start: () => start(options, site), remove }
}

/** The container runtime beside etcd and the API server, the node's programs when there is an API to ask. */
async function start({ binaries, cleanup, lowLevelRuntime }: ClusterOptions, site: Site): Promise<RunningCluster> {
  await prepareNode(site)
  const begin = performance.now()
  const programs = new Programs(cleanup)
  let apiReadyMs = 0
  const [containerd] = await Promise.all([
    startRuntime(programs, site, lowLevelRuntime),
    startControlPlane(programs, binaries, site, () => (apiReadyMs = performance.now() - begin)),
  ])
  startNode(programs, binaries, site)
  const connection = clientOf({ host: '127.0.0.1', port: site.port, ...site.admin }, cleanup)
  await nodeReady(connection.client, site.node.name)
  const nodeReadyMs = performance.now() - begin
  return {
    apiReadyMs,
    nodeReadyMs,
    startCpuMs: totalCpuMs(programs.processes),
    client: connection.client,
    processes: () => programs.processes,
    runtime: () => ({ name: 'containerd', pid: containerd.pid ?? 0 }),
    kubelet: () => ({ name: 'kubelet', pid: programs.all.find(({ name }) => name === 'kubelet')?.pid ?? 0 }),
    cgroup: `/k8ts/${site.layout.name}`,
    criEndpoint: containerd.endpoint,
    async stop() {
      await connection[Symbol.asyncDispose]()
      await programs.stop()
    },
  }
}
