import type { Clock } from '#base'
import type { Pod } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { uidOf } from '../pods/containers.ts'
import { qosOf } from '../resources/pod-resources.ts'
import { activeContainers, type ContainerObservation } from '../runtime/pod-runtime.ts'
import type { FilesystemUsage } from '../runtime/images.ts'
import type { ContainerStats } from '../runtime/records.ts'
import type { NodeServices } from '../services.ts'
import type { InterfaceUsage, Space } from '../seams/measures.ts'
import type { CgroupUsage, PodCgroupDetails } from '../seams/usage.ts'
import { podLogFolder } from '../sandbox/config.ts'
import type { Machine } from '../seams/node-facts.ts'
import { nothingWaited } from './pressure.ts'
import { CpuRates } from './rates.ts'
import type {
  ContainerStatsSummary,
  CpuStats,
  FsStats,
  IoStats,
  MemoryStats,
  NetworkStats,
  NodeStatsSummary,
  PodStatsSummary,
  StatsSummary,
  SwapStats,
} from './types.ts'
import { VolumeUsage } from './volume-usage.ts'

/** Memory and swap of the machine, bytes. */
type MachineSize = Pick<Machine, 'memoryBytes' | 'swapBytes'>

export interface StatsOptions {
  readonly services: NodeServices
  readonly clock: Clock
  readonly nodeName: string
  readonly machineSize: () => MachineSize
  /** Milliseconds for which what a volume holds is not counted again. */
  readonly volumesFreshMs: number
  readonly pods: () => readonly Pod[]
  /** Cgroups of the container runtime and of what else the machine runs; empty where nobody says. */
  readonly cgroups: { readonly runtime: string; readonly misc: string }
}

/** What was read at one moment. */
export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly summary: StatsSummary
  /** What went through pods' networks, by uid; of none where CPU and memory alone were read. */
  readonly interfaces: PodInterfaces
}

interface LastReading {
  readonly since: number
  readonly reading: Promise<Reading>
}

/** Milliseconds for which what was read is used again. */
const freshMs = 1000

/** What the node and its pods use. */
export class Stats {
  readonly #options: StatsOptions
  readonly #startedAt: number
  readonly #rates = new CpuRates()
  readonly #volumes: VolumeUsage
  #last: LastReading | undefined
  #lastCpu: LastReading | undefined

  constructor(options: StatsOptions) {
    this.#options = options
    this.#startedAt = options.clock.now()
    this.#volumes = new VolumeUsage(options.clock, options.services.measures, options.volumesFreshMs)
  }

  /** Everything, or CPU and memory alone, which costs much less. */
  async summary(onlyCpuAndMemory: boolean): Promise<StatsSummary> {
    return (await this.reading(onlyCpuAndMemory)).summary
  }

  /** The same, and when it was read. */
  reading(onlyCpuAndMemory: boolean): Promise<Reading> {
    const since = this.#options.clock.monotonic()
    const last = onlyCpuAndMemory ? this.#lastCpu : this.#last
    if (last && since - last.since < freshMs) return last.reading
    const reading = this.#read(onlyCpuAndMemory)
    if (onlyCpuAndMemory) this.#lastCpu = { since, reading }
    else this.#last = { since, reading }
    reading.catch(() => (this.#last = this.#lastCpu = undefined))
    return reading
  }

  /** Everything of some pods but their networks. */
  async pods(pods: readonly Pod[]): Promise<readonly PodStatsSummary[]> {
    const { services } = this.#options
    const [imageFs, writable] = await Promise.all([this.#imageFs(), writableLayers(services)])
    const shared = { brief: false, writable, imageFs, interfaces: noInterfaces }
    const found = await Promise.all(pods.map((pod) => this.#pod(pod, shared).catch(() => undefined)))
    return found.filter((pod) => pod !== undefined)
  }

  /** Limits and shortages of pods that run, by uid. */
  async details(): Promise<ReadonlyMap<string, PodCgroupDetails>> {
    const { services, pods } = this.#options
    const found = new Map<string, PodCgroupDetails>()
    const read = async (pod: Pod): Promise<void> => {
      const details = await services.cgroups.details(uidOf(pod), qosOf(pod)).catch(() => undefined)
      if (details) found.set(uidOf(pod), details)
    }
    await Promise.all(pods().map(read))
    return found
  }

  /** What went through pods' networks; nothing of those that have no process, or have ended meanwhile. */
  async #interfacesOf(pods: readonly Pod[]): Promise<PodInterfaces> {
    const { cgroups, measures } = this.#options.services
    const found = new Map<string, readonly InterfaceUsage[]>()
    const read = async (pod: Pod): Promise<void> => {
      const pid = await cgroups.processOf(uidOf(pod), qosOf(pod))
      if (pid !== undefined) found.set(uidOf(pod), await measures.interfaces(pid))
    }
    await Promise.all(pods.map((pod) => read(pod).catch(() => undefined)))
    return found
  }

  async #read(brief: boolean): Promise<Reading> {
    const { clock, services, pods } = this.#options
    const at = Math.floor(clock.now())
    const running = pods().filter((pod) => services.cache.get(uidOf(pod)) !== undefined)
    const [imageFs, writable, interfaces] = brief
      ? [undefined, noStats, noInterfaces]
      : await Promise.all([this.#imageFs(), writableLayers(services), this.#interfacesOf(running)])
    const shared = { brief, writable, imageFs, interfaces }
    const [node, ...found] = await Promise.all([
      this.#node(brief, imageFs),
      ...running.map((pod) => this.#pod(pod, shared).catch(() => undefined)),
    ])
    this.#rates.turn()
    return { at, summary: { node, pods: found.filter((pod) => pod !== undefined) }, interfaces }
  }

  async #node(brief: boolean, imageFs: ImageFs | undefined): Promise<NodeStatsSummary> {
    const { services, nodeName, machineSize } = this.#options
    const { cgroups, measures, files } = services
    const [{ machine, pods }, space, processes, bootTime, interfaces] = await Promise.all([
      cgroups.nodeUsage(),
      measures.space(files.root),
      measures.processes(),
      measures.bootTime(),
      brief ? [] : measures.interfaces(),
    ])
    const time = this.#time()
    const startTime = timeOfMillis(bootTime)
    return {
      nodeName,
      systemContainers: [
        ...(await this.#systemContainers(startTime)),
        { name: 'pods', startTime, ...this.#usage('pods', pods) },
      ],
      startTime,
      ...this.#usage('node', machine, machineSize()),
      ...(brief ? {} : { network: networkOf(interfaces, time) }),
      fs: spaceStats(space, time),
      ...(imageFs
        ? {
            runtime: {
              imageFs: { ...spaceStats(imageFs.space, time), ...imageFs.used },
              containerFs: { ...spaceStats(imageFs.containers.space, time), ...imageFs.containers.used },
            },
          }
        : {}),
      rlimit: { time, maxpid: processes.most, curproc: processes.running },
    }
  }

  /** The agent itself, and the runtime and other processes of the machine where their cgroups were named. */
  async #systemContainers(bootTime: string): Promise<readonly ContainerStatsSummary[]> {
    const { services, cgroups } = this.#options
    const own = await services.cgroups.own().catch(() => undefined)
    const told: ContainerStatsSummary[] = []
    for (const { name, path, startTime } of [
      { name: 'kubelet', path: own ?? '', startTime: timeOfMillis(this.#startedAt) },
      { name: 'runtime', path: cgroups.runtime, startTime: bootTime },
      { name: 'misc', path: cgroups.misc, startTime: bootTime },
    ]) {
      const usage = path === '' ? undefined : await services.cgroups.usageOf(path).catch(() => undefined)
      if (usage) told.push({ name, startTime, ...this.#usage(name, usage) })
    }
    return told
  }

  async #pod(pod: Pod, { brief, writable, imageFs, interfaces }: SharedReadings): Promise<PodStatsSummary | undefined> {
    const { services } = this.#options
    const uid = uidOf(pod)
    const observation = services.cache.get(uid)
    if (!observation) return undefined
    const running = activeContainers(observation).filter(({ state }) => state === 'running')
    if (running.length === 0) return undefined
    const usage = await services.cgroups.usage(uid, qosOf(pod))
    if (!usage) return undefined
    const { name = '', namespace = '', creationTimestamp = '' } = pod.metadata
    const summary = {
      podRef: { name, namespace, uid },
      startTime: pod.status?.startTime ?? creationTimestamp,
      ...this.#usage(uid, usage.whole),
      process_stats: { process_count: usage.whole.processes },
    }
    const containers = running.map((container) => this.#container(container, usage.containers.get(container.id)))
    if (brief) return { ...summary, containers }
    const time = this.#time()
    const [volumes, space, logs] = await Promise.all([
      this.#volumes.of(uid, services.volumes.mounted(uid)),
      services.measures.space(services.files.root),
      this.#volumes.logs(podLogFolder(services.logFolders.pods, pod), running),
    ])
    const volume = volumes.map(({ volumeName, used: { usedBytes, inodesUsed }, own, claim }) => ({
      ...spaceStats(own ?? space, time),
      usedBytes,
      inodesUsed,
      name: volumeName,
      ...(claim === undefined ? {} : { pvcRef: { name: claim, namespace } }),
    }))
    const full = containers.map((container, index) => {
      const { id = '', name: containerName = '' } = running[index] ?? {}
      const layer = writable.get(id)
      const rootSpace = imageFs?.containers.space ?? space
      const rootfs = { ...spaceStats(rootSpace, time), ...(layer ?? noUsage) }
      return { ...container, rootfs, logs: { ...spaceStats(space, time), ...(logs.get(containerName) ?? noUsage) } }
    })
    const network = interfaces.get(uid) ?? []
    const parts = [
      ...volumes.filter(({ own }) => own === undefined).map(({ used }) => used),
      ...full.map(({ rootfs }) => rootfs),
      ...logs.values(),
    ]
    const sum = (field: 'usedBytes' | 'inodesUsed'): number =>
      parts.reduce((total, part) => total + (part[field] ?? 0), 0)
    return {
      ...summary,
      containers: full,
      ...(network.length > 0 ? { network: networkOf(network, time) } : {}),
      volume,
      'ephemeral-storage': {
        ...spaceStats(space, time),
        usedBytes: sum('usedBytes'),
        inodesUsed: sum('inodesUsed'),
      },
    }
  }

  #container({ id, name, startedAt }: ContainerObservation, usage: CgroupUsage | undefined): ContainerStatsSummary {
    return { name, startTime: timeOfMillis(startedAt), ...(usage ? this.#usage(id, usage) : {}) }
  }

  #usage(key: string, usage: CgroupUsage, machine?: MachineSize): Usage {
    const capacity = machine?.memoryBytes ?? usage.memory.limitBytes
    const swapLimitBytes = machine?.swapBytes ?? usage.swapLimitBytes
    const time = this.#time()
    const { cpuNanos, swapBytes } = usage
    const pressure = usage.pressure ?? { cpu: nothingWaited, memory: nothingWaited, io: nothingWaited }
    const { limitBytes: _limit, ...memory } = usage.memory
    const rate = this.#rates.of(key, cpuNanos, this.#options.clock.monotonic())
    return {
      cpu: {
        time,
        ...(rate === undefined ? {} : { usageNanoCores: rate }),
        usageCoreNanoSeconds: cpuNanos,
        psi: pressure.cpu,
      },
      memory: {
        time,
        ...(capacity === undefined ? {} : { availableBytes: Math.max(0, capacity - memory.workingSetBytes) }),
        ...memory,
        psi: pressure.memory,
      },
      io: { time, psi: pressure.io },
      swap: {
        time,
        ...(swapLimitBytes === undefined ? {} : { swapAvailableBytes: Math.max(0, swapLimitBytes - swapBytes) }),
        swapUsageBytes: swapBytes,
      },
    }
  }

  async #imageFs(): Promise<ImageFs | undefined> {
    const { images } = this.#options.services.runtime
    try {
      const [[ofImages], [ofContainers]] = await Promise.all([images.filesystems(), images.containerFilesystems()])
      if (!ofImages) return undefined
      const own = await this.#fileSystem(ofImages)
      const isShared = ofContainers === undefined || ofContainers.mountpoint === ofImages.mountpoint
      return { ...own, containers: isShared ? own : await this.#fileSystem(ofContainers) }
    } catch {
      return undefined
    }
  }

  async #fileSystem({ mountpoint, usedBytes = 0, inodesUsed = 0 }: FilesystemUsage): Promise<FileSystem> {
    return { space: await this.#options.services.measures.space(mountpoint), used: { usedBytes, inodesUsed } }
  }

  #time(): string {
    return timeOfMillis(this.#options.clock.now())
  }
}

interface Usage {
  readonly cpu: CpuStats
  readonly memory: MemoryStats
  readonly io: IoStats
  readonly swap: SwapStats
}

interface FileSystem {
  readonly space: Space
  readonly used: { readonly usedBytes: number; readonly inodesUsed: number }
}

/** Where images lie, and where containers write. */
interface ImageFs extends FileSystem {
  readonly containers: FileSystem
}

type PodInterfaces = ReadonlyMap<string, readonly InterfaceUsage[]>

/** What is read once for all pods. */
interface SharedReadings {
  readonly brief: boolean
  readonly writable: Writable
  readonly imageFs: ImageFs | undefined
  readonly interfaces: PodInterfaces
}

type Writable = ReadonlyMap<string, { readonly usedBytes: number; readonly inodesUsed: number }>

const noStats: Writable = new Map()
const noInterfaces: PodInterfaces = new Map()
const noUsage = { usedBytes: 0, inodesUsed: 0 }

async function writableLayers({ runtime }: NodeServices): Promise<Writable> {
  const stats: readonly ContainerStats[] = await runtime.listContainerStats().catch(() => [])
  return new Map(
    stats.map(({ id, writableLayer }) => [
      id,
      { usedBytes: writableLayer?.usedBytes ?? 0, inodesUsed: writableLayer?.inodesUsed ?? 0 },
    ]),
  )
}

function spaceStats(space: Space, time: string): FsStats {
  return { time, ...space }
}

/** The interface of this name stands for all, where there is one. */
const defaultInterface = 'eth0'

function networkOf(interfaces: readonly InterfaceUsage[], time: string): NetworkStats {
  const told = interfaces.map(({ name, rxBytes, rxErrors, txBytes, txErrors }) => {
    return { name, rxBytes, rxErrors, txBytes, txErrors }
  })
  const main = told.find(({ name }) => name === defaultInterface)
  return { time, ...(main ?? { name: '' }), interfaces: told }
}
