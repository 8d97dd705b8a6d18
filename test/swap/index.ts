/** `npm run swap`: clusters whose parts are ours and upstream's, mixed; runs tasks on them, and tells what parts complain of. */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '#base'
import { withCleanup } from '../../bench/cleanup.ts'
import { Binaries } from '../../bench/systems/binaries.ts'
import { checkBuilt } from '../../bench/systems/k8ts/program-file.ts'
import { buildImage, recipes } from '../images/index.ts'
import { startCluster } from './cluster.ts'
import type { SwapCluster } from './cluster.ts'
import { complaintsIn } from './complaints.ts'
import { swaps } from './parts.ts'
import type { Swap } from './parts.ts'
import { tasksOf, usualTasks } from './tasks/index.ts'
import { Desk } from './tasks/task.ts'
import type { Task } from './tasks/task.ts'

const usage = `npm run swap -- --against DIR [SWAP…] [options]
Swaps: ${swaps.map(({ name }) => name).join(', ')}; all of them when none is named.

  --against DIR  has upstream's programs: kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kube-proxy,
                 kubectl, and etcd, there or in the path
  --tasks A,B    only these: ${usualTasks.map(({ name }) => name).join(', ')}
  --logs DIR     keeps there what each part wrote
  --hold         runs no task, but keeps the cluster until it is interrupted, and tells how to reach it
  --image FILE   loads one more image`

/** What upstream's parts complain of among themselves, when that was looked at: kinds, after the part. */
const usual = new Set<string>()

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      against: { type: 'string' },
      tasks: { type: 'string' },
      logs: { type: 'string' },
      hold: { type: 'boolean', default: false },
      image: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) console.log(usage)
  else if (values.against === undefined) console.log(`Nothing to swap with: --against DIR is missing\n${usage}`)
  else {
    checkBuilt()
    const wanted = positionals.length === 0 ? swaps : positionals.map((name) => named(swaps, name))
    const chosen = values.tasks?.split(',').map((name) => named(usualTasks, name))
    const binaries = new Binaries(values.against)
    const images = [await buildImage(recipes.nginx), ...values.image]
    await withCleanup(async (cleanup) => {
      for (const swap of wanted) {
        const cluster = await startCluster(swap, binaries, images, cleanup)
        try {
          if (values.hold) await hold(cluster)
          else await tryOut(swap, cluster, chosen ?? tasksOf(swap.name))
        } finally {
          if (values.logs !== undefined) await keepLogs(cluster, join(values.logs, swap.name))
        }
        await cluster.stop()
      }
    })
  }
} catch (error) {
  console.error(error instanceof Error ? `swap: ${error.message}` : error)
  process.exitCode = 1
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((each) => each.name === name)
  if (!found) throw new Error(`there is no ${JSON.stringify(name)}, but ${all.map((each) => each.name).join(', ')}`)
  return found
}

async function tryOut(swap: Swap, cluster: SwapCluster, work: readonly Task[]): Promise<void> {
  console.log(`\n${swap.name} (ours: ${swap.ours.join(', ') || 'none'})`)
  for (const [index, task] of work.entries()) {
    const begin = performance.now()
    let outcome = 'ok'
    try {
      if (task.prepare) await task.prepare(cluster)
      const desk = await Desk.open(cluster, `swap-${index}`)
      await task.run(desk)
      await desk.close()
    } catch (error) {
      outcome = `FAILED: ${messageOf(error)}`
      process.exitCode = 1
    }
    console.log(
      `  ${task.name.padEnd(12)} ${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s  ${outcome}`,
    )
  }
  for (const { part, ours, file } of cluster.logs) {
    for (const { kind, times, line } of complaintsIn(file)) {
      if (swap.ours.length === 0) usual.add(`${part} ${kind}`)
      else if (!usual.has(`${part} ${kind}`))
        console.log(`  ${part}${ours ? ' (ours)' : ''} ${times}x ${line.slice(0, 400)}`)
    }
  }
}

async function keepLogs({ logs }: SwapCluster, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { part, file } of logs) await copyFile(file, join(folder, `${part}.log`))
}

async function hold({ site }: SwapCluster): Promise<void> {
  console.log(`KUBECONFIG=${site.kubeconfig('admin')}\nnode ${site.node.name}: nsenter --net=${site.node.namespace}`)
  await new Promise(() => setInterval(() => undefined, 60_000))
}
