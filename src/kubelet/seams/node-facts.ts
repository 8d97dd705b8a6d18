import type { ResourceList } from '#machinery'
import type { CpuPlace } from '../cpus/topology.ts'
import type { NumaMemory } from '../memory/machine.ts'
import type { NumaNode } from '../numa/hints.ts'

/** The machine, as it was when the agent started. */
export interface Machine {
  readonly machineId: string
  readonly systemUuid: string
  readonly bootId: string
  /** When the machine began, milliseconds since 1970; absent where nobody knows. */
  readonly bootedAt?: number
  readonly kernelVersion: string
  readonly osImage: string
  readonly operatingSystem: string
  readonly architecture: string
  readonly cpus: number
  readonly memoryBytes: number
  readonly swapBytes: number
  /** The kernel can limit the swap of cgroups. */
  readonly limitsSwap: boolean
  /** The kernel has AppArmor and uses it. */
  readonly appArmor: boolean
  /** Bytes of the file system that pods write to. */
  readonly ephemeralStorageBytes: number
  /** Total bytes of huge pages by size: `2Mi`. */
  readonly hugePages: ResourceList
  /** Sizes as the kernel calls them: `2MB`. */
  readonly hugePageSizes: readonly string[]
  readonly cgroupVersion: 1 | 2
}

/** How CPUs lie to each other and to memory. */
export interface Layout {
  readonly cpus: readonly CpuPlace[]
  readonly numaNodes: readonly NumaNode[]
  /** Of each NUMA node. */
  readonly memory: readonly NumaMemory[]
}

export interface NodeFacts {
  machine(): Promise<Machine>
  layout(): Promise<Layout>
  /** Addresses of the node, the primary one first. */
  addresses(): Promise<readonly string[]>
}
