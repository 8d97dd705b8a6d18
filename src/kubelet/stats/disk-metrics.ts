import type { DiskIo, MountedDisk } from '../seams/measures.ts'
import type { Family, Labels } from './exposition.ts'

type Value = (disk: MountedDisk) => number | undefined

const ofIo =
  (value: (io: DiskIo) => number): Value =>
  ({ io }) =>
    io && value(io)

const metrics: readonly (readonly [name: string, type: Family['type'], help: string, value: Value])[] = [
  ['inodes_free', 'gauge', 'Number of available Inodes', ({ space }) => space.inodesFree],
  ['inodes_total', 'gauge', 'Number of Inodes', ({ space }) => space.inodes],
  ['io_current', 'gauge', 'Number of I/Os currently in progress', ofIo(({ underway }) => underway)],
  [
    'io_time_seconds_total',
    'counter',
    'Cumulative count of seconds spent doing I/Os',
    ofIo(({ busyMs }) => busyMs / 1000),
  ],
  [
    'io_time_weighted_seconds_total',
    'counter',
    'Cumulative weighted I/O time in seconds',
    ofIo(({ weightedMs }) => weightedMs / 1000),
  ],
  [
    'limit_bytes',
    'gauge',
    'Number of bytes that can be consumed by the container on this filesystem.',
    ({ space }) => space.capacityBytes,
  ],
  ['read_seconds_total', 'counter', 'Cumulative count of seconds spent reading', ofIo(({ readMs }) => readMs / 1000)],
  ['reads_merged_total', 'counter', 'Cumulative count of reads merged', ofIo(({ readsMerged }) => readsMerged)],
  ['reads_total', 'counter', 'Cumulative count of reads completed', ofIo(({ reads }) => reads)],
  [
    'sector_reads_total',
    'counter',
    'Cumulative count of sector reads completed',
    ofIo(({ sectorsRead }) => sectorsRead),
  ],
  [
    'sector_writes_total',
    'counter',
    'Cumulative count of sector writes completed',
    ofIo(({ sectorsWritten }) => sectorsWritten),
  ],
  [
    'usage_bytes',
    'gauge',
    'Number of bytes that are consumed by the container on this filesystem.',
    ({ space }) => space.usedBytes,
  ],
  [
    'write_seconds_total',
    'counter',
    'Cumulative count of seconds spent writing',
    ofIo(({ writeMs }) => writeMs / 1000),
  ],
  ['writes_merged_total', 'counter', 'Cumulative count of writes merged', ofIo(({ writesMerged }) => writesMerged)],
  ['writes_total', 'counter', 'Cumulative count of writes completed', ofIo(({ writes }) => writes)],
]

/** File systems of the machine, under the names that dashboards know. */
export function diskFamilies(labels: Labels, disks: readonly MountedDisk[]): Family[] {
  return metrics.map(([name, type, help, of]) => ({
    name: `container_fs_${name}`,
    type,
    help,
    samples: disks.flatMap((disk) => {
      const value = of(disk)
      return value === undefined ? [] : [{ labels: { ...labels, device: disk.device }, value }]
    }),
  }))
}
