import { lstat, readdir, readFile, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiskUsage, InterfaceUsage, Measures, Space } from '#kubelet'
import { mountedDisks } from './disks.ts'

/** Bytes of a block as `stat` counts them. */
const blockSize = 512
/** Entries of a folder that are looked at together. */
const together = 32

/** This machine's measures. */
export function createMeasures(): Measures {
  return {
    space,
    disks: () => mountedDisks(space),
    async device(path) {
      return (await stat(path)).dev
    },
    diskUsage,
    async interfaces(pid) {
      return interfacesIn(await readFile(`/proc/${pid ?? 'self'}/net/dev`, 'utf8'))
    },
    async processes() {
      const [pids, threads, load] = await Promise.all([
        readNumber('/proc/sys/kernel/pid_max'),
        readNumber('/proc/sys/kernel/threads-max'),
        readFile('/proc/loadavg', 'utf8'),
      ])
      return { most: Math.min(pids, threads), running: Number(/\/(\d+)/.exec(load)?.[1] ?? 0) }
    },
    async bootTime() {
      const text = await readFile('/proc/stat', 'utf8')
      return Number(/^btime (\d+)$/m.exec(text)?.[1] ?? 0) * 1000
    },
  }
}

async function space(path: string): Promise<Space> {
  const { blocks, bavail, bfree, bsize, files, ffree } = await statfs(path)
  return {
    capacityBytes: blocks * bsize,
    availableBytes: bavail * bsize,
    usedBytes: (blocks - bfree) * bsize,
    inodes: files,
    inodesFree: ffree,
    inodesUsed: files - ffree,
  }
}

const readNumber = async (path: string): Promise<number> => Number(await readFile(path, 'utf8'))

/** Reads /proc/net/dev. */
export function interfacesIn(text: string): InterfaceUsage[] {
  const found: InterfaceUsage[] = []
  for (const line of text.split('\n').slice(2)) {
    const [name = '', numbers = ''] = line.split(':')
    const values = numbers.trim().split(/\s+/).map(Number)
    const [rxBytes = 0, rxPackets = 0, rxErrors = 0, rxDropped = 0] = values
    const [txBytes = 0, txPackets = 0, txErrors = 0, txDropped = 0] = values.slice(8)
    if (values.length < 16 || name.trim() === 'lo') continue
    const received = { rxBytes, rxPackets, rxErrors, rxDropped }
    found.push({ name: name.trim(), ...received, txBytes, txPackets, txErrors, txDropped })
  }
  return found
}

/** Files with several names are counted once. */
export async function diskUsage(path: string): Promise<DiskUsage> {
  let usedBytes = 0
  let inodesUsed = 0
  const seen = new Set<number>()
  const visit = async (at: string, device: number | undefined): Promise<void> => {
    const found = await lstat(at).catch(() => undefined)
    if (!found || (device !== undefined && found.dev !== device)) return
    if (found.nlink > 1 && !found.isDirectory()) {
      if (seen.has(found.ino)) return
      seen.add(found.ino)
    }
    usedBytes += found.blocks * blockSize
    inodesUsed++
    if (!found.isDirectory()) return
    const names = await readdir(at).catch(() => [])
    for (let start = 0; start < names.length; start += together) {
      await Promise.all(names.slice(start, start + together).map((name) => visit(join(at, name), found.dev)))
    }
  }
  await visit(path, undefined)
  return { usedBytes, inodesUsed }
}
