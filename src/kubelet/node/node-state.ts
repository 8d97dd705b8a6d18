import type { ResourceList } from '#machinery'
import type { Clock } from '#base'
import type { NodeStatus } from '#api/core/v1'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { isOn } from '../config/gates.ts'
import type { ResourcePolicy } from '../containers/resources.ts'
import type { SwapPolicy } from '../containers/swap.ts'
import type { RuntimeImage } from '../runtime/images.ts'
import type { DnsConfig } from '../runtime/records.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { RuntimeState } from '../runtime/state.ts'
import type { Machine } from '../seams/node-facts.ts'
import type { NodeHost } from '../seams/node-host.ts'
import { allocatableOf, capacityOf } from './allocatable.ts'
import { nodeStatus } from './status.ts'

export interface NodeStateOptions {
  readonly host: NodeHost
  readonly runtime: ContainerRuntime
  readonly runtimeState: RuntimeState
  readonly clock: Clock
  readonly config: KubeletConfiguration
  readonly hostname: string
  readonly kubeletVersion: string
  readonly port: () => number
}

/** What a node has, and what pods may ask for of it. */
export interface Amounts {
  readonly capacity: ResourceList
  readonly allocatable: ResourceList
}

export interface Pressures {
  readonly memory: boolean
  readonly disk: boolean
  readonly pid: boolean
}

/** Milliseconds for which the list of images is used again. */
const imagesMs = 30_000

/** What the agent knows of its node. */
export class NodeState {
  readonly #options: NodeStateOptions
  machine!: Machine
  addresses: readonly string[] = []
  capacity: ResourceList = {}
  allocatable: ResourceList = {}
  /** What the machine has by itself, without devices. */
  #own: Amounts = { capacity: {}, allocatable: {} }
  resolver: DnsConfig | undefined
  pressures: Pressures = { memory: false, disk: false, pid: false }
  /** Why the node is not ready, besides what ails the runtime. */
  problems: readonly string[] = []
  /** Why there is no CSINode. */
  csiProblem: string | undefined
  #images: readonly RuntimeImage[] = []
  #imagesAt = -Infinity

  constructor(options: NodeStateOptions) {
    this.#options = options
  }

  /** Reads the machine; needed before anything else is asked. */
  async load(): Promise<void> {
    const { host, config } = this.#options
    const [machine, addresses, resolver] = await Promise.all([
      host.facts.machine(),
      host.facts.addresses(),
      host.files.readResolver(),
    ])
    this.machine = machine
    this.addresses = addresses
    this.resolver = resolver
    const capacity = capacityOf(machine, config)
    this.#own = { capacity, allocatable: allocatableOf(capacity, config) }
    this.setDevices({ capacity: {}, allocatable: {} })
  }

  /** What plugins offer besides. */
  setDevices({ capacity, allocatable }: Amounts): void {
    this.capacity = { ...this.#own.capacity, ...capacity }
    this.allocatable = { ...this.#own.allocatable, ...allocatable }
  }

  /** What the node calls its version. */
  get version(): string {
    return this.#options.kubeletVersion
  }

  resourcePolicy(hasExclusiveCpus: ResourcePolicy['hasExclusiveCpus']): ResourcePolicy {
    const { config } = this.#options
    const { memoryBytes, hugePageSizes, cgroupVersion } = this.machine
    return {
      memoryCapacity: memoryBytes,
      cpuCfsQuota: config.cpuCFSQuota,
      cpuCfsQuotaPeriodMicros: config.cpuCFSQuotaPeriod * 1000,
      hasExclusiveCpus: isOn(config.featureGates, 'DisableCPUQuotaWithExclusiveCPUs') ? hasExclusiveCpus : () => false,
      hugePageSizes,
      oomGroup: cgroupVersion === 2 && !config.singleProcessOOMKill,
      swap: this.swapPolicy,
    }
  }

  /** What pods may have of the node's swap. */
  get swapPolicy(): SwapPolicy {
    const { cgroupVersion, swapBytes, limitsSwap } = this.machine
    const behavior = this.#options.config.swapBehavior
    return { behavior, isLimitable: limitsSwap, cgroupVersion, capacity: swapBytes }
  }

  /** The node's status on top of the one the API has. */
  async status(before: NodeStatus): Promise<NodeStatus> {
    const { runtimeState, clock, config, hostname, kubeletVersion, port } = this.#options
    return nodeStatus({
      before,
      machine: this.machine,
      config,
      capacity: this.capacity,
      allocatable: this.allocatable,
      hostname,
      addresses: this.addresses,
      port: port(),
      kubeletVersion,
      runtime: runtimeState.version,
      runtimeStatus: runtimeState.status,
      images: await this.#listImages(),
      problems: [
        ...runtimeState.problems(),
        ...(this.csiProblem === undefined ? [] : [this.csiProblem]),
        ...this.problems,
      ],
      pressures: this.pressures,
      now: clock.now(),
    })
  }

  async #listImages(): Promise<readonly RuntimeImage[]> {
    const { clock, runtime, runtimeState } = this.#options
    if (runtimeState.version === undefined || clock.monotonic() - this.#imagesAt < imagesMs) return this.#images
    try {
      this.#images = await runtime.images.list()
      this.#imagesAt = clock.monotonic()
    } catch {
      // The next report will have them.
    }
    return this.#images
  }
}
