import type { Pressure } from '../seams/usage.ts'

/** The records of `/stats/summary`, in the field names of stats/v1alpha1. Times are RFC 3339. */

export interface CpuStats {
  readonly time: string
  readonly usageNanoCores?: number
  readonly usageCoreNanoSeconds: number
  readonly psi?: Pressure
}

export interface MemoryStats {
  readonly time: string
  readonly availableBytes?: number
  readonly usageBytes: number
  readonly workingSetBytes: number
  readonly rssBytes: number
  readonly pageFaults: number
  readonly majorPageFaults: number
  readonly psi?: Pressure
}

export interface IoStats {
  readonly time: string
  readonly psi: Pressure
}

export interface FsStats {
  readonly time: string
  readonly availableBytes?: number
  readonly capacityBytes?: number
  readonly usedBytes?: number
  readonly inodesFree?: number
  readonly inodes?: number
  readonly inodesUsed?: number
}

export interface VolumeStatsSummary extends FsStats {
  readonly name: string
  readonly pvcRef?: { readonly name: string; readonly namespace: string }
}

export interface SwapStats {
  readonly time: string
  readonly swapAvailableBytes?: number
  readonly swapUsageBytes: number
}

interface InterfaceStats {
  readonly name: string
  readonly rxBytes?: number
  readonly rxErrors?: number
  readonly txBytes?: number
  readonly txErrors?: number
}

export interface NetworkStats extends InterfaceStats {
  readonly time: string
  readonly interfaces: readonly InterfaceStats[]
}

export interface ContainerStatsSummary {
  readonly name: string
  readonly startTime: string
  readonly cpu?: CpuStats
  readonly memory?: MemoryStats
  readonly io?: IoStats
  readonly rootfs?: FsStats
  readonly logs?: FsStats
  readonly swap?: SwapStats
}

export interface PodStatsSummary {
  readonly podRef: { readonly name: string; readonly namespace: string; readonly uid: string }
  readonly startTime: string
  readonly containers: readonly ContainerStatsSummary[]
  readonly cpu?: CpuStats
  readonly memory?: MemoryStats
  readonly io?: IoStats
  readonly network?: NetworkStats
  readonly volume?: readonly VolumeStatsSummary[]
  readonly 'ephemeral-storage'?: FsStats
  readonly process_stats?: { readonly process_count: number }
  readonly swap?: SwapStats
}

export interface NodeStatsSummary {
  readonly nodeName: string
  readonly systemContainers: readonly ContainerStatsSummary[]
  readonly startTime: string
  readonly cpu: CpuStats
  readonly memory: MemoryStats
  readonly io?: IoStats
  readonly network?: NetworkStats
  readonly fs: FsStats
  readonly runtime?: { readonly imageFs: FsStats; readonly containerFs: FsStats }
  readonly rlimit: { readonly time: string; readonly maxpid: number; readonly curproc: number }
  readonly swap?: SwapStats
}

export interface StatsSummary {
  readonly node: NodeStatsSummary
  readonly pods: readonly PodStatsSummary[]
}
