import { sharesToWeight, type CgroupLimits } from '#kubelet'

/** A value to write: controller (v1), file and text. */
export interface Setting {
  readonly controller: string
  readonly file: string
  readonly value: string
}

const hugePageFile = (pageSize: string, file: string): string => `hugetlb.${pageSize}.${file}`

/** Limits as the files of cgroups v1. */
export function v1Settings(limits: CgroupLimits): Setting[] {
  const { cpuShares, cpuQuotaMicros, cpuPeriodMicros, memoryBytes, pids, hugePages = [] } = limits
  const settings: Setting[] = []
  const set = (controller: string, file: string, value: number | undefined): void => {
    if (value !== undefined) settings.push({ controller, file, value: String(value) })
  }
  set('cpu', 'cpu.shares', cpuShares)
  set('cpu', 'cpu.cfs_period_us', cpuPeriodMicros)
  set('cpu', 'cpu.cfs_quota_us', cpuQuotaMicros === 0 ? -1 : cpuQuotaMicros)
  set('memory', 'memory.limit_in_bytes', memoryBytes === 0 ? -1 : memoryBytes)
  set('pids', 'pids.max', pids)
  for (const { pageSize, bytes } of hugePages) set('hugetlb', hugePageFile(pageSize, 'limit_in_bytes'), bytes)
  return settings
}

/** Limits as the files of cgroups v2. */
export function v2Settings(limits: CgroupLimits): Setting[] {
  const { cpuShares, cpuQuotaMicros, cpuPeriodMicros, memoryBytes, pids, hugePages = [] } = limits
  const settings: Setting[] = []
  const set = (controller: string, file: string, value: string | undefined): void => {
    if (value !== undefined) settings.push({ controller, file, value })
  }
  set('cpu', 'cpu.weight', cpuShares === undefined ? undefined : String(sharesToWeight(cpuShares)))
  if (cpuQuotaMicros !== undefined) {
    const quota = cpuQuotaMicros <= 0 ? 'max' : String(cpuQuotaMicros)
    set('cpu', 'cpu.max', `${quota} ${cpuPeriodMicros ?? 100_000}`)
  }
  set('memory', 'memory.max', memoryBytes === undefined ? undefined : memoryBytes === 0 ? 'max' : String(memoryBytes))
  set('pids', 'pids.max', pids === undefined ? undefined : String(pids))
  for (const { pageSize, bytes } of hugePages) set('hugetlb', hugePageFile(pageSize, 'max'), String(bytes))
  return settings
}
