import type { CgroupLimits } from './cgroups.ts'

/** How long tasks waited for something. */
export interface Waiting {
  /** Microseconds since the cgroup began. */
  readonly total: number
  /** Percent of the last 10, 60 and 300 seconds. */
  readonly avg10: number
  readonly avg60: number
  readonly avg300: number
}

/** The kernel's pressure stall information (KEP-4205): while some tasks waited, and while all did. */
export interface Pressure {
  readonly full: Waiting
  readonly some: Waiting
}

/** What a cgroup has used and uses. */
export interface CgroupUsage {
  readonly cpuNanos: number
  readonly memory: {
    readonly usageBytes: number
    /** Without file pages that the kernel can drop at once. */
    readonly workingSetBytes: number
    readonly rssBytes: number
    readonly pageFaults: number
    readonly majorPageFaults: number
    /** Absent where there is none. */
    readonly limitBytes?: number
  }
  readonly swapBytes: number
  /** Absent where there is none. */
  readonly swapLimitBytes?: number
  readonly processes: number
  /** What its tasks waited for; absent where the kernel does not tell, as with cgroups v1. */
  readonly pressure?: { readonly cpu: Pressure; readonly memory: Pressure; readonly io: Pressure }
}

/** Usage of a pod as a whole, and of its containers by their id. */
export interface PodCgroupUsage {
  readonly whole: CgroupUsage
  readonly containers: ReadonlyMap<string, CgroupUsage>
}

/** What a cgroup was given, and what it had to do without. */
export interface CgroupDetails {
  readonly limits: CgroupLimits
  readonly cpu: {
    readonly userNanos: number
    readonly systemNanos: number
    /** Periods of the quota that have passed, and those of them in which it was used up. */
    readonly periods: number
    readonly throttledPeriods: number
    readonly throttledNanos: number
  }
  readonly memory: {
    readonly cacheBytes: number
    readonly mappedBytes: number
    /** The most that was ever used at a time; 0 where the kernel keeps no account of it. */
    readonly mostBytes: number
    /** How often the limit was met. */
    readonly failures: number
    /** What the kernel keeps for it; 0 where it keeps no account of that. */
    readonly kernelBytes: number
    /** Processes that were killed because memory ran out. */
    readonly kills: number
    /** Pages of files that were used lately, and those that were not. */
    readonly activeFileBytes: number
    readonly inactiveFileBytes: number
    /** What is kept for it, and how much may be swapped; 0 where nothing is said. */
    readonly reservedBytes: number
    readonly swapLimitBytes: number
  }
  readonly io: readonly DeviceIo[]
  readonly processes: number
  readonly threads: number
  /** 0 for no limit. */
  readonly mostThreads: number
  readonly open: OpenFiles
}

/** What the processes of a cgroup have open. */
export interface OpenFiles {
  readonly descriptors: number
  readonly sockets: number
  /** Descriptors that the first process may have, -1 for no limit; absent where there is no process. */
  readonly most?: number
}

/** What was read from a block device and written to it. */
export interface DeviceIo {
  /** `/dev/vda`. */
  readonly device: string
  readonly readBytes: number
  readonly writtenBytes: number
  readonly reads: number
  readonly writes: number
}

/** The same of a pod as a whole, and of its containers by their id. */
export interface PodCgroupDetails {
  readonly whole: CgroupDetails
  readonly containers: ReadonlyMap<string, CgroupDetails>
}
