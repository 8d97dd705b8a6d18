import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CgroupLimits, CgroupUsage } from '#kubelet'
import { readPressure } from './pressure.ts'

/** Mount point of a v1 controller. */
export type Roots = (controller: string) => string | undefined

/** A v1 limit that is none: the largest number of whole pages. */
export const unlimitedV1: number = 2 ** 62

export const isMissing = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENODEV'
}

/** The container whose cgroup has this name: `ID`, or `cri-containerd-ID.scope`. */
export function containerIdIn(name: string): string | undefined {
  return /([0-9a-f]{64})(?:\.scope)?$/.exec(name)?.[1]
}

export const readText = (path: string): Promise<string> => readFile(path, 'utf8')
export const readNumber = async (path: string): Promise<number> => Number(await readText(path))

/** Lines of `name value`. */
export async function readTable(path: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await readText(path)).split('\n')
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    }),
  )
}

export async function v1Usage(roots: Roots, path: string): Promise<CgroupUsage> {
  const at = (controller: string, file: string): string => join(roots(controller) ?? '', path, file)
  const [usageBytes, stat, limit, withSwap, cpuNanos, processes] = await Promise.all([
    readNumber(at('memory', 'memory.usage_in_bytes')),
    readTable(at('memory', 'memory.stat')),
    readNumber(at('memory', 'memory.limit_in_bytes')),
    // Not there where the kernel does not account for swap.
    readNumber(at('memory', 'memory.memsw.limit_in_bytes')).catch(() => 0),
    readNumber(at('cpuacct', 'cpuacct.usage')).catch(() => 0),
    readNumber(at('pids', 'pids.current')).catch(() => 0),
  ])
  const of = (name: string): number => stat.get(`total_${name}`) ?? stat.get(name) ?? 0
  return {
    cpuNanos,
    memory: {
      usageBytes,
      workingSetBytes: Math.max(0, usageBytes - of('inactive_file')),
      rssBytes: of('rss'),
      // Of these alone its own count, without those below.
      pageFaults: stat.get('pgfault') ?? 0,
      majorPageFaults: stat.get('pgmajfault') ?? 0,
      ...(limit < unlimitedV1 ? { limitBytes: limit } : {}),
    },
    swapBytes: of('swap'),
    ...(withSwap < unlimitedV1 ? { swapLimitBytes: withSwap } : {}),
    processes,
  }
}

export async function v2Usage(path: string): Promise<CgroupUsage> {
  const [usageBytes, stat, limit, cpu, processes, swap, swapLimit, pressure] = await Promise.all([
    readNumber(join(path, 'memory.current')),
    readTable(join(path, 'memory.stat')),
    readText(join(path, 'memory.max')),
    readTable(join(path, 'cpu.stat')),
    readNumber(join(path, 'pids.current')).catch(() => 0),
    readNumber(join(path, 'memory.swap.current')).catch(() => 0),
    readText(join(path, 'memory.swap.max')).catch(() => '0'),
    readPressure((resource) => join(path, `${resource}.pressure`)),
  ])
  return {
    cpuNanos: (cpu.get('usage_usec') ?? 0) * 1000,
    memory: {
      usageBytes,
      workingSetBytes: Math.max(0, usageBytes - (stat.get('inactive_file') ?? 0)),
      rssBytes: stat.get('anon') ?? 0,
      pageFaults: stat.get('pgfault') ?? 0,
      majorPageFaults: stat.get('pgmajfault') ?? 0,
      ...(limit.trim() === 'max' ? {} : { limitBytes: Number(limit) }),
    },
    swapBytes: swap,
    ...(swapLimit.trim() === 'max' ? {} : { swapLimitBytes: Number(swapLimit) }),
    processes,
    ...pressure,
  }
}

/** The machine as a whole: memory from the kernel's overview. */
export async function v2MachineUsage(root: string): Promise<CgroupUsage> {
  const [stat, cpu, overview, pressure] = await Promise.all([
    readTable(join(root, 'memory.stat')).catch(() => new Map<string, number>()),
    readTable(join(root, 'cpu.stat')),
    readText('/proc/meminfo'),
    readPressure((resource) => `/proc/pressure/${resource}`),
  ])
  const kibi = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(overview)?.[1] ?? 0) * 1024
  const usageBytes = kibi('MemTotal') - kibi('MemFree')
  return {
    cpuNanos: (cpu.get('usage_usec') ?? 0) * 1000,
    memory: {
      usageBytes,
      workingSetBytes: Math.max(0, usageBytes - (stat.get('inactive_file') ?? kibi('Inactive\\(file\\)'))),
      rssBytes: stat.get('anon') ?? kibi('AnonPages'),
      pageFaults: stat.get('pgfault') ?? 0,
      majorPageFaults: stat.get('pgmajfault') ?? 0,
    },
    swapBytes: kibi('SwapTotal') - kibi('SwapFree'),
    processes: 0,
    ...pressure,
  }
}

export async function v1Limits(roots: Roots, path: string): Promise<CgroupLimits> {
  const at = (controller: string, file: string): string => join(roots(controller) ?? '', path, file)
  const [cpuShares, quota, cpuPeriodMicros, memory] = await Promise.all([
    readNumber(at('cpu', 'cpu.shares')),
    readNumber(at('cpu', 'cpu.cfs_quota_us')),
    readNumber(at('cpu', 'cpu.cfs_period_us')),
    readNumber(at('memory', 'memory.limit_in_bytes')),
  ])
  return {
    cpuShares,
    cpuQuotaMicros: Math.max(0, quota),
    cpuPeriodMicros,
    memoryBytes: memory < unlimitedV1 ? memory : 0,
  }
}

export async function v2Limits(path: string): Promise<CgroupLimits> {
  const [weight, cpu, memory] = await Promise.all([
    readNumber(join(path, 'cpu.weight')),
    readText(join(path, 'cpu.max')),
    readText(join(path, 'memory.max')),
  ])
  const [quota = 'max', period = '100000'] = cpu.trim().split(' ')
  return {
    // The runtimes' curve from shares to weight, backwards.
    cpuShares: Math.ceil(2 + ((weight - 1) * 262_142) / 9999),
    cpuQuotaMicros: quota === 'max' ? 0 : Number(quota),
    cpuPeriodMicros: Number(period),
    memoryBytes: memory.trim() === 'max' ? 0 : Number(memory),
  }
}
