import { existsSync } from 'node:fs'
import { readdir, readFile, statfs } from 'node:fs/promises'
import { cpus, networkInterfaces, release, uptime } from 'node:os'
import { join } from 'node:path'
import type { Machine, NodeFacts } from '#kubelet'
import { mountedHierarchies, versionOf } from '../cgroups/hierarchies.ts'
import { readLayout } from './layout.ts'
import { binarySize } from './sizes.ts'
import { hostArchitecture } from '../images/sandbox-image.ts'

export interface FactsOptions {
  /** Folder on the file system that pods write to. */
  readonly root: string
  /** Addresses that the node is told to use; found by itself when there are none. */
  readonly nodeIPs: readonly string[]
}

const text = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim()

/** The machine that this process runs on. */
export function createNodeFacts(options: FactsOptions): NodeFacts {
  return {
    machine: () => readMachine(options.root),
    layout: () => readLayout('/sys/devices/system'),
    addresses: async () => (options.nodeIPs.length > 0 ? options.nodeIPs : await ownAddresses()),
  }
}

async function readMachine(root: string): Promise<Machine> {
  const cgroupVersion = versionOf(mountedHierarchies())
  const [memory, storage, pages, release_, machineId, systemUuid, bootId] = await Promise.all([
    text('/proc/meminfo'),
    statfs(root),
    hugePages(),
    text('/etc/os-release'),
    text('/etc/machine-id'),
    text('/sys/class/dmi/id/product_uuid'),
    text('/proc/sys/kernel/random/boot_id'),
  ])
  return {
    machineId,
    systemUuid: systemUuid === '' ? machineId : systemUuid.toLowerCase(),
    bootId,
    bootedAt: Date.now() - uptime() * 1000,
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release_)?.[1] ?? 'Linux',
    operatingSystem: 'linux',
    architecture: hostArchitecture(),
    cpus: cpus().length,
    memoryBytes: kibibytes(memory, 'MemTotal'),
    swapBytes: kibibytes(memory, 'SwapTotal'),
    ephemeralStorageBytes: storage.blocks * storage.bsize,
    hugePages: Object.fromEntries(pages.map(({ kib, total }) => [binarySize(kib), `${kib * total}Ki`])),
    hugePageSizes: pages.map(({ kib }) => `${binarySize(kib).replace('i', '')}B`),
    limitsSwap: existsSync(await swapLimitFile(cgroupVersion)),
    appArmor: await usesAppArmor(),
    cgroupVersion,
  }
}

async function usesAppArmor(): Promise<boolean> {
  const enabled = existsSync('/sys/kernel/security/apparmor')
    ? await text('/sys/module/apparmor/parameters/enabled')
    : ''
  return enabled.startsWith('Y')
}

/** A file that is there where the kernel can limit swap; the root of version 2 has none. */
async function swapLimitFile(version: 1 | 2): Promise<string> {
  if (version === 1) return '/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes'
  const own = /^0::(.*)$/m.exec(await text('/proc/self/cgroup'))?.[1] ?? ''
  return join('/sys/fs/cgroup', own, 'memory.swap.max')
}

function kibibytes(memory: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(memory)?.[1] ?? 0) * 1024
}

async function hugePages(): Promise<{ readonly kib: number; readonly total: number }[]> {
  const folder = '/sys/kernel/mm/hugepages'
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names.map(async (name) => ({
      kib: Number(/^hugepages-(\d+)kB$/.exec(name)?.[1] ?? 0),
      total: Number(await text(`${folder}/${name}/nr_hugepages`)),
    })),
  )
}

/**
 * The first address of the interface that leads out; any other that is not loopback where none does. IPv6 is what machines
 * have that have nothing else.
 */
async function ownAddresses(): Promise<string[]> {
  const interfaces = Object.entries(networkInterfaces())
  for (const wanted of ['IPv4', 'IPv6'] as const) {
    const outward = await outwardDevice(wanted)
    const ordered = [...interfaces.filter(([name]) => name === outward), ...interfaces]
    for (const [, addresses = []] of ordered) {
      const found = addresses.find(({ family, internal, scopeid }) => family === wanted && !internal && !scopeid)
      if (found) return [found.address]
    }
  }
  throw new Error('find the address of the node: it has no network interface besides loopback')
}

/** The interface of the default route. */
async function outwardDevice(family: 'IPv4' | 'IPv6'): Promise<string | undefined> {
  const lines = (await text(family === 'IPv4' ? '/proc/net/route' : '/proc/net/ipv6_route')).split('\n')
  if (family === 'IPv4') return lines.map((line) => line.split('\t')).find(([, to]) => to === '00000000')?.[0]
  const routes = lines.map((line) => line.trim().split(/\s+/))
  return routes
    .find(([to, prefix, ...rest]) => to === '0'.repeat(32) && prefix === '00' && rest.at(-1) !== 'lo')
    ?.at(-1)
}
