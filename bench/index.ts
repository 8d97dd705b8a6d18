/** `npm run bench`: measures ours, and upstream's programs where they are at hand, one after the other. */
import { withCleanup } from './cleanup.ts'
import { parseCommandLine, usage } from './command-line.ts'
import type { CommandLine, PartName } from './command-line.ts'
import { Generator } from './load/generator.ts'
import { measureApi } from './parts/api.ts'
import { measureCluster } from './parts/cluster.ts'
import { measureDns } from './parts/dns.ts'
import { measureIngress } from './parts/ingress.ts'
import { measureMemoryOfPods } from './parts/memory-of-pods.ts'
import { measureMixed } from './parts/mixed.ts'
import type { Part } from './parts/part.ts'
import { measureProxy } from './parts/proxy.ts'
import { measureScheduler } from './parts/scheduler.ts'
import { measureWrites } from './parts/writes.ts'
import { measureRollout } from './scale/rollout.ts'
import { measureScale } from './scale/scale.ts'
import { Report } from './report/report.ts'
import { benchWorkloads } from './workloads/bench.ts'
import { k8ts } from './systems/k8ts/system.ts'
import { upstream } from './systems/upstream/system.ts'

const parts: { readonly [name in PartName]: Part } = {
  cluster: measureCluster,
  api: measureApi,
  writes: measureWrites,
  mixed: measureMixed,
  memory: measureMemoryOfPods,
  scheduler: measureScheduler,
  proxy: measureProxy,
  dns: measureDns,
  ingress: measureIngress,
  scale: measureScale,
  rollout: measureRollout,
}

/** Part by part and not system by system, so that what is compared is measured at about the same time. */
async function bench({ parts: wanted, against, runc, out, profiles, extent }: CommandLine): Promise<void> {
  const systems = [k8ts(profiles), ...(against === undefined ? [] : [upstream(against, runc ? 'runc' : undefined)])]
  const report = new Report(out)
  await withCleanup(async (cleanup) => {
    const generator = new Generator()
    cleanup.add(() => generator.stop())
    try {
      for (const part of wanted) {
        for (const system of systems) await parts[part]({ system, report, extent, generator, cleanup })
      }
    } finally {
      report.print(systems.map(({ name }) => name))
    }
  })
}

try {
  const [first, ...rest] = process.argv.slice(2)
  if (first === 'workloads') await benchWorkloads(rest)
  else {
    const commandLine = parseCommandLine(process.argv.slice(2))
    if (commandLine.help) console.log(usage)
    else await bench(commandLine)
  }
} catch (error) {
  console.error(error instanceof Error ? `bench: ${error.message}` : error)
  process.exitCode = 1
}
