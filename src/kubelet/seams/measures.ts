/** A file system. */
export interface Space {
  readonly capacityBytes: number
  /** What pods may still use. */
  readonly availableBytes: number
  readonly usedBytes: number
  readonly inodes: number
  readonly inodesFree: number
  readonly inodesUsed: number
}

/** What files take. */
export interface DiskUsage {
  readonly usedBytes: number
  readonly inodesUsed: number
}

/** A file system of a block device, and what has gone through that. */
export interface MountedDisk {
  /** `/dev/vda`. */
  readonly device: string
  readonly space: Space
  /** Since the machine started; absent where the kernel does not count it. */
  readonly io?: DiskIo
}

export interface DiskIo {
  readonly reads: number
  readonly readsMerged: number
  readonly sectorsRead: number
  readonly readMs: number
  readonly writes: number
  readonly writesMerged: number
  readonly sectorsWritten: number
  readonly writeMs: number
  /** Operations that are underway. */
  readonly underway: number
  readonly busyMs: number
  readonly weightedMs: number
}

export interface InterfaceUsage {
  readonly name: string
  readonly rxBytes: number
  readonly rxPackets: number
  readonly rxErrors: number
  readonly rxDropped: number
  readonly txBytes: number
  readonly txPackets: number
  readonly txErrors: number
  readonly txDropped: number
}

/** What is left of the machine, and what is used of it. Methods reject with the host's error. */
export interface Measures {
  /** The file system that a path lies on. */
  space(path: string): Promise<Space>
  /** Number of the device that a path lies on: paths of one number share a file system. */
  device(path: string): Promise<number>
  /** Of everything at and below a path, without other file systems mounted there; nothing where there is no such path. */
  diskUsage(path: string): Promise<DiskUsage>
  /** Mounted block devices, each once. */
  disks(): Promise<readonly MountedDisk[]>
  /** Network interfaces as a process sees them, this one when absent; without loopback. */
  interfaces(pid?: number): Promise<readonly InterfaceUsage[]>
  /** Processes and threads: how many there may be, and how many there are. */
  processes(): Promise<{ readonly most: number; readonly running: number }>
  /** Wall time at which the machine started, milliseconds. */
  bootTime(): Promise<number>
}
