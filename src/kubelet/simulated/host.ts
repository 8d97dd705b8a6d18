import { aborted } from '#base'
import type { Checkpoints } from '../seams/checkpoints.ts'
import type { CgroupLimits, PodCgroups } from '../seams/cgroups.ts'
import type { DevicePlugins } from '../seams/device-plugins.ts'
import type { DraPlugins } from '../seams/dra-plugins.ts'
import type { KernelLog } from '../seams/kernel-log.ts'
import type { Manifests } from '../seams/manifests.ts'
import type { Measures } from '../seams/measures.ts'
import type { Layout, Machine, NodeFacts } from '../seams/node-facts.ts'
import type { NodeHost } from '../seams/node-host.ts'
import type { PodFiles } from '../seams/pod-files.ts'
import type { ShutdownNotices } from '../seams/shutdown.ts'
import type { CgroupUsage } from '../seams/usage.ts'
import type { VolumeFiles } from '../seams/volume-files.ts'

export interface SimulatedHostOptions {
  readonly nodeName: string
  readonly addresses: readonly string[]
  /** 32 when absent. */
  readonly cpus?: number
  /** 256 GiB when absent. */
  readonly memoryBytes?: number
}

/** A node without files, cgroups or network: everything is granted and nothing is kept. */
export function simulatedHost(options: SimulatedHostOptions): NodeHost {
  return {
    files,
    cgroups: createCgroups(),
    network: {
      http: () => Promise.resolve({ status: 200, body: '' }),
      tcp: nothing,
      grpc: () => Promise.resolve('SERVING'),
    },
    facts: factsOf(options),
    volumes: createVolumeFiles(),
    measures,
    kernelLog,
    processes: { keepAgent: nothing, keepOthers: nothing },
    manifests,
    shutdowns,
    checkpoints: createCheckpoints(),
    devicePlugins,
    draPlugins,
    plugins: { watch: () => Promise.resolve(() => {}) },
  }
}

const manifests: Manifests = {
  read: () => Promise.resolve(new Map()),
  watch: () => () => {},
  get: (url) => Promise.reject(new Error(`Get ${JSON.stringify(url)}: the node has no network`)),
  parse: () => ({ error: 'the node reads no texts' }),
}

const gibi = 1024 ** 3
const nothing = (): Promise<void> => Promise.resolve()

const files: PodFiles = {
  root: '/simulated',
  podFolder: (uid) => `/simulated/pods/${uid}`,
  makePodFolders: nothing,
  removePodFolders: nothing,
  podsWithFolders: () => Promise.resolve([]),
  writeHostsFile: (uid) => Promise.resolve(`/simulated/pods/${uid}/etc-hosts`),
  readNodeHosts: () => Promise.resolve(''),
  readResolver: () => Promise.resolve(undefined),
  makeLogFolder: nothing,
  nextRestartByLogs: () => Promise.resolve(0),
  linkLog: nothing,
  unlinkLog: nothing,
  logSize: () => Promise.resolve(undefined),
  setLogAside: nothing,
  takeLogBack: nothing,
  tidyLogs: nothing,
  removeLog: nothing,
  removeLogs: nothing,
  podsWithLogs: () => Promise.resolve([]),
  makeTerminationLog: (uid, name) => Promise.resolve(`/simulated/pods/${uid}/containers/${name}/log`),
  readTerminationLog: () => Promise.resolve(undefined),
  readLogTail: () => Promise.resolve(''),
  readVariable: () => Promise.resolve(undefined),
}

const noUsage: CgroupUsage = {
  cpuNanos: 0,
  memory: { usageBytes: 0, workingSetBytes: 0, rssBytes: 0, pageFaults: 0, majorPageFaults: 0 },
  swapBytes: 0,
  processes: 0,
}

function createCgroups(): PodCgroups {
  const limits = new Map<string, CgroupLimits>()
  const setLimits = (uid: string, _qos: unknown, more: CgroupLimits): Promise<void> =>
    Promise.resolve(void limits.set(uid, { ...limits.get(uid), ...more }))
  return {
    start: nothing,
    parentOf: (uid) => `/kubepods/pod${uid}`,
    exists: () => true,
    ensure: setLimits,
    update: setLimits,
    limits: (uid) => Promise.resolve(limits.get(uid) ?? {}),
    processOf: () => Promise.resolve(undefined),
    usage: () => Promise.resolve({ whole: noUsage, containers: new Map() }),
    details: () => Promise.resolve(undefined),
    nodeUsage: () => Promise.resolve({ machine: noUsage, pods: noUsage }),
    own: () => Promise.resolve(undefined),
    usageOf: () => Promise.resolve(undefined),
    updateBurstable: nothing,
    destroy: (uid) => Promise.resolve(void limits.delete(uid)),
    list: () => Promise.resolve([]),
  }
}

function factsOf({ nodeName, addresses, cpus = 32, memoryBytes = 256 * gibi }: SimulatedHostOptions): NodeFacts {
  const machine: Machine = {
    machineId: nodeName,
    systemUuid: nodeName,
    bootId: nodeName,
    kernelVersion: 'simulated',
    osImage: 'k8ts simulation',
    operatingSystem: 'linux',
    architecture: 'amd64',
    cpus,
    memoryBytes,
    swapBytes: 0,
    ephemeralStorageBytes: 1024 * gibi,
    hugePages: {},
    limitsSwap: false,
    appArmor: false,
    hugePageSizes: [],
    cgroupVersion: 2,
  }
  return {
    layout: () => Promise.resolve(layoutOf(cpus, memoryBytes)),
    machine: () => Promise.resolve(machine),
    addresses: () => Promise.resolve(addresses),
  }
}

/** CPUs side by side in one socket. */
function layoutOf(cpus: number, memoryBytes: number): Layout {
  const places = Array.from({ length: cpus }, (_, cpu) => ({ cpu, core: cpu, socket: 0, numaNode: 0, uncoreCache: 0 }))
  const memory = [{ id: 0, bytes: memoryBytes, hugePages: {} }]
  return { cpus: places, numaNodes: [{ id: 0, distances: [10] }], memory }
}

const space = {
  capacityBytes: 1024 * gibi,
  availableBytes: 1000 * gibi,
  usedBytes: 24 * gibi,
  inodes: 2 ** 26,
  inodesFree: 2 ** 25,
  inodesUsed: 2 ** 25,
}

const measures: Measures = {
  space: () => Promise.resolve(space),
  device: () => Promise.resolve(1),
  diskUsage: () => Promise.resolve({ usedBytes: 0, inodesUsed: 0 }),
  disks: () => Promise.resolve([]),
  interfaces: () => Promise.resolve([]),
  processes: () => Promise.resolve({ most: 32_768, running: 100 }),
  bootTime: () => Promise.resolve(0),
}

/** A kernel that has nothing to say. */
const kernelLog: KernelLog = {
  follow: (signal) => ({
    [Symbol.asyncIterator]: () => ({
      next: () => aborted(signal).promise.then(() => ({ done: true, value: undefined })),
    }),
  }),
}

const shutdowns: ShutdownNotices = {
  connect: () => Promise.reject(new Error('nobody tells of shutdowns')),
  longestDelay: () => Promise.resolve(0),
  allowDelay: nothing,
  hold: () => Promise.resolve(nothing),
  follow: async function* () {},
  close: () => {},
}

function createCheckpoints(): Checkpoints {
  const checkpoints = new Map<string, string>()
  return {
    read: (name) => Promise.resolve(checkpoints.get(name)),
    write: (name, text) => Promise.resolve(void checkpoints.set(name, text)),
  }
}

const devicePlugins: DevicePlugins = {
  serve: () => Promise.resolve(nothing),
  connect: () => Promise.reject(new Error('there are no plugins')),
  load: () => Promise.resolve(undefined),
  save: nothing,
  pack: () => '',
  unpack: () => ({ envs: {}, mounts: [], devices: [], annotations: {}, cdiDevices: [] }),
}

const draPlugins: DraPlugins = {
  connect: () => {
    throw new Error('there are no drivers')
  },
}

function createVolumeFiles(): VolumeFiles {
  const ready = new Set<string>()
  return {
    makeFolder: nothing,
    makeFile: nothing,
    kindOf: () => Promise.resolve('directory'),
    memoryFolder: (uid, name) => Promise.resolve(`/simulated/pods/${uid}/${name}`),
    writeAtomic: nothing,
    mountMemory: () => Promise.resolve(true),
    isReady: (folder) => Promise.resolve(ready.has(folder)),
    markReady: (folder) => Promise.resolve(void ready.add(folder)),
    setOwnership: nothing,
    subPath: ({ volumePath, subPath }) => Promise.resolve(`${volumePath}/${subPath}`),
    releasePod: nothing,
    remove: nothing,
    list: () => Promise.resolve([]),
    realPath: (path) => Promise.resolve(path),
  }
}
