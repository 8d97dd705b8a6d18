import { join } from 'node:path'
import type { CgroupDetails } from '#kubelet'
import { v1Io, v2Io } from './io.ts'
import { openFiles } from './open-files.ts'
import { readNumber, readTable, readText, unlimitedV1, v1Limits, v2Limits, type Roots } from './usage.ts'

const none = (): number => 0
const empty = (): ReadonlyMap<string, number> => new Map()

/** What a v1 cgroup was given and had to do without. @throws Error when there is none. */
export async function v1Details(roots: Roots, path: string): Promise<CgroupDetails> {
  const at = (controller: string, file: string): string => join(roots(controller) ?? '', path, file)
  const [limits, memory, most, failures, cpu, user, system, kernel, oom, io, threads, pids] = await Promise.all([
    v1Limits(roots, path),
    readTable(at('memory', 'memory.stat')),
    readNumber(at('memory', 'memory.max_usage_in_bytes')),
    readNumber(at('memory', 'memory.failcnt')),
    readTable(at('cpu', 'cpu.stat')),
    readNumber(at('cpuacct', 'cpuacct.usage_user')).catch(none),
    readNumber(at('cpuacct', 'cpuacct.usage_sys')).catch(none),
    readNumber(at('memory', 'memory.kmem.usage_in_bytes')).catch(none),
    readTable(at('memory', 'memory.oom_control')).catch(empty),
    v1Io(join(roots('blkio') ?? '', path)),
    readNumber(at('pids', 'pids.current')).catch(none),
    pidsIn(at('memory', 'cgroup.procs')),
  ])
  const limitIn = async (file: string): Promise<number> => {
    const limit = await readNumber(at('memory', file)).catch(none)
    return limit < unlimitedV1 ? limit : 0
  }
  const [reservedBytes, swapLimitBytes, mostThreads, open] = await Promise.all([
    limitIn('memory.soft_limit_in_bytes'),
    limitIn('memory.memsw.limit_in_bytes'),
    limitOf(at('pids', 'pids.max')),
    openFiles(pids),
  ])
  const of = (name: string): number => memory.get(`total_${name}`) ?? memory.get(name) ?? 0
  return {
    limits,
    cpu: { userNanos: user, systemNanos: system, ...throttling(cpu, cpu.get('throttled_time') ?? 0) },
    memory: {
      cacheBytes: of('cache'),
      mappedBytes: of('mapped_file'),
      mostBytes: most,
      failures,
      kernelBytes: kernel,
      kills: oom.get('oom_kill') ?? 0,
      activeFileBytes: of('active_file'),
      inactiveFileBytes: of('inactive_file'),
      reservedBytes,
      swapLimitBytes,
    },
    io,
    processes: pids.length,
    threads,
    mostThreads,
    open,
  }
}

/** The same of a v2 cgroup. */
export async function v2Details(path: string): Promise<CgroupDetails> {
  const [limits, memory, most, events, cpu, io, threads, pids] = await Promise.all([
    v2Limits(path),
    readTable(join(path, 'memory.stat')),
    // Kernels before 5.19 do not keep it.
    readNumber(join(path, 'memory.peak')).catch(none),
    readTable(join(path, 'memory.events')).catch(empty),
    readTable(join(path, 'cpu.stat')),
    v2Io(path),
    readNumber(join(path, 'pids.current')).catch(none),
    pidsIn(join(path, 'cgroup.procs')),
  ])
  const [reservedBytes, swapLimitBytes, mostThreads, open] = await Promise.all([
    limitOf(join(path, 'memory.min')),
    limitOf(join(path, 'memory.swap.max')),
    limitOf(join(path, 'pids.max')),
    openFiles(pids),
  ])
  const nanos = (name: string): number => (cpu.get(name) ?? 0) * 1000
  return {
    limits,
    cpu: {
      userNanos: nanos('user_usec'),
      systemNanos: nanos('system_usec'),
      ...throttling(cpu, nanos('throttled_usec')),
    },
    memory: {
      cacheBytes: memory.get('file') ?? 0,
      mappedBytes: memory.get('file_mapped') ?? 0,
      mostBytes: most,
      failures: events.get('max') ?? 0,
      kernelBytes: memory.get('kernel') ?? 0,
      kills: events.get('oom_kill') ?? 0,
      activeFileBytes: memory.get('active_file') ?? 0,
      inactiveFileBytes: memory.get('inactive_file') ?? 0,
      reservedBytes,
      swapLimitBytes,
    },
    io,
    processes: pids.length,
    threads,
    mostThreads,
    open,
  }
}

async function pidsIn(path: string): Promise<number[]> {
  const text = await readText(path).catch(() => '')
  return text.split('\n').slice(0, -1).map(Number)
}

/** 0 for no limit, and where the kernel keeps none. */
async function limitOf(path: string): Promise<number> {
  const text = await readText(path).catch(() => 'max')
  return text.trim() === 'max' ? 0 : Number(text)
}

const throttling = (
  stat: ReadonlyMap<string, number>,
  throttledNanos: number,
): Pick<CgroupDetails['cpu'], 'periods' | 'throttledPeriods' | 'throttledNanos'> => ({
  periods: stat.get('nr_periods') ?? 0,
  throttledPeriods: stat.get('nr_throttled') ?? 0,
  throttledNanos,
})
