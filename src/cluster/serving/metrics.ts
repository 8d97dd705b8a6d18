import type { ControllerMetrics } from '#client'
import { headText, labelText, numberText } from '#machinery'
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
  const { user, system } = process.cpuUsage()
  const started = Date.now() / 1000 - process.uptime()
  const gitVersion = kubernetesVersion
  return [
    family('kubernetes_build_info', 'gauge', '[BETA] Release of Kubernetes.', [
      { labels: { git_version: gitVersion, major: '1', minor: '36' }, value: 1 },
    ]),
    family('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.', [
      { value: (user + system) / 1e6 },
    ]),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', [
      { value: process.memoryUsage.rss() },
    ]),
    family('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [
      { value: started },
    ]),
  ].join('')
}

/** Whether this process leads. */
export const leaderMetric = (name: string, leads: boolean): string =>
  family('leader_election_master_status', 'gauge', '[ALPHA] Whether the process leads.', [
    { labels: { name }, value: leads ? 1 : 0 },
  ])

interface QueueCounts {
  added: number
  depth: number
  retried: number
  waitedMs: number
  workedMs: number
  done: number
}

/** Counts what happens in the queues of controllers, as upstream names it. */
export class QueueMetrics {
  readonly #queues = new Map<string, QueueCounts>()

  for(controller: string): ControllerMetrics {
    const counts: QueueCounts = { added: 0, depth: 0, retried: 0, waitedMs: 0, workedMs: 0, done: 0 }
    this.#queues.set(controller, counts)
    return {
      queue: {
        added() {
          counts.added++
          counts.depth++
        },
        got(waitedMs) {
          counts.depth--
          counts.waitedMs += waitedMs
        },
        done(workedMs) {
          counts.done++
          counts.workedMs += workedMs
        },
        retried() {
          counts.retried++
        },
      },
    }
  }

  text(): string {
    const samples = (value: (counts: QueueCounts) => number): { labels: { name: string }; value: number }[] =>
      [...this.#queues].map(([name, counts]) => ({ labels: { name }, value: value(counts) }))
    return [
      family(
        'workqueue_adds_total',
        'counter',
        'Keys added to a queue.',
        samples(({ added }) => added),
      ),
      family(
        'workqueue_depth',
        'gauge',
        'Keys that wait in a queue.',
        samples(({ depth }) => depth),
      ),
      family(
        'workqueue_retries_total',
        'counter',
        'Keys that were put off.',
        samples(({ retried }) => retried),
      ),
      family(
        'workqueue_queue_duration_seconds_sum',
        'counter',
        'Seconds that keys waited.',
        samples(({ waitedMs }) => waitedMs / 1000),
      ),
      family(
        'workqueue_work_duration_seconds_sum',
        'counter',
        'Seconds that were worked on keys.',
        samples(({ workedMs }) => workedMs / 1000),
      ),
    ].join('')
  }
}
