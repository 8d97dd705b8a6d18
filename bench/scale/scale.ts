import { measureMemory } from '../parts/memory.ts'
import { pause } from '../parts/part.ts'
import type { PartContext } from '../parts/part.ts'
import { recordLatencies } from './latencies.ts'
import { planDeployments } from './plan.ts'
import * as rows from './rows.ts'
import { ServerMetrics } from './server-metrics.ts'
import { createDeployments, until, withSimulatedNodes } from './simulated.ts'

const podsPerNode = 30
/** Of the pods whose start is measured when the cluster is full, as upstream has it. */
const latePodsPerSecond = 5

/** Fills a cluster of very many nodes at a steady rate, and then starts some pods more. */
export async function measureScale(context: PartContext): Promise<void> {
  const { system, report, extent } = context
  const { scaleNodes, podsPerSecond } = extent
  await withSimulatedNodes(context, scaleNodes, async ({ plane, client, pods, nodesSeconds, cpuMs }) => {
    report.record(system.name, rows.nodesReady, nodesSeconds, { nodes: scaleNodes })
    const before = await ServerMetrics.of(plane.endpoint)
    const planned = planDeployments(scaleNodes, podsPerNode)
    const wanted = scaleNodes * podsPerNode
    const [begin, cpu] = [performance.now(), cpuMs()]
    await createDeployments(client, planned, podsPerSecond)
    await until(() => pods.running >= wanted, `${wanted} pods that run`)
    const seconds = (performance.now() - begin) / 1000
    report.record(system.name, rows.filled, wanted / seconds, {
      pods: wanted,
      Deployments: planned.length,
      'wanted /s': podsPerSecond,
      cores: (cpuMs() - cpu) / 1000 / seconds,
    })
    report.record(system.name, rows.cost, (cpuMs() - cpu) / wanted)
    recordStarts(context, rows.filledStart, pods)
    await pause(extent.settleMs)
    const filled = await ServerMetrics.of(plane.endpoint)
    recordLatencies(report, system.name, filled.since(before))
    measureMemory(context, rows.memory, plane.processes)
    const [idleFrom, idleCpu] = [performance.now(), cpuMs()]
    await pause(extent.settleMs)
    report.record(system.name, rows.idle, ((cpuMs() - idleCpu) * 100) / (performance.now() - idleFrom))
    pods.timeAnew()
    const late = Array.from({ length: Math.min(500, scaleNodes) }, (_, index) => ({
      namespace: 'late',
      name: `late-${index}`,
      replicas: 1,
    }))
    await createDeployments(client, late, latePodsPerSecond)
    await until(() => pods.running >= wanted + late.length, 'the late pods')
    recordStarts(context, rows.start, pods)
  })
}

/** The second in which a pod was created is known, so that a start is told up to a second too long; `observed` is not. */
function recordStarts(
  { system, report }: PartContext,
  row: (typeof rows)['start'],
  {
    starts,
    observed,
  }: {
    readonly starts: { quantiles(parts: readonly number[]): number[]; readonly count: number }
    readonly observed: { quantiles(parts: readonly number[]): number[] }
  },
): void {
  const [p50 = 0, p99 = 0, most = 0] = starts.quantiles([0.5, 0.99, 1])
  const [seen50 = 0, seen99 = 0] = observed.quantiles([0.5, 0.99])
  report.record(system.name, row, p99 / 1000, {
    pods: starts.count,
    'p50 s': p50 / 1000,
    'most s': most / 1000,
    'observed-p50 s': seen50 / 1000,
    'observed-p99 s': seen99 / 1000,
  })
}
