import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  CgroupDetails,
  CgroupLimits,
  CgroupUsage,
  PodCgroupDetails,
  PodCgroups,
  PodCgroupUsage,
  QosClass,
} from '#kubelet'
import { accountedIn } from './accounted.ts'
import { passDown } from './delegation.ts'
import { v1Details, v2Details } from './details.ts'
import { mountedHierarchies, mountOf, versionOf, type Hierarchy } from './hierarchies.ts'
import { v1Settings, v2Settings, type Setting } from './limits.ts'
import { cgroupNames, type CgroupDriver, type CgroupNames } from './names.ts'
import { processesBelow, removeCgroup } from './tree.ts'
import { containerIdIn, isMissing, v1Limits, v1Usage, v2Limits, v2MachineUsage, v2Usage } from './usage.ts'

export interface CgroupOptions {
  readonly driver: CgroupDriver
  /** Path of the cgroup that the node's pods lie in. */
  readonly root: string
  readonly hierarchies?: readonly Hierarchy[]
}

const qosClasses: readonly QosClass[] = ['Guaranteed', 'Burstable', 'BestEffort']
/** v1 controllers in which pods have limits; runtimes make the rest of a pod's cgroups. */
const limited = ['cpu', 'memory', 'pids', 'hugetlb', 'cpuacct'] as const
const leastShares = 2

/** The cgroups of pods in the kernel's file systems. */
export function createPodCgroups(options: CgroupOptions): PodCgroups {
  const hierarchies = options.hierarchies ?? mountedHierarchies()
  const names = cgroupNames(options.driver, options.root)
  return versionOf(hierarchies) === 2 ? new UnifiedCgroups(hierarchies, names) : new SplitCgroups(hierarchies, names)
}

/** What both versions share: where cgroups lie, and how they are listed and removed. */
abstract class Cgroups implements PodCgroups {
  readonly names: CgroupNames
  readonly #mounts: readonly string[]

  constructor(hierarchies: readonly Hierarchy[], names: CgroupNames) {
    this.names = names
    this.#mounts = hierarchies.map(({ mountPoint }) => mountPoint)
  }

  /** Makes a cgroup, or finds it. */
  protected abstract make(path: string): Promise<void>
  protected abstract set(path: string, limits: CgroupLimits): Promise<void>
  /** Where the existence of a pod's cgroup shows. */
  protected abstract main(): string

  async start(limits: CgroupLimits): Promise<void> {
    for (const qos of qosClasses) await this.make(this.names.qos(qos))
    await this.set(this.names.kubepods, limits)
    await this.set(this.names.qos('BestEffort'), { cpuShares: leastShares })
  }

  parentOf(uid: string, qos: QosClass): string {
    return this.names.parent(uid, qos)
  }

  exists(uid: string, qos: QosClass): boolean {
    return existsSync(join(this.main(), this.names.pod(uid, qos)))
  }

  async ensure(uid: string, qos: QosClass, limits: CgroupLimits): Promise<void> {
    await this.make(this.names.pod(uid, qos))
    await this.update(uid, qos, limits)
  }

  update(uid: string, qos: QosClass, limits: CgroupLimits): Promise<void> {
    return this.set(this.names.pod(uid, qos), limits)
  }

  abstract limits(uid: string, qos: QosClass): Promise<CgroupLimits>
  /** Reads what a cgroup uses. @throws Error when there is none. */
  protected abstract read(path: string): Promise<CgroupUsage>
  protected abstract readDetails(path: string): Promise<CgroupDetails>

  usage(uid: string, qos: QosClass): Promise<PodCgroupUsage | undefined> {
    return this.#ofPod(uid, qos, (path) => this.read(path))
  }

  details(uid: string, qos: QosClass): Promise<PodCgroupDetails | undefined> {
    return this.#ofPod(uid, qos, (path) => this.readDetails(path))
  }

  /** Reads the cgroup of a pod, and those of its containers. */
  async #ofPod<T>(
    uid: string,
    qos: QosClass,
    read: (path: string) => Promise<T>,
  ): Promise<{ readonly whole: T; readonly containers: ReadonlyMap<string, T> } | undefined> {
    const path = this.names.pod(uid, qos)
    try {
      const whole = await read(path)
      const containers = new Map<string, T>()
      for (const name of await readdir(join(this.main(), path))) {
        const id = containerIdIn(name)
        const found = id === undefined ? undefined : await read(join(path, name)).catch(() => undefined)
        if (id !== undefined && found !== undefined) containers.set(id, found)
      }
      return { whole, containers }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  async processOf(uid: string, qos: QosClass): Promise<number | undefined> {
    const [pid] = await processesBelow(join(this.main(), this.names.pod(uid, qos)))
    return pid
  }

  async nodeUsage(): Promise<{ readonly machine: CgroupUsage; readonly pods: CgroupUsage }> {
    return { machine: await this.readMachine(), pods: await this.read(this.names.kubepods) }
  }

  async own(): Promise<string | undefined> {
    return accountedIn(await readFile('/proc/self/cgroup', 'utf8'), this.version)
  }

  async usageOf(path: string): Promise<CgroupUsage | undefined> {
    try {
      return await (path === '/' ? this.readMachine() : this.read(path))
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  protected abstract readonly version: 1 | 2
  protected abstract readMachine(): Promise<CgroupUsage>

  updateBurstable(cpuShares: number): Promise<void> {
    return this.set(this.names.qos('Burstable'), { cpuShares })
  }

  async destroy(uid: string): Promise<void> {
    const removals = this.#mounts.flatMap((mount) =>
      qosClasses.map((qos) => join(mount, this.names.pod(uid, qos))).filter((path) => existsSync(path)),
    )
    await Promise.all(removals.map(removeCgroup))
  }

  async list(): Promise<readonly string[]> {
    const found = new Set<string>()
    for (const mount of this.#mounts) {
      for (const qos of qosClasses) {
        for (const name of await readdir(join(mount, this.names.qos(qos))).catch(() => [])) {
          const uid = this.names.uidOf(name)
          if (uid !== undefined) found.add(uid)
        }
      }
    }
    return [...found]
  }
}

class SplitCgroups extends Cgroups {
  protected readonly version = 1
  readonly #roots: ReadonlyMap<string, string>

  constructor(hierarchies: readonly Hierarchy[], names: CgroupNames) {
    super(hierarchies, names)
    const roots = new Map<string, string>()
    for (const controller of limited) {
      const root = mountOf(hierarchies, controller)
      if (root !== undefined) roots.set(controller, root)
    }
    this.#roots = roots
  }

  protected main(): string {
    return this.#roots.get('memory') ?? '/sys/fs/cgroup/memory'
  }

  limits(uid: string, qos: QosClass): Promise<CgroupLimits> {
    return v1Limits((controller) => this.#roots.get(controller), this.names.pod(uid, qos))
  }

  protected read(path: string): Promise<CgroupUsage> {
    return v1Usage((controller) => this.#roots.get(controller), path)
  }

  protected readDetails(path: string): Promise<CgroupDetails> {
    return v1Details((controller) => this.#roots.get(controller), path)
  }

  protected readMachine(): Promise<CgroupUsage> {
    return this.read('/')
  }

  protected async make(path: string): Promise<void> {
    await Promise.all([...new Set(this.#roots.values())].map((root) => mkdir(join(root, path), { recursive: true })))
  }

  protected async set(path: string, limits: CgroupLimits): Promise<void> {
    const settings = v1Settings(limits).filter(({ controller }) => this.#roots.has(controller))
    for (const setting of settings) await write(join(this.#roots.get(setting.controller) ?? '', path), setting)
  }
}

class UnifiedCgroups extends Cgroups {
  protected readonly version = 2
  readonly #root: string

  constructor(hierarchies: readonly Hierarchy[], names: CgroupNames) {
    super(hierarchies, names)
    this.#root = hierarchies.find(({ version }) => version === 2)?.mountPoint ?? '/sys/fs/cgroup'
  }

  protected main(): string {
    return this.#root
  }

  limits(uid: string, qos: QosClass): Promise<CgroupLimits> {
    return v2Limits(join(this.#root, this.names.pod(uid, qos)))
  }

  protected read(path: string): Promise<CgroupUsage> {
    return v2Usage(join(this.#root, path))
  }

  protected readDetails(path: string): Promise<CgroupDetails> {
    return v2Details(join(this.#root, path))
  }

  /** The root of the unified hierarchy tells no memory. */
  protected readMachine(): Promise<CgroupUsage> {
    return v2MachineUsage(this.#root)
  }

  /** A v2 cgroup has the controllers that its parents pass down. */
  protected async make(path: string): Promise<void> {
    await mkdir(join(this.#root, path), { recursive: true })
    await passDown(this.#root, path)
  }

  protected async set(path: string, limits: CgroupLimits): Promise<void> {
    for (const setting of v2Settings(limits)) await write(join(this.#root, path), setting)
  }
}

/** @throws Error that names the file, for instance when a limit is below what is in use. */
async function write(cgroup: string, { file, value }: Setting): Promise<void> {
  const path = join(cgroup, file)
  try {
    await writeFile(path, value)
  } catch (error) {
    throw new Error(`failed to write "${value}" to "${path}": ${(error as Error).message}`, { cause: error })
  }
}
