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
  /** Network interfaces as a process sees them, this one when absent; without loopback. */
  interfaces(pid?: number): Promise<readonly InterfaceUsage[]>
  /** Processes and threads: how many there may be, and how many there are. */
  processes(): Promise<{ readonly most: number; readonly running: number }>
  /** Wall time at which the machine started, milliseconds. */
  bootTime(): Promise<number>
}
