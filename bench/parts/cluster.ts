import { totalCpuMs } from '../machine/processes.ts'
import type { MeasuredProcess } from '../machine/processes.ts'
import type { Cluster, RunningCluster } from '../systems/cluster.ts'
import { bareCalls } from './bare-calls.ts'
import * as rows from './cluster-rows.ts'
import { measureMemory } from './memory.ts'
import { median, pause } from './part.ts'
import type { PartContext } from './part.ts'
import { PodStarts } from './pod-starts.ts'

/** What a cluster of one node with real containers takes: to start, at rest, and for pods. */
export async function measureCluster(context: PartContext): Promise<void> {
  const { system, extent, cleanup } = context
  const firsts: RunningCluster[] = []
  for (let i = 1; i < extent.starts; i++) {
    const cluster = await system.prepareCluster(cleanup)
    const running = await cluster.start()
    firsts.push(running)
    await running.stop()
    await cluster.remove()
  }
  const cluster = await system.prepareCluster(cleanup)
  const running = await cluster.start()
  recordStarts(context, [...firsts, running])
  await pause(extent.settleMs)
  await measureIdle(context, running)
  measureMemory(context, rows.memoryIdle, running.processes())
  await measurePods(context, running)
  await pause(extent.settleMs)
  measureMemory(context, rows.memoryAfter, running.processes())
  await running.stop()
  await startAgain(context, cluster)
  await cluster.remove()
}

function recordStarts({ report, system }: PartContext, starts: readonly RunningCluster[]): void {
  const of = (figure: 'apiReadyMs' | 'nodeReadyMs' | 'startCpuMs'): number =>
    median(starts.map((start) => start[figure]))
  report.record(system.name, rows.apiReady, of('apiReadyMs'))
  report.record(system.name, rows.nodeReady, of('nodeReadyMs'))
  report.record(system.name, rows.startCost, of('startCpuMs'))
}

/** The node is not asked for: its last word of the time before still stands. */
async function startAgain({ report, system }: PartContext, cluster: Cluster): Promise<void> {
  const again = await cluster.start()
  report.record(system.name, rows.apiReadyAgain, again.apiReadyMs)
  await again.stop()
}

async function measureIdle({ report, system, extent }: PartContext, running: RunningCluster): Promise<void> {
  const [own, runtime] = await Promise.all([
    restOf(running.processes(), extent.idleMs),
    restOf([running.runtime()], extent.idleMs),
  ])
  report.record(system.name, rows.idle, own)
  report.record(system.name, rows.idleRuntime, runtime)
}

/** Percent of a core that processes take while nothing happens. */
async function restOf(processes: readonly MeasuredProcess[], ms: number): Promise<number> {
  const [begin, before] = [performance.now(), totalCpuMs(processes)]
  await pause(ms)
  return ((totalCpuMs(processes) - before) * 100) / (performance.now() - begin)
}

/** A kubelet removes pods that it does not know. */
async function whileStopped<T>(pid: number, work: () => Promise<T>): Promise<T> {
  process.kill(pid, 'SIGSTOP')
  try {
    return await work()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

async function measurePods(context: PartContext, running: RunningCluster): Promise<void> {
  const { report, system, extent } = context
  const bare = median(
    await whileStopped(running.kubelet().pid, () =>
      bareCalls(running.criEndpoint, running.cgroup, Math.ceil(extent.pods / 2)),
    ),
  )
  report.record(system.name, rows.bareRuntime, bare)
  await using pods = await PodStarts.begin(running.client)
  await pods.start(['warm-up'])
  await pods.remove(['warm-up'])
  const [ready, gone]: [number[], number[]] = [[], []]
  for (let i = 0; i < extent.pods; i++) {
    ready.push(await pods.start([`single-${i}`]))
    gone.push(await pods.remove([`single-${i}`]))
  }
  const spread = { 'least ms': Math.min(...ready), 'most ms': Math.max(...ready) }
  report.record(system.name, rows.podReady, median(ready), spread)
  report.record(system.name, rows.podBeyond, median(ready) - bare)
  report.record(system.name, rows.podGone, median(gone))
  const names = Array.from({ length: extent.podsAtOnce }, (_, index) => `many-${index}`)
  const cpu = totalCpuMs(running.processes())
  report.record(system.name, rows.podsReady, await pods.start(names), { pods: names.length })
  report.record(system.name, rows.podsCost, totalCpuMs(running.processes()) - cpu)
  await pause(extent.settleMs)
  const agent = running.kubelet()
  measureMemory(context, rows.agentMemory, [agent])
  report.record(system.name, rows.agentIdle, await restOf([agent], extent.idleMs))
  report.record(system.name, rows.podsGone, await pods.remove(names))
}
