import { readFile, realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import type { DiskIo, MountedDisk, Space } from '#kubelet'

/** Block devices that are mounted somewhere here. @param spaceOf measures the file system of a path. */
export async function mountedDisks(spaceOf: (path: string) => Promise<Space>): Promise<MountedDisk[]> {
  const [mounts, counts] = await Promise.all([
    readFile('/proc/self/mounts', 'utf8'),
    readFile('/proc/diskstats', 'utf8'),
  ])
  const counted = diskIoIn(counts)
  const found = [...devicesIn(mounts)].map(async ([device, mountPoint]): Promise<MountedDisk[]> => {
    try {
      const io = counted.get(basename(await realpath(device).catch(() => device)))
      return [{ device, space: await spaceOf(mountPoint), ...(io && { io }) }]
    } catch {
      // Unmounted meanwhile.
      return []
    }
  })
  return (await Promise.all(found)).flat()
}

/** Mount points by device, the first of each, from the text of /proc/self/mounts. */
export function devicesIn(mounts: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of mounts.split('\n')) {
    const [device = '', mountPoint = ''] = line.split(' ').map(unescaped)
    if (device.startsWith('/dev/') && !found.has(device)) found.set(device, mountPoint)
  }
  return found
}

/** The kernel writes spaces and the like as octal numbers. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)))

/** By name of the device, from the text of /proc/diskstats. */
export function diskIoIn(text: string): ReadonlyMap<string, DiskIo> {
  const found = new Map<string, DiskIo>()
  for (const line of text.split('\n')) {
    const [, , name, ...words] = line.trim().split(/\s+/)
    if (name === undefined || words.length < 11) continue
    const [reads = 0, readsMerged = 0, sectorsRead = 0, readMs = 0, ...others] = words.map(Number)
    const [writes = 0, writesMerged = 0, sectorsWritten = 0, writeMs = 0, underway = 0, busyMs = 0, weightedMs = 0] =
      others
    const read = { reads, readsMerged, sectorsRead, readMs }
    found.set(name, { ...read, writes, writesMerged, sectorsWritten, writeMs, underway, busyMs, weightedMs })
  }
  return found
}
