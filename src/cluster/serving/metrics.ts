import { readdirSync, readFileSync } from 'node:fs'
import { featureGates } from '#base'
import type { ControllerMetrics } from '#client'
import { headText, HistogramFamily, labelText, NumberFamily, numberText } from '#machinery'
import { kubernetesVersion } from '../version.ts'

/** One family in Prometheus' text format. */
export function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly { readonly labels?: { readonly [name: string]: string }; readonly value: number }[],
): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${numberText(value)}\n`)
  return headText(name, type, help) + lines.join('')
}

/** What every process tells: release, processor time, memory, start. */
export function processMetrics(): string {
  const labels = { git_version: kubernetesVersion, major: '1', minor: '36' }
  return (
    family('kubernetes_build_info', 'gauge', '[BETA] Release of Kubernetes.', [{ labels, value: 1 }]) + hostMetrics()
  )
}

/** Which features of the release are on; those that are there for good have no stage. */
const featureMetrics = family(
  'kubernetes_feature_enabled',
  'gauge',
  '[BETA] Stage of a feature, and whether it is on.',
  featureGates.map(({ name, stage, on }) => ({
    labels: { name, stage: stage === 'GA' ? '' : stage },
    value: on ? 1 : 0,
  })),
)

/** What the host knows of the process, whatever part it plays: processor time, memory, start, features. */
export function hostMetrics(): string {
  const { user, system } = process.cpuUsage()
  const started = Date.now() / 1000 - process.uptime()
  return [
    family('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.', [
      { value: (user + system) / 1e6 },
    ]),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', [
      { value: process.memoryUsage.rss() },
    ]),
    family('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [
      { value: started },
    ]),
    ...kernelMetrics(),
    featureMetrics,
  ].join('')
}

/** What the kernel tells of the process, where it does: Linux alone has these files. */
function kernelMetrics(): readonly string[] {
  try {
    const open = readdirSync('/proc/self/fd').length
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    const kilobytes = /^VmSize:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return [
      family('process_open_fds', 'gauge', 'Number of open file descriptors.', [{ value: open }]),
      family('process_max_fds', 'gauge', 'Maximum number of open file descriptors.', [
        { value: limit === undefined ? Infinity : Number(limit) },
      ]),
      family('process_virtual_memory_bytes', 'gauge', 'Virtual memory size in bytes.', [
        { value: Number(kilobytes) * 1024 },
      ]),
    ]
  } catch {
    return []
  }
}

/** Whether this process leads. */
export const leaderMetric = (name: string, leads: boolean): string =>
  family('leader_election_master_status', 'gauge', '[ALPHA] Whether the process leads.', [
    { labels: { name }, value: leads ? 1 : 0 },
  ])

/** Seconds: from ten nanoseconds on, each ten times the one before. */
const queueBounds = Array.from({ length: 12 }, (_, index) => Number(`1e${index - 8}`))

/** Counts what happens in the queues of controllers, as upstream names it. */
export class QueueMetrics {
  readonly #added = new NumberFamily('counter', 'workqueue_adds_total', 'Keys added to a queue.', ['name'])
  readonly #depth = new NumberFamily('gauge', 'workqueue_depth', 'Keys that wait in a queue.', ['name'])
  readonly #retried = new NumberFamily('counter', 'workqueue_retries_total', 'Keys that were put off.', ['name'])
  readonly #waited = new HistogramFamily('workqueue_queue_duration_seconds', 'Seconds that keys waited.', queueBounds, [
    'name',
  ])
  readonly #worked = new HistogramFamily(
    'workqueue_work_duration_seconds',
    'Seconds that were worked on keys.',
    queueBounds,
    ['name'],
  )

  for(controller: string): ControllerMetrics {
    const [added, retried] = [this.#added.of(controller), this.#retried.of(controller)]
    const depth = this.#depth.of(controller)
    // A controller that starts again, because this process leads again, has a queue that is empty.
    depth.value = 0
    const [waited, worked] = [this.#waited.of(controller), this.#worked.of(controller)]
    return {
      queue: {
        added() {
          added.value++
          depth.value++
        },
        got(waitedMs) {
          depth.value--
          waited.observe(waitedMs / 1000)
        },
        done(workedMs) {
          worked.observe(workedMs / 1000)
        },
        retried() {
          retried.value++
        },
      },
    }
  }

  text(): string {
    return [this.#added, this.#depth, this.#retried, this.#waited, this.#worked].map((each) => each.text()).join('')
  }
}
