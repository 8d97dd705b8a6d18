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
  readonly processes: number
}

/** Usage of a pod as a whole, and of its containers by their id. */
export interface PodCgroupUsage {
  readonly whole: CgroupUsage
  readonly containers: ReadonlyMap<string, CgroupUsage>
}
