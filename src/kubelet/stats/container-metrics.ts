import { millisOf, parseTime } from '#machinery'
import type { PodObservation } from '../runtime/pod-runtime.ts'
import { expose, type Family, type Labels, type Sample } from './exposition.ts'
import type { Machine } from '../seams/node-facts.ts'
import type { CgroupDetails, PodCgroupDetails, Pressure } from '../seams/usage.ts'
import { networkFamilies, type NetworkRow } from './network-metrics.ts'
import type { Reading } from './summary.ts'
import type { MountedDisk } from '../seams/measures.ts'
import { detailFamilies } from './container-details.ts'
import { diskFamilies } from './disk-metrics.ts'
import { nothingWaited } from './pressure.ts'
import type { ContainerStatsSummary } from './types.ts'

export interface ContainerMetricsInput {
  readonly reading: Reading
  readonly machine: Machine
  readonly observation: (uid: string) => PodObservation | undefined
  readonly details: (uid: string) => PodCgroupDetails | undefined
  /** The machine's. */
  readonly disks: readonly MountedDisk[]
  /** Whether to tell how full file systems are. */
  readonly diskUse: boolean
  /** Wall time, milliseconds. */
  readonly now: number
}

interface Row {
  readonly labels: Labels
  readonly stats: Partial<ContainerStatsSummary>
  readonly details?: CgroupDetails | undefined
}

/** `/metrics/cadvisor`: containers, pods as a whole and their networks, in the names that dashboards know. */
export function containerMetrics({
  reading,
  machine,
  observation,
  details,
  disks,
  diskUse,
  now,
}: ContainerMetricsInput): string {
  const { summary, interfaces } = reading
  const root = labels('', '', '', '', '/')
  const rows: Row[] = [{ labels: root, stats: summary.node }]
  const networks: NetworkRow[] = []
  for (const pod of summary.pods) {
    const { namespace, name, uid } = pod.podRef
    const observed = observation(uid)
    const found = details(uid)
    rows.push({
      labels: labels('', '', namespace, name, `/kubepods/pod${uid}`),
      stats: { ...pod, name: '' },
      details: found?.whole,
    })
    networks.push({
      labels: labels('', '', namespace, name, `/kubepods/pod${uid}`),
      interfaces: interfaces.get(uid) ?? [],
    })
    for (const stats of pod.containers) {
      const container = observed?.containers.find((candidate) => candidate.name === stats.name)
      const id = `/kubepods/pod${uid}/${container?.id ?? ''}`
      rows.push({
        labels: labels(stats.name, container?.image ?? '', namespace, name, id, container?.id),
        stats,
        details: found?.containers.get(container?.id ?? ''),
      })
    }
  }
  const gauge = (name: string, help: string, of: (stats: Row['stats']) => number | undefined): Family =>
    family(name, 'gauge', help, rows, of)
  const started = ({ startTime }: Row['stats']): number | undefined =>
    startTime === undefined || startTime === '' ? undefined : millisOf(parseTime(startTime)) / 1000
  return expose(
    joined([
      {
        ...one('cadvisor_version_info', 1),
        help: "A metric with a constant '1' value labeled by kernel version, OS version, docker version, cadvisor version & cadvisor revision.",
        samples: [{ labels: { kernelVersion: machine.kernelVersion, osVersion: machine.osImage }, value: 1 }],
      },
      family(
        'container_cpu_usage_seconds_total',
        'counter',
        'Cumulative cpu time consumed in seconds.',
        rows.map(({ labels: own, stats }) => ({ labels: { ...own, cpu: 'total' }, stats })),
        ({ cpu }) => cpu && cpu.usageCoreNanoSeconds / 1e9,
      ),
      gauge(
        'container_memory_usage_bytes',
        'Current memory usage in bytes, including all memory regardless of when it was accessed',
        ({ memory }) => memory?.usageBytes,
      ),
      gauge(
        'container_memory_working_set_bytes',
        'Current working set in bytes.',
        ({ memory }) => memory?.workingSetBytes,
      ),
      gauge('container_memory_rss', 'Size of RSS in bytes.', ({ memory }) => memory?.rssBytes),
      gauge('container_memory_swap', 'Container swap usage in bytes.', ({ swap }) => swap?.swapUsageBytes),
      gauge(
        'container_fs_usage_bytes',
        'Number of bytes that are consumed by the container on this filesystem.',
        ({ rootfs }) => rootfs?.usedBytes,
      ),
      gauge('container_start_time_seconds', 'Start time of the container since unix epoch in seconds.', started),
      ...detailFamilies(rows.flatMap(({ labels: own, details: of }) => (of ? [{ labels: own, details: of }] : []))),
      gauge('container_last_seen', 'Last time a container was seen by the exporter', () => Math.floor(now / 1000)),
      failures(rows),
      ...pressures(rows),
      ...diskFamilies(root, disks),
      ...networkFamilies(networks),
      one('container_scrape_error', 0, '1 if there was an error while getting container metrics, 0 otherwise'),
      one('machine_cpu_cores', machine.cpus, 'Number of logical CPU cores.'),
      one('machine_memory_bytes', machine.memoryBytes, 'Amount of memory installed on the machine.'),
      one('machine_scrape_error', 0, '1 if there was an error while getting machine metrics, 0 otherwise.'),
      one('machine_swap_bytes', machine.swapBytes, 'Amount of swap memory available on the machine.'),
    ]).filter(({ name }) => diskUse || !ofDiskUse.has(name)),
  )
}

const ofDiskUse: ReadonlySet<string> = new Set(
  ['inodes_free', 'inodes_total', 'limit_bytes', 'usage_bytes'].map((name) => `container_fs_${name}`),
)

/** Containers and the machine have some families together. */
function joined(families: readonly Family[]): Family[] {
  const found = new Map<string, Family>()
  for (const family of families) {
    const before = found.get(family.name)
    found.set(family.name, before ? { ...before, samples: [...before.samples, ...family.samples] } : family)
  }
  return [...found.values()]
}

/** Pages that were not in memory. A container has no cgroups below its own: both scopes are the same. */
function failures(rows: readonly Row[]): Family {
  const samples = rows.flatMap(({ labels: own, stats: { memory } }): Sample[] =>
    memory === undefined
      ? []
      : ['container', 'hierarchy'].flatMap((scope) => [
          { labels: { ...own, failure_type: 'pgfault', scope }, value: memory.pageFaults },
          { labels: { ...own, failure_type: 'pgmajfault', scope }, value: memory.majorPageFaults },
        ]),
  )
  const help = 'Cumulative count of memory allocation failures.'
  return { name: 'container_memory_failures_total', type: 'counter', help, samples }
}

/** What tasks waited for. */
function pressures(rows: readonly Row[]): Family[] {
  const psiOf = (stats: Row['stats'], resource: 'cpu' | 'memory' | 'io'): Pressure | undefined => {
    const psi = stats[resource]?.psi
    return psi === nothingWaited ? undefined : psi
  }
  return (['cpu', 'memory', 'io'] as const).flatMap((resource) =>
    (['stalled', 'waiting'] as const).map((kind) => {
      const upper = resource === 'memory' ? 'memory' : resource.toUpperCase()
      const help =
        kind === 'stalled'
          ? `Total time duration no tasks in the container could make progress due to ${upper} congestion.`
          : `Total time duration tasks in the container have waited due to ${upper} congestion.`
      return family(`container_pressure_${resource}_${kind}_seconds_total`, 'counter', help, rows, (stats) => {
        const psi = psiOf(stats, resource)
        return psi && (kind === 'stalled' ? psi.full : psi.some).total / 1e6
      })
    }),
  )
}

const labels = (container: string, image: string, namespace: string, pod: string, id: string, name = ''): Labels => ({
  container,
  id,
  image,
  name,
  namespace,
  pod,
})

const one = (name: string, value: number, help = ''): Family => ({
  name,
  type: 'gauge',
  help,
  samples: [{ labels: {}, value }],
})

function family(
  name: string,
  type: Family['type'],
  help: string,
  rows: readonly Row[],
  of: (stats: Row['stats']) => number | undefined,
): Family {
  const samples = rows.flatMap(({ labels: own, stats }): Sample[] => {
    const value = of(stats)
    return value === undefined ? [] : [{ labels: own, value }]
  })
  return { name, type, help, samples }
}
