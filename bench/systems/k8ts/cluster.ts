import type { Cleanup } from '../../cleanup.ts'
import { childrenOf, totalCpuMs } from '../../machine/processes.ts'
import type { ChildProcess, MeasuredProcess } from '../../machine/processes.ts'
import { clientOf } from '../client.ts'
import type { Cluster } from '../cluster.ts'
import { nodeReady } from '../node-ready.ts'
import { apiReady } from '../ready.ts'
import { temporaryLayout } from '../temporary-layout.ts'
import type { ProgramCommand } from './program-file.ts'
import { Up } from './up.ts'

/** `k8ts up`: everything in two processes, beside the container runtime. */
export async function prepareCluster(command: ProgramCommand, cleanup: Cleanup): Promise<Cluster> {
  const { layout, remove } = await temporaryLayout(cleanup)
  const up = new Up(layout, command, [], cleanup)
  const nodeName = `${layout.name}-1`
  return {
    async start() {
      const begin = performance.now()
      const programs = await up.start()
      await apiReady(up.port, programs.all)
      const apiReadyMs = performance.now() - begin
      const connection = clientOf(await up.endpoint(), cleanup)
      await nodeReady(connection.client, nodeName)
      const nodeReadyMs = performance.now() - begin
      const pid = programs.all[0]?.pid ?? 0
      const agent = childrenOf(pid).find(({ command }) => command.includes('--supervised'))
      if (!agent) throw new Error('k8ts up has no agent')
      const processes = [
        { name: 'k8ts up', pid },
        { name: 'k8ts agent', pid: agent.pid },
      ]
      return {
        apiReadyMs,
        nodeReadyMs,
        startCpuMs: totalCpuMs(processes),
        client: connection.client,
        processes: () => processes,
        runtime: () => runtimeOf(agent),
        kubelet: () => ({ name: 'k8ts agent', pid: agent.pid }),
        cgroup: `/k8ts/${layout.name}`,
        criEndpoint: `unix://${layout.node(nodeName).containerdState}/containerd.sock`,
        async stop() {
          await connection[Symbol.asyncDispose]()
          await programs.stop()
        },
      }
    },
    remove,
  }
}

function runtimeOf(agent: ChildProcess): MeasuredProcess {
  const containerd = childrenOf(agent.pid).find(({ command }) => command.startsWith('containerd '))
  if (!containerd) throw new Error('the agent has no containerd')
  return { name: 'containerd', pid: containerd.pid }
}
