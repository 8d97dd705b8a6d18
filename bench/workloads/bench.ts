import { parseArgs } from 'node:util'
import { withCleanup } from '../cleanup.ts'
import type { Cleanup } from '../cleanup.ts'
import { measure } from './measure.ts'
import type { Result } from './measure.ts'
import { systemsOf } from './systems.ts'
import type { MeasuredSystem } from './systems.ts'
import { workloads } from './workloads.ts'
import type { Workload } from './workloads.ts'

const usage = `npm run bench -- workloads [options]
  --nodes N        simulated nodes (1000)
  --pods N         pods to schedule (5000)
  --workload A,B   some of: ${workloads.map(({ name }) => name).join(', ')}
  --system A,B     some of: k8ts up (everything in one process), k8ts (API server and scheduler by themselves), and with
                   --against, k8ts on kube (our scheduler, their API server), kube on k8ts, kube; all but those that mix
                   when absent
  --memory         k8ts up keeps objects in memory instead of on disk
  --profiles DIR   keeps profiles of the processor time of our processes
  --against DIR    measures kube-apiserver and kube-scheduler from DIR beside ours`

/** Pods bound per second, workload by workload, each on a fresh control plane. */
export async function benchWorkloads(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      nodes: { type: 'string', default: '1000' },
      pods: { type: 'string', default: '5000' },
      workload: { type: 'string' },
      system: { type: 'string' },
      memory: { type: 'boolean', default: false },
      profiles: { type: 'string' },
      against: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return
  }
  const { against, memory, profiles } = values
  const chosen = values.system?.split(',') ?? ['k8ts up', 'k8ts', 'kube']
  const systems = systemsOf({ against, memory, profiles }).filter(({ name }) => chosen.includes(name))
  const wanted = values.workload?.split(',')
  const [nodes, pods] = [Number(values.nodes), Number(values.pods)]
  console.log(`${nodes} nodes, ${pods} pods`)
  await withCleanup(async (cleanup) => {
    for (const workload of workloads) {
      if (!wanted || wanted.includes(workload.name)) await compare(systems, workload, nodes, pods, cleanup)
    }
  })
}

/** Measures all systems, each against the last. */
async function compare(
  systems: readonly MeasuredSystem[],
  workload: Workload,
  nodes: number,
  pods: number,
  cleanup: Cleanup,
): Promise<void> {
  const results: { readonly name: string; readonly result: Result }[] = []
  for (const { name, start } of systems) {
    const target = await start(cleanup)
    try {
      const result = await measure(target, workload, nodes, pods)
      results.push({ name, result })
      console.log(`${workload.name.padEnd(28)} ${name.padEnd(14)} ${told(result)}`)
    } finally {
      await target.stop()
    }
  }
  const last = results.pop()
  for (const { name, result } of results) {
    if (last) console.log(`${workload.name.padEnd(28)} ${name.padEnd(14)} ${times(result, last.result)} ${last.name}`)
  }
}

function told({ pods, bound, ms, perSecond, microseconds: { total, scheduler } }: Result): string {
  const rate = `${perSecond.toFixed(0).padStart(6)} pods/s (${bound} in ${(ms / 1000).toFixed(1)} s)`
  const ofIt = scheduler === undefined ? '' : `, the scheduler ${scheduler.toFixed(0)}`
  const missing = bound < pods ? `, ${pods - bound} not bound` : ''
  return `${rate}, ${total.toFixed(0)} us of processor time each${ofIt}${missing}`
}

function times(ours: Result, theirs: Result): string {
  const { total, scheduler } = ours.microseconds
  const less = theirs.microseconds.total / total
  const ofScheduler =
    scheduler === undefined || theirs.microseconds.scheduler === undefined
      ? ''
      : `, the scheduler ${(theirs.microseconds.scheduler / scheduler).toFixed(1)}`
  const faster = (ours.perSecond / theirs.perSecond).toFixed(1)
  return `${faster} times as fast for ${less.toFixed(1)} times less processor time${ofScheduler}, beside`
}
