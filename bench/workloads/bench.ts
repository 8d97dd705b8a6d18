import { parseArgs } from 'node:util'
import { withCleanup } from '../cleanup.ts'
import type { Cleanup } from '../cleanup.ts'
import { measure } from './measure.ts'
import type { Result, Target } from './measure.ts'
import { startOurs } from './ours.ts'
import { startUpstream } from './upstream.ts'
import { workloads } from './workloads.ts'

const usage = `npm run bench -- workloads [options]
  --nodes N        simulated nodes (1000)
  --pods N         pods to schedule (5000)
  --workload A,B   some of: ${workloads.map(({ name }) => name).join(', ')}
  --memory         keeps objects in memory instead of on disk
  --against DIR    measures kube-apiserver and kube-scheduler from DIR beside it`

/** Pods bound per second, workload by workload, each on a fresh control plane. */
export async function benchWorkloads(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      nodes: { type: 'string', default: '1000' },
      pods: { type: 'string', default: '5000' },
      workload: { type: 'string' },
      memory: { type: 'boolean', default: false },
      against: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return
  }
  const wanted = values.workload?.split(',')
  const [nodes, pods] = [Number(values.nodes), Number(values.pods)]
  console.log(`${nodes} nodes, ${pods} pods`)
  await withCleanup((cleanup) => measureAll(cleanup))

  async function measureAll(cleanup: Cleanup): Promise<void> {
    for (const workload of workloads) {
      if (wanted && !wanted.includes(workload.name)) continue
      const run = async (start: () => Promise<Target>): Promise<Result> => {
        const target = await start()
        try {
          const result = await measure(target, workload, nodes, pods)
          print(result)
          return result
        } finally {
          await target.stop()
        }
      }
      const ours = await run(() => startOurs(!values.memory))
      const { against } = values
      if (against === undefined) continue
      const theirs = await run(() => startUpstream(against, cleanup))
      console.log(`${workload.name.padEnd(28)} ${(ours.perSecond / theirs.perSecond).toFixed(1)} times as fast`)
    }
  }
}

function print({ target, workload, pods, bound, ms, perSecond, cpuMs }: Result): void {
  const missing = bound < pods ? `, ${pods - bound} not bound` : ''
  const figures = `${perSecond.toFixed(0).padStart(7)} pods/s, ${bound} in ${(ms / 1000).toFixed(1)} s`
  const cost = `${((cpuMs * 1000) / Math.max(1, bound)).toFixed(0)} us of processor time each`
  console.log(`${workload.padEnd(28)} ${target.padEnd(16)} ${figures}, ${cost}${missing}`)
}
