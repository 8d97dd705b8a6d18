import { featureGates } from '#base'
import { gathered } from '#machinery'
import type { MetricFamily } from '#machinery'
import { kubernetesVersion } from '../version.ts'
import { kernelMetrics, runtimeMetrics } from './host-metrics.ts'

/** One family of numbers. */
export function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly { readonly labels?: { readonly [name: string]: string }; readonly value: number }[],
): MetricFamily {
  return gathered(type, name, help, () => samples.map(({ labels = {}, value }) => ({ labels, value })))
}

/** What every component tells: release, processor time, memory, start. */
export function processMetrics(): readonly MetricFamily[] {
  const labels = { git_version: kubernetesVersion, major: '1', minor: '36' }
  const build = family('kubernetes_build_info', 'gauge', '[BETA] Release of Kubernetes.', [{ labels, value: 1 }])
  return [build, ...hostMetrics()]
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
export function hostMetrics(): readonly MetricFamily[] {
  const { user, system } = process.cpuUsage()
  const started = Date.now() / 1000 - process.uptime()
  const one = (name: string, type: 'counter' | 'gauge', help: string, value: number): MetricFamily =>
    family(name, type, help, [{ value }])
  return [
    one(
      'process_cpu_seconds_total',
      'counter',
      'Total user and system CPU time spent in seconds.',
      (user + system) / 1e6,
    ),
    one('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', process.memoryUsage.rss()),
    one('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', started),
    ...kernelMetrics(),
    ...runtimeMetrics(),
    featureMetrics,
  ]
}

/** Whether this process leads. */
export const leaderMetric = (name: string, leads: boolean): MetricFamily =>
  family('leader_election_master_status', 'gauge', '[ALPHA] Whether the process leads.', [
    { labels: { name }, value: leads ? 1 : 0 },
  ])
