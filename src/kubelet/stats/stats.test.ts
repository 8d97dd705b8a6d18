import { expect, test } from 'vitest'
import type { Space } from '../seams/measures.ts'
import { TestNode } from '../testing/node.ts'
import { containerMetrics } from './container-metrics.ts'
import { expose } from './exposition.ts'
import { resourceMetrics } from './resource-metrics.ts'

const mebi = 1024 ** 2
const usage = (cpuNanos: number, bytes: number) => ({
  cpuNanos,
  memory: { usageBytes: bytes, workingSetBytes: bytes / 2, rssBytes: 1, pageFaults: 2, majorPageFaults: 3 },
  swapBytes: 0,
  processes: 4,
})

const waiting = (total: number) => ({ total, avg10: 1.5, avg60: 0, avg300: 0 })
const pressure = (total: number) => ({ some: waiting(total), full: waiting(0) })

function nodeThatWorks(more: object = {}): TestNode {
  // Half a CPU.
  const nanos = (): number => 5e9 + (node.clock.monotonic() * 1e6) / 2
  const node: TestNode = new TestNode({
    cgroups: {
      usage: async () => {
        const [container] = await node.runtime.listContainers()
        return {
          whole: usage(nanos(), 10 * mebi),
          containers: new Map([[container?.id ?? '', { ...usage(nanos(), 8 * mebi), ...more }]]),
        }
      },
      nodeUsage: () => Promise.resolve({ machine: usage(nanos(), 1000 * mebi), pods: usage(nanos(), 100 * mebi) }),
    },
  })
  return node
}

test('the summary tells of node, pods and containers, and how fast CPU time grows once it was asked twice', async () => {
  const node = nodeThatWorks()
  await node.run('web', {})
  const first = await node.kubelet.stats.summary(false)
  expect(first.node.cpu.usageCoreNanoSeconds).toBeGreaterThanOrEqual(5e9)
  expect(first.node.cpu.usageNanoCores).toBeUndefined()
  await node.clock.advance(10_000)
  const { node: own, pods } = await node.kubelet.stats.summary(false)
  expect(own.cpu.usageNanoCores).toBe(500_000_000)
  expect(own.memory).toMatchObject({ workingSetBytes: 500 * mebi, availableBytes: 256 * 1024 * mebi - 500 * mebi })
  expect(own.fs).toMatchObject({ capacityBytes: 1024 ** 4, inodesFree: 2 ** 25 })
  expect(own.rlimit).toMatchObject({ maxpid: 32_768, curproc: 100 })
  expect(pods).toMatchObject([
    {
      podRef: { name: 'web', namespace: 'default' },
      memory: { usageBytes: 10 * mebi },
      process_stats: { process_count: 4 },
      containers: [{ name: 'app', memory: { workingSetBytes: 4 * mebi }, rootfs: { usedBytes: 0 } }],
      'ephemeral-storage': { usedBytes: 0 },
    },
  ])
  await node.stop()
})

const space = { capacityBytes: 90, availableBytes: 50, usedBytes: 40, inodes: 30, inodesFree: 20, inodesUsed: 10 }

test('images and containers have a file system each where the runtime says so', async () => {
  const free = (availableBytes: number): Space => ({ ...space, availableBytes })
  const node = new TestNode({
    measures: { space: (path) => Promise.resolve(free(path === '/images' ? 1 : 2)) },
  })
  const at = (mountpoint: string, usedBytes: number) => () => Promise.resolve([{ timestamp: 0, mountpoint, usedBytes }])
  node.runtime.images.filesystems = at('/images', 10)
  await node.settle()
  const seen = async (): Promise<readonly unknown[]> => {
    const { imageFs, containerFs } = (await node.kubelet.stats.summary(false)).node.runtime ?? {}
    return [imageFs, containerFs].map((fs) => `${fs?.usedBytes} used, ${fs?.availableBytes} left`)
  }
  expect(await seen()).toEqual(['10 used, 1 left', '10 used, 1 left'])
  node.runtime.images.containerFilesystems = at('/containers', 20)
  await node.clock.advance(20_000)
  expect(await seen()).toEqual(['10 used, 1 left', '20 used, 2 left'])
  await node.stop()
})

test('the summary tells of the agent, and of the runtime and others whose cgroups were named', async () => {
  const bytes: { readonly [path: string]: number } = { '/agents/own': 3, '/runtime': 5, '/others': 7 }
  const named = { kubelet: { runtimeCgroups: '/runtime' }, config: { systemCgroups: '/others' } }
  const started = async (more: object): Promise<TestNode> => {
    const cgroups = {
      own: () => Promise.resolve('/agents/own'),
      usageOf: (path: string) => Promise.resolve(path in bytes ? usage(1e9, (bytes[path] ?? 0) * mebi) : undefined),
    }
    const node = new TestNode({ cgroups, ...more })
    await node.settle()
    return node
  }
  const told = async (node: TestNode, brief: boolean): Promise<unknown> => {
    const { systemContainers } = (await node.kubelet.stats.summary(brief)).node
    return systemContainers.map(({ name, memory }) => [name, memory?.usageBytes])
  }
  const all = await started(named)
  const [since] = (await all.kubelet.stats.summary(true)).node.systemContainers
  await all.clock.advance(60_000)
  for (const brief of [false, true]) {
    expect(await told(all, brief)).toEqual([
      ['kubelet', 3 * mebi],
      ['runtime', 5 * mebi],
      ['misc', 7 * mebi],
      ['pods', 0],
    ])
  }
  const [own] = (await all.kubelet.stats.summary(false)).node.systemContainers
  expect(own?.startTime).toBe(since?.startTime)
  await all.stop()
  const missing = await started({ kubelet: { runtimeCgroups: '/none' } })
  expect(await told(missing, false)).toEqual([
    ['kubelet', 3 * mebi],
    ['pods', 0],
  ])
  await missing.stop()
})

test('what containers waited for is told where the kernel tells of it', async () => {
  const node = nodeThatWorks({ pressure: { cpu: pressure(1_500_000), memory: pressure(2), io: pressure(3) } })
  await node.run('web', {})
  const reading = await node.kubelet.stats.reading(false)
  const [container] = reading.summary.pods[0]?.containers ?? []
  expect(container?.cpu?.psi).toEqual({ some: waiting(1_500_000), full: waiting(0) })
  expect(container?.memory?.psi?.some.total).toBe(2)
  expect(container?.io?.psi.some.total).toBe(3)
  // Of the pod as a whole the kernel tells nothing: the summary says so in numbers, metrics not at all.
  expect(reading.summary.pods[0]?.cpu?.psi).toEqual({
    some: { ...waiting(0), avg10: 0 },
    full: { ...waiting(0), avg10: 0 },
  })
  const text = containerMetrics({
    reading,
    machine: node.kubelet.node.machine,
    observation: (uid) => node.kubelet.parts.cache.get(uid),
    details: () => undefined,
    disks: [],
    diskUse: true,
    now: 0,
  })
  expect(text).toMatch(/\ncontainer_pressure_cpu_waiting_seconds_total\{container="app",.*\} 1\.5\n/)
  expect(text).toMatch(/\ncontainer_pressure_cpu_stalled_seconds_total\{container="app",.*\} 0\n/)
  expect(text).not.toContain('container_pressure_cpu_stalled_seconds_total{container="",')
  await node.stop()
})

test('what may be swapped is told of the node and of containers that have a limit of it', async () => {
  const node = nodeThatWorks({ swapBytes: 10, swapLimitBytes: 100 })
  await node.run('web', {})
  const reading = await node.kubelet.stats.reading(false)
  const [pod] = reading.summary.pods
  expect(reading.summary.node.swap).toMatchObject({ swapAvailableBytes: 0, swapUsageBytes: 0 })
  expect(pod?.swap).not.toHaveProperty('swapAvailableBytes')
  expect(pod?.containers[0]?.swap).toMatchObject({ swapAvailableBytes: 90, swapUsageBytes: 10 })
  const text = resourceMetrics(reading)
  expect(text).toMatch(/\ncontainer_swap_limit_bytes\{container="app",namespace="default",pod="web"\} 100 \d+\n/)
  await node.stop()
})

test('the network of a node without eth0 is told by its interfaces alone', async () => {
  const through = {
    rxBytes: 10,
    rxPackets: 1,
    rxErrors: 2,
    rxDropped: 3,
    txBytes: 20,
    txPackets: 4,
    txErrors: 5,
    txDropped: 6,
  }
  const told = { rxBytes: 10, rxErrors: 2, txBytes: 20, txErrors: 5 }
  const names = ['uplink']
  const node = new TestNode({
    measures: { interfaces: () => Promise.resolve(names.map((name) => ({ name, ...through }))) },
  })
  const network = async (): Promise<object | undefined> => (await node.kubelet.stats.summary(false)).node.network
  const time = expect.any(String) as string
  expect(await network()).toEqual({ time, name: '', interfaces: [{ name: 'uplink', ...told }] })
  names.push('eth0')
  await node.clock.advance(1000)
  const interfaces = [
    { name: 'uplink', ...told },
    { name: 'eth0', ...told },
  ]
  expect(await network()).toEqual({ time, name: 'eth0', ...told, interfaces })
  await node.stop()
})

test('what is asked for often is read once a second', async () => {
  const node = nodeThatWorks()
  const first = node.kubelet.stats.reading(true)
  expect(node.kubelet.stats.reading(true)).toBe(first)
  await first
  await node.clock.advance(1000)
  expect(node.kubelet.stats.reading(true)).not.toBe(first)
  await node.stop()
})

test('/metrics/resource has the names and times that autoscalers read', async () => {
  const node = nodeThatWorks()
  await node.run('web', {})
  const now = Math.floor(node.clock.now())
  const text = resourceMetrics(await node.kubelet.stats.reading(true))
  const labels = 'container="app",namespace="default",pod="web"'
  expect(text).toContain(
    '# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the container in core-seconds',
  )
  expect(text).toContain('# TYPE container_cpu_usage_seconds_total counter')
  expect(text).toContain(`container_memory_working_set_bytes{${labels}} 4.194304e+06 ${now}\n`)
  expect(text).toContain('# HELP node_swap_usage_bytes [ALPHA] Current swap usage of the node in bytes.')
  expect(text).toContain(`\nnode_swap_usage_bytes 0 ${now}\n`)
  expect(text).toMatch(new RegExp(`^node_cpu_usage_seconds_total 5\\.\\d+ ${now}$`, 'm'))
  expect(text).toContain(`pod_memory_working_set_bytes{namespace="default",pod="web"} 5.24288e+06 ${now}\n`)
  expect(text).toContain('resource_scrape_error 0\n')
  await node.stop()
})

test('/metrics/cadvisor tells what containers were given and had to do without, of quotas only where there is one', async () => {
  const cpu = { userNanos: 3e9, systemNanos: 1e9, periods: 40, throttledPeriods: 10, throttledNanos: 5e8 }
  const memory = {
    cacheBytes: 4096,
    mappedBytes: 8192,
    mostBytes: 5 * mebi,
    failures: 2,
    kernelBytes: 1024,
    kills: 1,
    activeFileBytes: 300,
    inactiveFileBytes: 400,
    reservedBytes: 500,
    swapLimitBytes: 600,
  }
  const io = [{ device: '/dev/vda', readBytes: 512, writtenBytes: 1024, reads: 1, writes: 2 }]
  const open = { descriptors: 9, sockets: 3, most: 1024 }
  const rest = { cpu, memory, io, processes: 2, threads: 7, mostThreads: 100, open }
  const read = { reads: 1, readsMerged: 2, sectorsRead: 3, readMs: 4000 }
  const written = { writes: 5, writesMerged: 6, sectorsWritten: 7, writeMs: 8000 }
  const diskIo = { ...read, ...written, underway: 9, busyMs: 10_000, weightedMs: 11_000 }
  const limits = { cpuShares: 256, cpuPeriodMicros: 100_000, cpuQuotaMicros: 0, memoryBytes: 0 }
  const asked: (number | undefined)[] = []
  const node: TestNode = new TestNode({
    cgroups: {
      details: async () => {
        const [container] = await node.runtime.listContainers()
        const own = { limits: { ...limits, cpuQuotaMicros: 25_000, memoryBytes: 32 * mebi }, ...rest }
        const whole = { limits, ...rest, open: { descriptors: 0, sockets: 0 } }
        return { whole, containers: new Map([[container?.id ?? '', own]]) }
      },
      usage: () => Promise.resolve({ whole: usage(0, 0), containers: new Map() }),
      processOf: () => Promise.resolve(17),
    },
    measures: {
      interfaces: (pid) => {
        asked.push(pid)
        const received = { rxBytes: 10, rxPackets: 1, rxErrors: 2, rxDropped: 3 }
        return Promise.resolve([{ name: 'eth0', ...received, txBytes: 20, txPackets: 4, txErrors: 5, txDropped: 6 }])
      },
    },
  })
  await node.run('web', {})
  const { stats, parts } = node.kubelet
  const details = await stats.details()
  const input = {
    reading: await stats.reading(false),
    machine: node.kubelet.node.machine,
    observation: (uid: string) => parts.cache.get(uid),
    details: (uid: string) => details.get(uid),
    disks: [{ device: '/dev/vda', space, io: diskIo }],
    now: 5_000_900,
  }
  const text = containerMetrics({ ...input, diskUse: true })
  const ofDiskUse = /^container_fs_(?:inodes_free|inodes_total|limit_bytes|usage_bytes){/gm
  expect(text.match(ofDiskUse)).toHaveLength(5)
  expect(containerMetrics({ ...input, diskUse: false })).not.toMatch(ofDiskUse)
  const values = (name: string): string[] =>
    [...text.matchAll(new RegExp(`^${name}{container="(.*?)".* (\\S+)$`, 'gm'))].map(
      ([, of, value]) => `${of}: ${Number(value)}`,
    )
  expect(values('container_cpu_user_seconds_total')).toEqual([': 3', 'app: 3'])
  expect(values('container_cpu_system_seconds_total')).toEqual([': 1', 'app: 1'])
  expect(values('container_cpu_cfs_periods_total')).toEqual(['app: 40'])
  expect(values('container_cpu_cfs_throttled_periods_total')).toEqual(['app: 10'])
  expect(values('container_cpu_cfs_throttled_seconds_total')).toEqual(['app: 0.5'])
  expect(values('container_memory_cache')).toEqual([': 4096', 'app: 4096'])
  expect(values('container_memory_max_usage_bytes')).toEqual([`: ${5 * mebi}`, `app: ${5 * mebi}`])
  expect(values('container_memory_failcnt')).toEqual([': 2', 'app: 2'])
  expect(values('container_spec_cpu_quota')).toEqual(['app: 25000'])
  expect(values('container_spec_cpu_shares')).toEqual([': 256', 'app: 256'])
  expect(values('container_spec_memory_limit_bytes')).toEqual([': 0', `app: ${32 * mebi}`])
  expect(values('container_memory_kernel_usage')).toEqual([': 1024', 'app: 1024'])
  expect(values('container_oom_events_total')).toEqual([': 1', 'app: 1'])
  expect(values('container_processes')).toEqual([': 2', 'app: 2'])
  expect(values('container_threads')).toEqual([': 7', 'app: 7'])
  expect(values('container_threads_max')).toEqual([': 100', 'app: 100'])
  expect(values('container_file_descriptors')).toEqual([': 0', 'app: 9'])
  expect(values('container_sockets')).toEqual([': 0', 'app: 3'])
  expect(text).toMatch(/^container_ulimits_soft{container="app",.*ulimit="max_open_files"} 1024$/m)
  expect(values('container_ulimits_soft')).toHaveLength(1)
  expect(values('container_spec_memory_reservation_limit_bytes')).toEqual([': 500', 'app: 500'])
  expect(values('container_spec_memory_swap_limit_bytes')).toEqual([': 600', 'app: 600'])
  expect(values('container_memory_total_active_file_bytes')).toEqual([': 300', 'app: 300'])
  expect(values('container_memory_total_inactive_file_bytes')).toEqual([': 400', 'app: 400'])
  expect(values('container_last_seen')).toEqual([': 5000', ': 5000', 'app: 5000'])
  expect(text).toMatch(
    /^container_memory_failures_total{container="",failure_type="pgmajfault",.*scope="hierarchy"} 3$/m,
  )
  expect(values('container_fs_reads_bytes_total')).toEqual([': 512', 'app: 512'])
  // Of the pod, of the container, and of the machine's disk.
  expect(values('container_fs_reads_total')).toEqual([': 1', 'app: 1', ': 1'])
  expect(text.match(/^# TYPE container_fs_reads_total /gm)).toHaveLength(1)
  const ofDisk = [...text.matchAll(/^container_fs_(\S+){container="",device="\/dev\/vda",id="\/",.*} (\S+)$/gm)]
  expect(ofDisk.map(([, name, value]) => `${name} ${Number(value)}`).sort()).toEqual([
    'inodes_free 20',
    'inodes_total 30',
    'io_current 9',
    'io_time_seconds_total 10',
    'io_time_weighted_seconds_total 11',
    'limit_bytes 90',
    'read_seconds_total 4',
    'reads_merged_total 2',
    'reads_total 1',
    'sector_reads_total 3',
    'sector_writes_total 7',
    'usage_bytes 40',
    'write_seconds_total 8',
    'writes_merged_total 6',
    'writes_total 5',
  ])
  expect(values('container_fs_writes_bytes_total')).toEqual([': 1024', 'app: 1024'])
  expect(text).toMatch(/^container_fs_writes_total{container="app",device="\/dev\/vda",.*} 2$/m)
  expect(
    [...text.matchAll(/^container_network_(\S+){.*interface="eth0".* (\d+)$/gm)].map(([, a, b]) => `${a} ${b}`),
  ).toEqual([
    'receive_bytes_total 10',
    'receive_errors_total 2',
    'receive_packets_dropped_total 3',
    'receive_packets_total 1',
    'transmit_bytes_total 20',
    'transmit_errors_total 5',
    'transmit_packets_dropped_total 6',
    'transmit_packets_total 4',
  ])
  // The machine's own are asked for without a process.
  expect(asked.filter((pid) => pid !== undefined)).toEqual([17])
  await node.stop()
})

test('expose() escapes what labels hold and leaves out families without samples', () => {
  const sample = { labels: { path: 'a"b\\c\nd' }, value: 1.5 }
  const family = { type: 'gauge', help: 'h' } as const
  expect(
    expose([
      { ...family, name: 'x', samples: [sample] },
      { ...family, name: 'y', samples: [] },
    ]),
  ).toBe('# HELP x h\n# TYPE x gauge\nx{path="a\\"b\\\\c\\nd"} 1.5\n')
  expect(expose([])).toBe('')
})
