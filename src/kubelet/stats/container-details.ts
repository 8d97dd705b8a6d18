import type { CgroupDetails, DeviceIo } from '../seams/usage.ts'
import type { Family, Labels, Sample } from './exposition.ts'

export interface DetailRow {
  readonly labels: Labels
  readonly details: CgroupDetails
}

type Value = (details: CgroupDetails) => number | undefined

/** Of a cgroup without a quota nothing is throttled, and nothing told. */
const withQuota =
  (value: (details: CgroupDetails) => number): Value =>
  (details) =>
    (details.limits.cpuQuotaMicros ?? 0) > 0 ? value(details) : undefined

const metrics: readonly (readonly [name: string, type: Family['type'], help: string, value: Value])[] = [
  [
    'container_cpu_user_seconds_total',
    'counter',
    'Cumulative user cpu time consumed in seconds.',
    ({ cpu }) => cpu.userNanos / 1e9,
  ],
  [
    'container_cpu_system_seconds_total',
    'counter',
    'Cumulative system cpu time consumed in seconds.',
    ({ cpu }) => cpu.systemNanos / 1e9,
  ],
  [
    'container_cpu_cfs_periods_total',
    'counter',
    'Number of elapsed enforcement period intervals.',
    withQuota(({ cpu }) => cpu.periods),
  ],
  [
    'container_cpu_cfs_throttled_periods_total',
    'counter',
    'Number of throttled period intervals.',
    withQuota(({ cpu }) => cpu.throttledPeriods),
  ],
  [
    'container_cpu_cfs_throttled_seconds_total',
    'counter',
    'Total time duration the container has been throttled.',
    withQuota(({ cpu }) => cpu.throttledNanos / 1e9),
  ],
  ['container_memory_cache', 'gauge', 'Number of bytes of page cache memory.', ({ memory }) => memory.cacheBytes],
  [
    'container_memory_mapped_file',
    'gauge',
    'Size of memory mapped files in bytes.',
    ({ memory }) => memory.mappedBytes,
  ],
  [
    'container_memory_max_usage_bytes',
    'gauge',
    'Maximum memory usage recorded in bytes',
    ({ memory }) => memory.mostBytes,
  ],
  [
    'container_memory_kernel_usage',
    'gauge',
    'Size of kernel memory allocated in bytes.',
    ({ memory }) => memory.kernelBytes,
  ],
  [
    'container_oom_events_total',
    'counter',
    'Count of out of memory events observed for the container',
    ({ memory }) => memory.kills,
  ],
  ['container_processes', 'gauge', 'Number of processes running inside the container.', (of) => of.processes],
  ['container_threads', 'gauge', 'Number of threads running inside the container', (of) => of.threads],
  [
    'container_threads_max',
    'gauge',
    'Maximum number of threads allowed inside the container, infinity if value is zero',
    (of) => of.mostThreads,
  ],
  [
    'container_file_descriptors',
    'gauge',
    'Number of open file descriptors for the container.',
    ({ open }) => open.descriptors,
  ],
  ['container_sockets', 'gauge', 'Number of open sockets for the container.', ({ open }) => open.sockets],
  ['container_memory_failcnt', 'counter', 'Number of memory usage hits limits', ({ memory }) => memory.failures],
  ['container_spec_cpu_period', 'gauge', 'CPU period of the container.', ({ limits }) => limits.cpuPeriodMicros],
  [
    'container_spec_cpu_quota',
    'gauge',
    'CPU quota of the container.',
    withQuota(({ limits }) => limits.cpuQuotaMicros ?? 0),
  ],
  ['container_spec_cpu_shares', 'gauge', 'CPU share of the container.', ({ limits }) => limits.cpuShares],
  [
    'container_spec_memory_limit_bytes',
    'gauge',
    'Memory limit for the container.',
    ({ limits }) => limits.memoryBytes ?? 0,
  ],
  [
    'container_spec_memory_reservation_limit_bytes',
    'gauge',
    'Memory reservation limit for the container.',
    ({ memory }) => memory.reservedBytes,
  ],
  [
    'container_spec_memory_swap_limit_bytes',
    'gauge',
    'Memory swap limit for the container.',
    ({ memory }) => memory.swapLimitBytes,
  ],
  [
    'container_memory_total_active_file_bytes',
    'gauge',
    'Current total active file in bytes.',
    ({ memory }) => memory.activeFileBytes,
  ],
  [
    'container_memory_total_inactive_file_bytes',
    'gauge',
    'Current total inactive file in bytes.',
    ({ memory }) => memory.inactiveFileBytes,
  ],
]

const deviceMetrics: readonly (readonly [name: string, help: string, value: (io: DeviceIo) => number])[] = [
  ['container_fs_reads_bytes_total', 'Cumulative count of bytes read', ({ readBytes }) => readBytes],
  ['container_fs_reads_total', 'Cumulative count of reads completed', ({ reads }) => reads],
  ['container_fs_writes_bytes_total', 'Cumulative count of bytes written', ({ writtenBytes }) => writtenBytes],
  ['container_fs_writes_total', 'Cumulative count of writes completed', ({ writes }) => writes],
]

/** What cgroups were given, and what they used and had to do without, under the names that dashboards know. */
export function detailFamilies(rows: readonly DetailRow[]): Family[] {
  const ofCgroup = metrics.map(([name, type, help, of]) => ({
    name,
    type,
    help,
    samples: rows.flatMap(({ labels, details }): Sample[] => {
      const value = of(details)
      return value === undefined ? [] : [{ labels, value }]
    }),
  }))
  const ofDevices = deviceMetrics.map(([name, help, of]) => ({
    name,
    type: 'counter' as const,
    help,
    samples: rows.flatMap(({ labels, details }) =>
      details.io.map((io) => ({ labels: { ...labels, device: io.device }, value: of(io) })),
    ),
  }))
  return [...ofCgroup, softLimits(rows), ...ofDevices]
}

function softLimits(rows: readonly DetailRow[]): Family {
  const samples = rows.flatMap(({ labels, details: { open } }): Sample[] =>
    open.most === undefined ? [] : [{ labels: { ...labels, ulimit: 'max_open_files' }, value: open.most }],
  )
  const help = 'Soft ulimit values for the container root process. Unlimited if -1, except priority and nice'
  return { name: 'container_ulimits_soft', type: 'gauge', help, samples }
}
